"""Limits for a process that reads data of strangers."""

from __future__ import annotations


def limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    """Limit memory and processor time of this process, where the system can do so.

    What inherits a lower limit keeps it.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, wanted in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_seconds)):
        _, hard = resource.getrlimit(limit)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (allowed, hard))

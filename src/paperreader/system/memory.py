"""Returning memory to the operating system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
"""Parameters of `mallopt`, see glibc's `malloc.h`."""

_MMAP_THRESHOLD_BYTES = 256 * 1024
"""A search allocates arrays of one number per paper: 400 kB and more with 100,000 papers."""


_MANY_PAPERS = 300_000

_KEPT_BYTES = 32 << 20
"""The highest threshold that glibc accepts, above all arrays of a search among a million papers."""


class _Policy:
    """What this process does with freed memory."""

    is_kept = False


def release_large_arrays_early() -> None:
    """Make glibc return large arrays to the system as soon as they are freed. No effect with other C libraries.

    glibc raises the threshold for that to the size of the largest array freed so far. Arrays are then allocated
    between small objects that stay: 80 MB more after a hundred searches. No effect after `keep_freed_memory`.
    """
    if not _Policy.is_kept and (mallopt := _libc_function("mallopt")):
        mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD_BYTES)


def keep_freed_memory(papers: int) -> None:
    """With very many papers, make glibc use the memory of freed arrays again, until `release_free_memory`.

    Memory from the system is cleared page by page when it is touched for the first time, which takes half of the time
    of a search among a million papers. Among a hundred thousand it takes a tenth, and the memory is worth more: 50 MB.
    No effect with other C libraries.
    """
    if papers < _MANY_PAPERS:
        return
    _Policy.is_kept = True
    if mallopt := _libc_function("mallopt"):
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, 2 * _KEPT_BYTES)


def use_single_heap() -> None:
    """Make all threads started from now on share one heap. No effect with other C libraries than glibc.

    By default each thread gets a heap of its own, and cannot reuse what another has freed: 35 MB after a hundred
    searches. Threads that hold the interpreter lock one after the other gain nothing from separate heaps.
    """
    if mallopt := _libc_function("mallopt"):
        mallopt(_M_ARENA_MAX, 1)


def release_free_memory() -> None:
    """Return all free memory to the system. Takes some milliseconds; no effect with other C libraries than glibc."""
    if malloc_trim := _libc_function("malloc_trim"):
        malloc_trim(0)


@cache
def _libc_function(name: str) -> Callable[..., int] | None:
    """Return a function of the C library; None outside Linux or if it does not exist."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # NumPy imports it as well: not before the first paint

    return getattr(ctypes.CDLL(None), name, None)

"""Giving memory back to the system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
"""`mallopt`'s numbers for them, see glibc's `malloc.h`."""

_MMAP_THRESHOLD_BYTES = 256 * 1024
"""Bytes. A search makes arrays of one number for every paper: 400 kB and more at 100,000 papers."""


def release_large_arrays_early() -> None:
    """Have what large arrays took returned as soon as they are dropped. Does nothing where the C library is not glibc.

    glibc raises the size from which it does so to that of the largest array dropped so far. Arrays then come to lie
    between small things that stay: 80 MB more after a hundred searches.
    """
    if mallopt := _libc_function("mallopt"):
        mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD_BYTES)


def use_single_heap() -> None:
    """Have all threads that are still to come take their memory from one heap. Does nothing where it is not glibc's.

    It gives each a heap of its own, and what one thread has dropped is of no use to the others: 35 MB after a hundred
    searches. Threads that hold the interpreter one after the other gain nothing by it.
    """
    if mallopt := _libc_function("mallopt"):
        mallopt(_M_ARENA_MAX, 1)


def release_free_memory() -> None:
    """Return whatever is free, in some milliseconds. Does nothing where the C library is not glibc."""
    if malloc_trim := _libc_function("malloc_trim"):
        malloc_trim(0)


@cache
def _libc_function(name: str) -> Callable[..., int] | None:
    """A function of the C library."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # NumPy needs it as well: not before the first paint

    return getattr(ctypes.CDLL(None), name, None)

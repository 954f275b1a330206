"""Giving memory back to the system."""

from __future__ import annotations

import sys

_M_MMAP_THRESHOLD = -3
"""`mallopt`'s number for it, see glibc's `malloc.h`."""

_LARGE = 256 * 1024
"""Bytes. A search makes arrays of one number for every paper: 400 kB and more at 100,000 papers."""


def give_back_arrays() -> None:
    """Have what large arrays took returned as soon as they are dropped. Does nothing where the C library is not glibc.

    glibc raises the size from which it does so to that of the largest array dropped so far. Arrays then come to lie
    between small things that stay, in as many heaps as there are threads: 80 MB more after a hundred searches.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # NumPy needs it as well: not before the first paint

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)

"""Loading NumPy and Whoosh without what nothing here uses of them: a third of the time and megabytes of memory."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_THREADS_VARIABLE = "OPENBLAS_NUM_THREADS"
_NETWORK_MODULE = "urllib.request"


def import_engine() -> None:
    """Import both, as far as they are not there yet."""
    with warnings.catch_warnings(), _single_threaded(), _without_network_module():
        # Python 3.12 and later complain of escapes in Whoosh's strings when they compile it, which may be now.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        import numpy  # noqa: F401
        import whoosh.codec.whoosh3
        import whoosh.index
        import whoosh.lang.porter2  # noqa: F401 (first used when a word is stemmed)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Have NumPy start no threads for linear algebra, of which there is none here; each is waited for."""
    if _THREADS_VARIABLE in os.environ:
        yield
        return
    os.environ[_THREADS_VARIABLE] = "1"
    try:
        yield
    finally:
        del os.environ[_THREADS_VARIABLE]  # programs that are started later may have their own ideas


@contextmanager
def _without_network_module() -> Iterator[None]:
    """Leave out `urllib.request`, with HTTP, TLS and mail: Whoosh imports a function of it that nothing calls."""
    if _NETWORK_MODULE in sys.modules or "whoosh.compat" in sys.modules:
        yield
        return
    stand_in = ModuleType(_NETWORK_MODULE)
    stand_in.urlretrieve = None  # type: ignore[attr-defined]
    sys.modules[_NETWORK_MODULE] = stand_in
    try:
        yield
    finally:
        del sys.modules[_NETWORK_MODULE]

"""Import NumPy and Whoosh without their unused parts, which saves a third of the time and megabytes of memory."""

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
    """Import NumPy and Whoosh."""
    with warnings.catch_warnings(), _single_threaded(), _without_network_module():
        # Python 3.12 and later warn about escapes in Whoosh's strings when they compile it.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        import numpy  # noqa: F401
        import whoosh.codec.whoosh3
        import whoosh.index
        import whoosh.lang.porter2  # noqa: F401 (otherwise imported when the first word is stemmed)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Prevent NumPy from starting threads for linear algebra, which is not used: starting them delays the import."""
    if _THREADS_VARIABLE in os.environ:
        yield
        return
    os.environ[_THREADS_VARIABLE] = "1"
    try:
        yield
    finally:
        del os.environ[_THREADS_VARIABLE]  # not for programs started later


@contextmanager
def _without_network_module() -> Iterator[None]:
    """Skip `urllib.request`, which imports HTTP, TLS and mail: Whoosh imports an unused function from it."""
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

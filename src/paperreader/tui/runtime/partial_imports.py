"""Import asyncio and Textual without the parts that the reader does not use, which take 15 ms of every start."""

from __future__ import annotations

import sys
from types import ModuleType

_UNUSED = (
    "rich.table",
    "textual.widgets._directory_tree",
    "textual.widgets._placeholder",
    "textual.widgets._select",
)
"""Imported by modules of Textual for functions that nobody calls, or to export their names once more."""


class _StandIn(ModuleType):
    """A module in which every name is `object`."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return object


def import_textual() -> None:
    """Import asyncio without TLS, because the reader makes no connections itself, and Textual without `_UNUSED`.

    All of that can be imported afterwards as usual.
    """
    if "asyncio" in sys.modules or "textual" in sys.modules:
        return
    names = [name for name in _UNUSED if name not in sys.modules]
    sys.modules |= {name: _StandIn(name) for name in names}
    if "ssl" not in sys.modules:
        names.append("ssl")
        sys.modules["ssl"] = None  # type: ignore[assignment]  # what asyncio expects of a Python without OpenSSL
    try:
        import textual.app  # noqa: F401
    finally:
        for name in names:
            del sys.modules[name]
    from textual.css.model import RuleSet

    # The same number, without a function in Python, which is called for each rule and each widget: 3 ms.
    RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]

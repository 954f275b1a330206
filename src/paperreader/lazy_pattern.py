"""Regular expressions that are compiled when they are used first.

The modules that a start imports define 160 of them, and compiling those takes 17 ms, but the first frame needs few.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _LazyPattern:
    """Behaves like a compiled pattern. A method is looked up once and then found among the attributes."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # NOTE: Only called for attributes that are not set yet. `re` has a cache of its own, which drops patterns.
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = self.__dict__.get("_compiled")
        if compiled is None:
            compiled = self.__dict__["_compiled"] = re.compile(self.pattern, self._flags)
        value = self.__dict__[name] = getattr(compiled, name)
        return value


def lazy_pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` returns, but compile it on first use.

    A mistake in `source` is raised then, as `re.error`. For constants of modules: functions of `re` do not accept it.
    """
    return cast(re.Pattern[AnyStr], _LazyPattern(source, flags))

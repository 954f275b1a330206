"""Recognizes pieces of escape sequences: the characters alone do not always tell them from keys.

Patterns that are rarely needed are not compiled at the start of the program.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from paperreader.lazy_pattern import lazy_pattern
from paperreader.tui.terminal.input.paste_buffer import PASTE_END

ESC = "\x1b"
STRING_INTRODUCERS = "]PX^_"
"""OSC, DCS, SOS, PM and APC: these characters after an escape character begin a string."""
STRING_ENDS = "\x07\x9c\udc9c"

_C1_INTRODUCERS = {0x8F: "O", 0x90: "P", 0x98: "X", 0x9B: "[", 0x9D: "]", 0x9E: "^", 0x9F: "_"}
C1 = {chr(base + code): char for code, char in _C1_INTRODUCERS.items() for base in (0, 0xDC00)}
"""Control characters with eight bits, and the characters that follow an escape character in their place. Where the
encoding is UTF-8, terminals send single bytes, which are decoded as surrogates."""

HELD = {"[": "[0-?A-IOPQSZ]", "]": "[0-9l]", "P": "[0-?!]", "_": "G"}
"""Introducers that are held back when they arrive alone, a little after an escape character, and what may follow."""

_HEADLESS = lazy_pattern(
    r"\[(?:[?<=>][\d;:]+|\d+(?:[;:]\d*)+)[ -/]*[A-Za-z~]"  # control sequences: reports have a prefix or two numbers
    r"|\]\d+;|P(?:[>!]\||[01][$+]r)|[X^_][^\x1b]*\x1b\\"  # strings
)
"""A sequence without its escape character."""
_HEADLESS_AFTER_ESCAPE = lazy_pattern(
    r"\[|O(?:[!-~]|\d+[@-~]?)\Z|\][\dl]|P(?:[>!]\||[01][$+]r)|[X^_][^\x1b]*\x1b\\"
)
"""The same immediately after an escape character, where more is likely."""
_TAIL = r"[^\x00-\x1f\x7f-\x9f\udc80-\udc9f]+(?:[\x07\x9c\udc9c]|\x1b\\)"
"""The rest of a string such as OSC, with its end."""


class State(Enum):
    """What the last characters were."""

    GROUND = auto()
    ESCAPE = auto()
    CONTROL = auto()
    """After `ESC [`."""
    SINGLE_SHIFT = auto()
    """After `ESC O`."""
    STRING = auto()
    """In OSC, DCS, SOS, PM or APC, whose content is never keys."""
    STRING_ESCAPE = auto()
    """After an escape character in a string."""
    MOUSE = auto()
    """In the three characters after `ESC [ M`."""
    PASTE = auto()


_CONTINUATIONS = {
    State.CONTROL: r"(?:[0-?]+[ -/]*|[ -/]+)[@-~]?\Z",
    State.SINGLE_SHIFT: r"\d*[@-~]\Z",
    State.STRING: r"[^\x00-\x1f\x7f]*(?:[\x07\x9c\udc9c]|\x1b)|[\da-fA-F/:;]+\Z|[A-Za-z0-9+/=]{16,}\Z",
    State.STRING_ESCAPE: r"\\",
    State.PASTE: rf"(?s).*{re.escape(PASTE_END)}|.{{32}}",
}
"""Reads of several characters that continue a sequence after a long silence. Others are keys of the user."""


def lacks_introducer(data: str, position: int = 0, *, after_escape: bool = False) -> bool:
    """Return whether a sequence without its escape character begins at `position` of a read.

    `after_escape`: whether an escape character was taken for the escape key a moment ago.
    """
    if len(data) - position < 2:
        return False
    return (_HEADLESS_AFTER_ESCAPE if after_escape else _HEADLESS).match(data, position) is not None


def skip_tail(data: str, position: int = 0) -> int:
    """Return the position after the rest of a string with its end, which begins at `position`, if there is one."""
    tail = lazy_pattern(_TAIL).match(data, position)
    return tail.end() if tail else position


def continues(state: State, data: str) -> bool:
    """Return whether a read of several characters continues a sequence after a long silence."""
    expected = _CONTINUATIONS.get(state)
    return expected is not None and re.match(expected, data) is not None

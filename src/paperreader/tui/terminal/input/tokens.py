"""Parts of the input of a terminal."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class TokenKind(Enum):
    """What a token is."""

    CHARACTER = auto()
    """A single character, not an escape character."""
    ESCAPE = auto()
    """The escape key."""
    ALT = auto()
    """An escape character and another character."""
    SEQUENCE = auto()
    """A complete control sequence (`ESC [`) or a key (`ESC O`)."""
    STRING = auto()
    """A control string (OSC, DCS, SOS, PM or APC) without its end, if it is short."""
    PASTE = auto()
    """The text of a bracketed paste."""


class Token(NamedTuple):
    """A part of the input."""

    kind: TokenKind
    text: str

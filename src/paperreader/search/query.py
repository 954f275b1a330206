"""What a person types, taken apart: words, "phrases", -without. Any string is a query."""

from __future__ import annotations

import re
from dataclasses import dataclass

from paperreader.search.tokens import Token, is_ideographic, tokens
from paperreader.text.latex import readable

MOST_UNITS = 200
"""Different words and phrases of a query that count: a whole abstract can be pasted, a whole book not."""

MOST_SLOTS = 64
"""Words of a phrase that count; by then nothing else matches anyhow."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
_PART = re.compile(r'(-?)"([^"]*)("?)|([^\s"]+)')
_PARTING = re.compile(r"[^\s,;:|&()\[\]{}<>!?=*~]+")
"""What of a chunk between blanks hangs together: `gpt-4`, but not `cats,dogs`."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of a query."""

    word: str
    open: bool = False
    """Still being typed: every word that begins like it counts too."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that have to stand side by side; mostly it is one word."""

    slots: tuple[Slot, ...]
    binds: bool = False
    """A quoted phrase: no paper without it is an answer, not even where some of the words will do."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query: every wanted unit, none of the unwanted."""

    wanted: tuple[Unit, ...]
    unwanted: tuple[Unit, ...]


def parse(text: str) -> Query:
    """`text` as a query.

    The last word counts as unfinished unless something follows it, be it a blank. A quote that is never closed
    reaches to the end. Words joined by anything but a blank (`state-of-the-art`, `GPT-4`) have to stand side by side.
    """
    text = _shown(text).translate(_QUOTES)
    wanted: dict[Unit, None] = {}
    unwanted: dict[Unit, None] = {}
    for part in _PART.finditer(text):
        minus, quoted, closing, chunk = part.groups()
        if chunk is None:
            unit = _unit(tokens(quoted), binds=True, ends=None if closing or minus else len(quoted))
            if unit and len(wanted) + len(unwanted) < MOST_UNITS:
                (unwanted if minus else wanted)[unit] = None
            continue
        without = chunk.startswith("-")
        for piece in _PARTING.finditer(chunk):
            at_end = part.end() == len(text) and piece.end() == len(chunk) and not without
            unit = _unit(tokens(piece[0]), binds=False, ends=len(piece[0]) if at_end else None)
            if unit:
                (unwanted if without else wanted)[unit] = None
            if len(wanted) + len(unwanted) >= MOST_UNITS:
                return Query(tuple(wanted), tuple(unwanted))
    return Query(tuple(wanted), tuple(unwanted))


def _shown(text: str) -> str:
    """A pasted title in TeX, as the reader shows (and the index holds) it; anything else as it is."""
    return readable(text) if "\\" in text or "$" in text else text


def _unit(found: list[Token], *, binds: bool, ends: int | None) -> Unit | None:
    """The words of one piece of a query; a word that reaches to `ends` is unfinished."""
    kept = [
        token
        for place, token in enumerate(found)
        # The last ideograph of a run only helps single characters to be found: in a query the pair before it says more.
        if not (len(token[0]) == 1 and is_ideographic(token[0]) and place and found[place - 1][2] == token[2])
    ][:MOST_SLOTS]
    slots = tuple(
        Slot(word, open=end == ends or (len(word) == 1 and is_ideographic(word))) for word, _, end in kept
    )
    return Unit(slots, binds=binds and len(slots) > 0) if slots else None

"""The sentence of a full text that matches a query, and that of an abstract that is nearest to it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from paperreader.fulltext import Place
from paperreader.fulltext.passages import sentences
from paperreader.models import NearMatches, Paper, TextMatches
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import readable_text

_ENDS = '.!?…"”’)'
"""What sentences of paragraphs end with."""

_STEM_CHARS = 5
"""Matches that begin with the same letters are forms of one word."""


_MAX_ABSTRACT_CHARS = 20_000

_Value = tuple[int, bool]
"""How many words of the query a sentence contains, and whether it is one of a paragraph."""


class MatchingSentence(Struct, frozen=True):
    """A sentence, and where it is."""

    text: str
    """On one line, without control characters."""
    ranges: tuple[tuple[int, int], ...]
    """What of it matches."""
    place: Place
    """Where it begins in the document."""


def matching_sentence(texts: TextMatches, row: int) -> MatchingSentence | None:
    """Return the sentence with most of the words of a query, of several the first one that is no heading or formula.

    For a worker: it reads the text of the paper, which takes some milliseconds. None if the text does not contain them,
    because only words of other fields matched.
    """
    best: tuple[_Value, str, Place] | None = None
    for block, text in enumerate(texts.blocks(row) or ()):
        for (start, end), value in _values(text, texts):
            if best is None or value > best[0]:
                best = (value, text[start:end], Place(block, start))
        if best is not None and best[0] == (texts.words, True):
            break  # none is better
    if best is None:
        return None
    line = single_line(best[1])
    return MatchingSentence(line, tuple(texts.find_matches(line)), best[2])


def nearest_sentence(near: NearMatches, paper: Paper) -> str:
    """Return the sentence of the abstract that is nearest to a query in meaning, on one line; "" if there is none.

    For a worker: it takes about a millisecond.
    """
    abstract = single_line(readable_text(paper.abstract[:_MAX_ABSTRACT_CHARS]))
    found = [abstract[start:end] for start, end in sentences(abstract)]
    return max(found, key=near.nearness, default="").strip()


def _values(text: str, texts: TextMatches) -> Iterator[tuple[tuple[int, int], _Value]]:
    """Yield the start and end of each sentence of a block that matches, with its value."""
    spans = texts.find_matches(text)
    for start, end in sentences(text) if spans else ():
        inside = [span for span in spans if span[0] < end and span[1] > start]
        if inside:
            stems = {text[first:last][:_STEM_CHARS].casefold() for first, last in inside}
            yield (start, end), (min(len(stems), texts.words), text[end - 1] in _ENDS)

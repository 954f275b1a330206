"""Match reasons: where in note or abstract the query matched, for papers whose title does not show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from paperreader.models import FindMatches, Paper
from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import readable_text, tex_to_unicode
from paperreader.tui.widgets.text_line import MatchRanges

_MAX_SEARCHED_LENGTH = 20_000
"""Characters of an abstract or a note that are searched."""


class MatchReason(Struct, frozen=True):
    """A text in which the query matched."""

    text: str
    ranges: MatchRanges
    focus: int
    """Index of the range that has to be visible."""
    label: Literal["", "note", "generated"] = ""
    """What kind of text it is, if it is none of the paper."""


FindReason = Callable[[int], MatchReason | None]
"""Returns the reason for a row."""


def match_reason(
    find_matches: FindMatches,
    title: str,
    note: str,
    abstract: Callable[[], str],
    authors: Callable[[], str] = lambda: "",
) -> MatchReason | None:
    """Return where the query matched; None when the title shows it.

    The note comes before the abstract, because it is the user's own text. Words are compared by their first
    characters, so `network` in the title explains `networks` in the abstract.

    Args:
        find_matches: returns the ranges of a text that match the query.
        title: the title as displayed.
        note: the note as stored.
        abstract: returns the abstract as one line; called only when needed.
        authors: returns their names, which are shown if more of the query matched there than in the abstract.
    """
    title_stems = set(_stems(title, find_matches(title)))
    if note:
        text = _one_line(note)
        if reason := _best_reason(text, find_matches(text), title_stems, "note"):
            return reason
    text, names = abstract(), authors()
    in_text: MatchRanges = find_matches(text) if text else ()
    in_names: MatchRanges = find_matches(names) if names else ()
    reason = None
    if in_names and len(set(_stems(names, in_names))) > len(set(_stems(text, in_text))):
        reason = _best_reason(names, in_names, title_stems)
    return reason or _best_reason(text, in_text, title_stems)


def summary_reason(find_matches: FindMatches, summary: str) -> MatchReason | None:
    """Return where in a generated summary the query matched; None if it did not."""
    text = _one_line(summary)
    return _best_reason(text, find_matches(text), set(), "generated") if text else None


def _one_line(text: str) -> str:
    return " ".join(sanitize(text[:_MAX_SEARCHED_LENGTH]).split())


def sentence_reason(text: str, ranges: MatchRanges) -> MatchReason | None:
    """Return a sentence of the full text as a reason; None if nothing in it matches."""
    return _best_reason(text, ranges, set())


def nearest_sentence_reason(text: str, ranges: MatchRanges) -> MatchReason | None:
    """Return the sentence that is nearest to the query as a reason, even if nothing in it matches; None if empty."""
    return sentence_reason(text, ranges) or (MatchReason(text, ((0, 0),), 0) if text else None)


def authors_text(paper: Paper) -> str:
    """Return the names of the authors as one line in Unicode."""
    names = ", ".join(paper.credited)[:_MAX_SEARCHED_LENGTH]
    return single_line(tex_to_unicode(names))


def abstract_text(paper: Paper) -> str:
    """Return the abstract as one line in Unicode."""
    return " ".join(readable_text(paper.abstract[:_MAX_SEARCHED_LENGTH]).split())


def snippet(
    text: str, ranges: MatchRanges, focus: int, width: int, ellipsis: str = "…"
) -> tuple[str, list[tuple[int, int]]]:
    """Return at most `width` cells of `text` around the range number `focus`, and the ranges within them.

    Starts at a word, has the match in the first half, and marks omitted text with an ellipsis.
    """
    start = _snippet_start(text, ranges[focus][0], width // 3)
    if cell_width(text) <= width:
        start = 0
    head = ellipsis if start else ""
    shown = head + truncate_cells(text[start:], width - cell_width(head), ellipsis)
    end = len(shown) - (len(ellipsis) if not text.endswith(shown[len(head) :]) else 0)
    moved = len(head) - start
    inside = [(max(len(head), a + moved), min(end, b + moved)) for a, b in ranges]
    return shown, [(a, b) for a, b in inside if a < b]


def _stems(text: str, ranges: MatchRanges) -> list[str]:
    return [text[start : min(end, start + 5)].casefold() for start, end in ranges]


def _best_reason(
    text: str, ranges: MatchRanges, title_stems: set[str], label: Literal["", "note", "generated"] = ""
) -> MatchReason | None:
    """Return the range with the most matched words around it that are not in the title."""
    new_stems = [(at, stem) for at, stem in enumerate(_stems(text, ranges)) if stem not in title_stems]
    all_count = len({stem for _, stem in new_stems})
    best, most = -1, 0
    for number, (at, _) in enumerate(new_stems):
        if most == all_count:
            break
        end = ranges[at][0] + 60
        count = len({stem for other, stem in new_stems[number:] if ranges[other][0] < end})
        if count > most:
            best, most = at, count
    return MatchReason(text, ranges, best, label) if most else None


def _snippet_start(text: str, hit: int, room: int) -> int:
    """Return the start of a word at most `room` cells before the match."""
    start = hit
    while start > 0:
        before = text.rfind(" ", 0, start - 1) + 1
        if cell_width(text[before:hit]) > room:
            break
        start = before
    return start

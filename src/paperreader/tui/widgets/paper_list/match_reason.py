"""Why a paper was found, for rows whose title does not say it: the place in note or abstract, cut to fit."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from paperreader.models import Paper
from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import sanitize
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.widgets.pieces import Highlighter, MatchRanges

_MAX_SEARCHED_LENGTH = 20_000
"""Characters of an abstract or a note that are looked through."""


class MatchReason(Struct, frozen=True):
    """Why a paper was found, where its title does not say it."""

    text: str
    ranges: MatchRanges
    focus: int
    """Which of the spans has to be seen."""
    from_note: bool = False


def match_reason(
    highlighter: Highlighter, title: str, note: str, abstract: Callable[[], str]
) -> MatchReason | None:
    """Where the query matched, when the title does not show it.

    `note` and the text that `abstract` gives are original texts. The note comes first: what one wrote oneself says
    more about why a paper is here. Words are told apart by their beginnings, so `network` in the title
    is explanation enough for `networks` in the abstract.
    """
    told = {_stem(title, span) for span in highlighter(title)}
    if note:
        text = " ".join(sanitize(note[:_MAX_SEARCHED_LENGTH]).split())
        if reason := _best_reason(text, highlighter(text), told, from_note=True):
            return reason
    text = abstract()
    return _best_reason(text, highlighter(text), told) if text else None


def abstract_text(paper: Paper) -> str:
    """The abstract as one readable line, to look for a reason in."""
    return " ".join(tex_to_unicode(paper.abstract[:_MAX_SEARCHED_LENGTH]).split())


def snippet(
    text: str, ranges: MatchRanges, focus: int, width: int, ellipsis: str = "…"
) -> tuple[str, list[tuple[int, int]]]:
    """At most `width` cells of `text` around span number `at`, and the spans within them.

    Begins at a word, with the hit in the first half, and marks what was left out.
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


def _stem(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]][:5].casefold()


def _best_reason(
    text: str, ranges: MatchRanges, told: set[str], *, from_note: bool = False
) -> MatchReason | None:
    """The span around which most words stand that the title has not told."""
    news = [(at, _stem(text, span)) for at, span in enumerate(ranges)]
    news = [(at, stem) for at, stem in news if stem not in told]
    if not news:
        return None

    def wealth(at: int) -> int:
        begin = ranges[at][0]
        return len({stem for other, stem in news if begin <= ranges[other][0] < begin + 60})

    best = max(news, key=lambda new: (wealth(new[0]), -new[0]))
    return MatchReason(text, ranges, best[0], from_note)


def _snippet_start(text: str, hit: int, room: int) -> int:
    """Where a word begins, at most `room` cells before the hit."""
    start = hit
    while start > 0:
        before = text.rfind(" ", 0, start - 1) + 1
        if cell_width(text[before:hit]) > room:
            break
        start = before
    return start

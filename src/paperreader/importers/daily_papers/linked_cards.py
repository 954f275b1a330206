"""Find the papers of a Hugging Face page by its links: title, abstract, votes and comments link to the paper's page."""

from __future__ import annotations

import re

from paperreader.importers.daily_papers import line_signs
from paperreader.importers.daily_papers.cards import Card, IncompletePage, LineJoiner
from paperreader.importers.daily_papers.renderings import linked_segments
from paperreader.importers.markdown.links import Segment, unescape
from paperreader.importers.markdown.plain_text import plain
from paperreader.text.ids import parse_arxiv_id
from paperreader.text.urls import parse_link

_PAPER = re.compile(r"(?:https?://[^/\s]{1,100}|file://(?:localhost)?)?/papers/([^/?#\s]{5,30})/?(#\S*)?")
_VOTE = re.compile(r"/login\?next=(?:%2F|/)papers(?:%2F|/)([^&#\s]{5,30})", re.IGNORECASE)


def find_linked_cards(text: str, join: LineJoiner) -> list[Card]:
    """Return the papers of a page whose titles are links; empty if it has none.

    Raises:
        IncompletePage: a paper that can be voted for has no title.
    """
    finder = _CardFinder(join)
    for segment in linked_segments(text):
        finder.add(segment)
    return finder.finish()


class _CardFinder:
    """Collects the cards from segments in their order. A card may be shown twice."""

    def __init__(self, join: LineJoiner) -> None:
        self._join = join
        self._cards: dict[str, Card] = {}
        self._votes: dict[str, int | None] = {}
        self._levels: dict[str, int] = {}
        self._named: set[str] = set()
        self._current: Card | None = None
        self._buffer = ""
        self._is_open = False
        """Whether text may still be the abstract of the current card."""

    def add(self, segment: Segment) -> None:
        vote = _VOTE.search(segment.url)
        if vote and (name := parse_arxiv_id(vote[1])):
            self._named.add(name)
            self._votes[name] = line_signs.votes_in(segment.text)
            self._close()
            return
        paper = _PAPER.fullmatch(segment.url)
        name = parse_arxiv_id(paper[1]) if paper else ""
        if not name:
            self._add_other(segment)
        elif paper and not paper[2]:
            self._add_paper_link(name, segment)

    def finish(self) -> list[Card]:
        """Return the cards, in their order.

        Raises:
            IncompletePage: one that can be voted for has no title.
        """
        self._close()
        cards = [card for card in self._cards.values() if card.title]
        if self._named - {card.id for card in cards}:
            raise IncompletePage
        # If titles are headings, a paper without one has lost its title.
        if len({level > 0 for level in self._levels.values()}) > 1:
            raise IncompletePage
        for card in cards:
            card.votes = self._votes.get(card.id)
        return cards

    def _add_paper_link(self, name: str, segment: Segment) -> None:
        self._named.add(name)
        text = self._text_of_link(segment)
        if not text:
            return
        if name in self._cards and line_signs.sign_of(text) != "text":
            self._close()
            return
        card = self._cards.setdefault(name, Card(segment.line, id=name))
        if not card.title:
            if not line_signs.is_title(text) or line_signs.begins_with_mark(segment.text):
                raise IncompletePage
            card.title = text
            self._levels[name] = segment.level
        elif text != card.title:
            card.abstract = card.abstract or text
            self._close()
            return
        self._close()
        self._current, self._is_open = card, not card.abstract

    def _text_of_link(self, segment: Segment) -> str:
        if segment.source:
            return unescape(plain(line_signs.strip_marks(self._join(_lines_of_link(segment.source)))))
        return " ".join(line_signs.strip_marks(self._join(_lines_of_link(segment.text))).split())

    def _add_other(self, segment: Segment) -> None:
        card = self._current
        if card is None:
            return
        if not segment.url:
            if self._is_open:
                self._buffer += segment.text
            else:
                self._find_date(card, segment.text)
        elif self._is_open and self._buffer.rstrip(" ")[-1:] not in ("", "\n"):
            # A link inside the abstract.
            self._buffer += segment.text
        else:
            link = parse_link(segment.url)
            if link and link.kind == "code" and not card.repository:
                card.repository = segment.url
            self._close()
            self._find_date(card, segment.text)

    def _close(self) -> None:
        """End the abstract of the current card: it is the text so far, up to the first line that is none."""
        card, text = self._current, self._buffer
        self._is_open, self._buffer = False, ""
        if card is None or not text.strip():
            return
        paragraphs: list[list[str]] = [[]]
        lines = text.split("\n")
        for line in lines:
            if not line.strip():
                paragraphs.append([])
            elif (
                line_signs.sign_of(line) != "text" or line_signs.is_header(line) or line_signs.is_footer(line)
            ):
                break
            else:
                paragraphs[-1].append(line)
        card.abstract = card.abstract or "\n\n".join(self._join(lines) for lines in paragraphs if lines)
        self._find_date(card, text)

    def _find_date(self, card: Card, text: str) -> None:
        card.date = card.date or next(filter(None, map(line_signs.date_in, text.split("\n"))), "")


def _lines_of_link(text: str) -> list[str]:
    """Return the lines of the text of a link. With numbered links, what follows it on the page is cut off."""
    lines = [line for line in text.split("\n") if line.strip()]
    ends = (
        at
        for at, line in enumerate(lines)
        if at and line_signs.sign_of(line) in ("authors", "dot", "submitted")
    )
    return lines[: next(ends, len(lines))]

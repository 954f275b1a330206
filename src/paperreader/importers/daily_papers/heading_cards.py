"""Find the papers of a Hugging Face page in Markdown without links: their titles are its headings."""

from __future__ import annotations

import re

from paperreader.importers.daily_papers import line_signs
from paperreader.importers.daily_papers.cards import Card, IncompletePage, LineJoiner
from paperreader.importers.daily_papers.unspaced_texts import MAX_WRAPPED_WIDTH, has_room
from paperreader.importers.markdown.links import unescape
from paperreader.importers.markdown.plain_text import plain
from paperreader.text.urls import parse_link

_HEADING = re.compile(r"\s{0,3}(#{3,6})\s+(\S.*)")
_REPOSITORY = re.compile(r"\]\((https?://[^\s()]{1,500})\)")


def find_heading_cards(lines: list[str], join: LineJoiner) -> list[Card]:
    """Return the papers of a page whose titles are headings of the third level or deeper; empty if it has none.

    Raises:
        IncompletePage: a heading is no title, or there are more papers than headings.
    """
    cards: dict[str, Card] = {}
    number = 0
    is_wrapped = _wraps_headings(lines)
    while number < len(lines):
        heading = _HEADING.match(lines[number])
        number += 1
        if heading is None:
            continue
        # Programs that wrap paragraphs wrap headings as well.
        end = _end_of_heading(lines, number) if is_wrapped else number
        title = unescape(plain(join([_without_closing_marks(heading), *lines[number:end]])))
        if not line_signs.is_title(title):
            raise IncompletePage
        card = Card(number, title=title)
        number = _read_body(card, lines, end, join)
        cards.setdefault(title, card)
    if cards and len(cards) < sum(line_signs.sign_of(line) == "authors" for line in lines):
        raise IncompletePage
    return list(cards.values())


def _without_closing_marks(heading: re.Match[str]) -> str:
    """Return the text of a heading without as many marks at its end as at its beginning (`### Title ###`)."""
    text = heading[2].rstrip()
    return text.removesuffix(f" {heading[1]}").rstrip()


def _wraps_headings(lines: list[str]) -> bool:
    """Whether headings continue on the lines below them, as those of programs that wrap paragraphs do.

    Raises:
        IncompletePage: in a text without blank lines, some of them may.
    """
    width = max((len(line) for line in lines if "](" not in line), default=0)
    above_texts = [
        at for at, line in enumerate(lines[:-1]) if _HEADING.match(line) and _continues_heading(lines[at + 1])
    ]
    have_room = [has_room(lines[at], lines[at + 1], width) for at in above_texts]
    if width > MAX_WRAPPED_WIDTH or all(have_room):
        return False
    ends = (_end_of_heading(lines, at + 1) for at in above_texts)
    if any(have_room) or any(end < len(lines) and lines[end].strip() for end in ends):
        raise IncompletePage
    return True


def _end_of_heading(lines: list[str], at: int) -> int:
    return next((end for end in range(at, len(lines)) if not _continues_heading(lines[end])), len(lines))


def _continues_heading(line: str) -> bool:
    return (
        bool(line.strip())
        and line[:2] != "  "
        # The last word of a wrapped title may be one such as "Models".
        and line_signs.sign_of(line) in ("text", "button")
        and not _HEADING.match(line)
    )


def _read_body(card: Card, lines: list[str], at: int, join: LineJoiner) -> int:
    """Read what is below a title; return the index of the next heading."""
    paragraphs: list[list[str]] = [[]]
    is_open = True
    while at < len(lines) and not _HEADING.match(lines[at]):
        line = lines[at]
        at += 1
        if not line.strip():
            paragraphs.append([])
            continue
        if line_signs.sign_of(line) != "text" or line_signs.is_footer(line):
            is_open = False
        elif is_open and not line.lstrip().startswith("["):
            paragraphs[-1].append(line)
        card.date = card.date or line_signs.date_in(line)
        for url in _REPOSITORY.findall(line[: line_signs.MAX_LINE_CHARS]):
            if (link := parse_link(url)) and link.kind == "code" and not is_open:
                card.repository = card.repository or url
    written = [unescape(join(paragraph)) for paragraph in paragraphs if paragraph]
    if len(written) > 1 and line_signs.is_organization(written[-1]):
        written.pop()
    card.abstract = "\n\n".join(written)
    return at

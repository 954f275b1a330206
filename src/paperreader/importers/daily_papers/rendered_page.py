"""Import a page of Hugging Face Papers as other programs show it: Markdown of web clippers, Jina Reader or Firecrawl,
text of w3m, lynx, elinks or html2text, or a copy out of a browser.

Such a text contains everything around the papers as well: menus, buttons, counts, pictures. It is imported only if
every paper on it can be told from that with certainty, by links, by headings or by the order of the lines. Pages of
titles and abstracts alone are read by `text_page`.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial

from paperreader.importers.daily_papers import boilerplate, line_signs
from paperreader.importers.daily_papers.card_records import card_record, page_facts
from paperreader.importers.daily_papers.cards import UNCERTAIN_PAGE, Card, IncompletePage, join_lines
from paperreader.importers.daily_papers.heading_cards import find_heading_cards
from paperreader.importers.daily_papers.linked_cards import find_linked_cards
from paperreader.importers.daily_papers.plain_cards import find_plain_cards
from paperreader.importers.daily_papers.renderings import breaks_at_hyphens, undo_debian_html2text
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.models import ImportedEntry, Problem

_PROGRAM_HEADER = re.compile(
    r"(?m)^(?:Title: [^\n]{0,300}\n\s{0,9}URL Source: |---[ \t]*\n(?=[\w-]{1,30}: ))"
)
"""The header of Jina Reader, and front matter."""


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a page.

    Raises:
        UnsupportedContent: its papers cannot be told apart with certainty.
    """
    del file
    index = 0
    for page in _pages(boilerplate.without_quotation(text)):
        try:
            cards = _find_cards(page)
        except IncompletePage as error:
            raise UnsupportedContent(UNCERTAIN_PAGE) from error
        facts = page_facts(page, cards, datetime.date.fromisoformat(origin.modified))
        for card in cards:
            yield ImportedEntry((card_record(card, origin, index, facts),))
            index += 1


def _pages(text: str) -> list[str]:
    """Return the pages of a text that contains several: each begins with the invitation to subscribe."""
    starts = []
    for found in re.finditer(r"(?m)^.*$", text):
        if boilerplate.is_banner(boilerplate.strip_decoration(found[0])):
            starts.append(found.start())
    # The invitation is there twice, for small and large screens.
    separate = [
        at for index, at in enumerate(starts) if not index or text.count("\n", starts[index - 1], at) > 9
    ]
    headers = [found.start() for found in _PROGRAM_HEADER.finditer(text)]
    bounds = [0]
    for start in separate[1:]:
        # Some programs write the URL of a page above it.
        above = bisect_left(headers, start) - 1
        bounds.append(headers[above] if above >= 0 and headers[above] > bounds[-1] else start)
    return [text[start:end] for start, end in zip(bounds, [*bounds[1:], len(text)], strict=True)]


def _find_cards(page: str) -> list[Card]:
    """Return the papers of a page.

    Raises:
        IncompletePage: they cannot be told apart with certainty.
    """
    join = partial(join_lines, breaks_at_hyphens=breaks_at_hyphens(page))
    page = undo_debian_html2text(page)
    lines = page.split("\n")
    cards = find_linked_cards(page, join) or find_heading_cards(lines, join) or find_plain_cards(lines, join)
    if not all(line_signs.is_title(card.title) for card in cards):
        raise IncompletePage
    return cards

"""Import a page of Hugging Face Papers that was saved as HTML without its data, by the markup of its papers.

Each paper is an `article`: the name of who submitted it, the votes, the title as a heading that links to
`/papers/ID`, on some pages the abstract as a paragraph, and links. A saved page has absolute URLs.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from paperreader.importers.daily_papers import line_signs
from paperreader.importers.daily_papers.card_records import card_record, page_facts
from paperreader.importers.daily_papers.cards import Card
from paperreader.importers.html.page import Element, HtmlPage
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.models import ImportedEntry, Problem
from paperreader.text.ids import parse_arxiv_id
from paperreader.text.urls import parse_link

MIN_ABSTRACT_CHARS = 100
"""Shorter paragraphs are names and counts."""

_HEADINGS = ("h2", "h3", "h4")
_PAPER_URL = re.compile(r"/papers/([0-9]{4}\.[0-9]{4,5}(?:v[0-9]{1,2})?)/?(?:\?[^#\s]{0,200})?(#\S*)?\Z")
_SITE = re.compile(r"(?i)\bhugging ?face\b|(?:huggingface|hf)\.co/papers")
_ADVICE = "save the page as text or as MHTML once it shows the papers, or use `paperreader fetch`"


def read_page(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a page.

    Raises:
        UnsupportedContent: it is no such page, or a paper on it has no title.
    """
    del file
    page = HtmlPage(text)
    addresses = list(page.addresses)
    cards = _cards(page)
    if not any(_paper_id(address) for address in addresses) and not _is_of_hugging_face(page, addresses):
        raise UnsupportedContent(
            "is a web page with links to papers, but not of Hugging Face; save the page of the papers themselves"
        )
    if not cards:
        raise UnsupportedContent(_refusal(addresses))
    linked = {name for link in page.find_all("a") if (name := _paper_id(link.attributes.get("href", "")))}
    if untitled := linked - cards.keys():
        raise UnsupportedContent(
            f"is a page of Hugging Face Papers without {len(untitled)} of the {len(linked)} titles of its papers; "
            f"{_ADVICE}"
        )
    found = list(cards.values())
    lines = "\n".join([*addresses, page.text(page.root)])
    facts = page_facts(lines, found, datetime.date.fromisoformat(origin.modified))
    for index, card in enumerate(found):
        yield ImportedEntry((card_record(card, origin, index, facts),))


def _cards(page: HtmlPage) -> dict[str, Card]:
    """Return the papers by id, in their order: those of the articles, or of headings if there are no articles."""
    cards: dict[str, Card] = {}
    articles = list(page.find_all("article"))
    for article in articles:
        if card := next(_titled(page, article), None):
            _read_article(page, article, card)
            cards.setdefault(card.id, card)
    if not articles:
        for card in _titled(page, page.root):
            cards.setdefault(card.id, card)
    return cards


def _titled(page: HtmlPage, inside: Element) -> Iterator[Card]:
    """Yield the papers whose titles are headings in an element."""
    return filter(None, (_card(page, heading) for heading in page.find_all(*_HEADINGS, inside=inside)))


def _card(page: HtmlPage, heading: Element) -> Card | None:
    for link in page.find_all("a", inside=heading):
        name = _paper_id(link.attributes.get("href", ""))
        title = page.text(link).replace("\n", " ")
        if name and title:
            return Card(0, title=title, id=name)
    return None


def _read_article(page: HtmlPage, article: Element, card: Card) -> None:
    """Add what an article says about its paper, above and below the title."""
    lines = page.text(article).split("\n")
    at = next((at for at, line in enumerate(lines) if line == card.title), len(lines))
    numbers = [line for line in lines[:at] if line_signs.sign_of(line) == "votes"]
    card.votes = line_signs.votes_in(numbers[-1]) if numbers else None
    card.date = next(filter(None, map(line_signs.date_in, lines[at + 1 :])), "")
    paragraphs = (page.text(paragraph) for paragraph in page.find_all("p", inside=article))
    card.abstract = next((text for text in paragraphs if len(text) >= MIN_ABSTRACT_CHARS), "")
    for element in page.find_all("a", inside=article):
        link = parse_link(element.attributes.get("href", ""))
        if link and link.kind == "code" and not card.repository:
            card.repository = link.url


def _paper_id(url: str) -> str:
    """Return the arXiv id of the paper that a URL leads to; empty for its comments and for other pages."""
    found = _PAPER_URL.search(url)
    return parse_arxiv_id(found[1]) if found and not found[2] else ""


def _is_of_hugging_face(page: HtmlPage, addresses: list[str]) -> bool:
    titles = [page.text(page.find("title")), *page.metadata.get("og:site_name", []), *addresses]
    return page.find("article") is not None or any(map(_SITE.search, titles))


def _refusal(addresses: list[str]) -> str:
    if name := next(filter(None, map(_paper_id, addresses)), ""):
        return f"is the page of a paper of Hugging Face without its data; use `paperreader add {name}`"
    return f"is a page of Hugging Face Papers that was saved without its papers; {_ADVICE}"

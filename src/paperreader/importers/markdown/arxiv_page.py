"""Read authors and abstract of an abstract page of arXiv that was saved as Markdown, by Jina Reader or a web clipper:

Authors:[Ada Lee](https://arxiv.org/search/cs?searchtype=author&query=Lee,+A), [Bo Chen](https://arxiv.org/…)

> Abstract:We study lamps.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from paperreader.importers.markdown.links import split_links
from paperreader.importers.markdown.plain_text import plain
from paperreader.importers.references.names import split_authors

_AUTHORS = re.compile(r"(?m)^[*_]{0,2}Authors?:[*_]{0,2}[ \t]{0,9}(?:\n{1,2}[ \t]{0,9})?(\S[^\n]{0,20000})")
_AUTHOR_SEARCH = "searchtype=author"
_ABSTRACT = re.compile(
    r"(?m)^>[ \t]{0,9}[*_]{0,2}Abstract:[*_]{0,2}[ \t]{0,9}((?:[^\n]{0,5000}(?:\n>|\n(?=\S)|)){1,99})"
)
_QUOTE = re.compile(r"(?m)^>[ \t]?")
_FIELD = re.compile(
    r"(?m)^(?:Comments|Subjects|Cite as|Journal reference|Related DOI|ACM classes|MSC classes):"
)


class ArxivPage(NamedTuple):
    """What the page says about its paper, in addition to the title and the id."""

    authors: list[str]
    abstract: str


def read_arxiv_page(text: str) -> ArxivPage:
    """Return authors and abstract; empty if the document has none in this form."""
    found = _AUTHORS.search(text)
    authors: list[str] = []
    if found and _AUTHOR_SEARCH in found[1]:
        authors = [
            plain(part.text)
            for part in split_links(found[1], {})
            if _AUTHOR_SEARCH in part.url and part.text.strip()
        ]
    elif found and "](" not in found[1]:
        authors = split_authors(plain(found[1]))
    quoted = _ABSTRACT.search(text)
    abstract = _FIELD.split(_QUOTE.sub("", quoted[1]), maxsplit=1)[0].strip() if quoted else ""
    return ArxivPage(authors, abstract)

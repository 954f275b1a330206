"""Papers that a query names: arXiv ids, DOIs, and URLs of papers and their pages."""

from __future__ import annotations

import re

from msgspec import Struct

MAX_REFERENCES = 20
"""References of a query that are looked up."""

_LIKELY = re.compile(
    r"[0-9]{4}\.[0-9]{4}|[a-z]/[0-9]{7}|10\.[0-9]{4,9}(?:/|%2f)|://|www\.[a-z]"
    r"|[a-z]\.(?:org|com|co|net|io|ai|cc|edu|gov|press|page|app|site|dev|fr|de)/",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_PUNCTUATION = "<>()[]{},;:.\"'`“”‘’"
_ID_IN_PATH = re.compile(
    r"/(?:arxiv:)?([0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?(?:\.pdf)?(?=[/?#]|$)", re.IGNORECASE
)
_MAX_LENGTH = 500


class PaperReference(Struct, frozen=True):
    """A word of a query that names a paper."""

    start: int
    end: int
    """Where it is in the query."""
    arxiv: str
    """The arXiv id, or empty."""
    dois: tuple[str, ...]
    """What may be its DOI; several if its end is not certain."""
    urls: tuple[str, ...]
    """The keys (`url_key`) of the addresses that its page has."""
    name: str
    """How it is displayed: its arXiv id, DOI or URL."""


def find_references(query: str) -> list[PaperReference]:
    """Return the papers that words of a query name. Excluded words and values of fields, such as `id:`, are none."""
    if not _LIKELY.search(query):
        return []
    found: list[PaperReference] = []
    for match in _WORD.finditer(query):
        if len(found) < MAX_REFERENCES and (reference := _reference(match)) is not None:
            found.append(reference)
    return found


def _reference(match: re.Match[str]) -> PaperReference | None:
    from paperreader.text.ids import parse_arxiv_id, parse_doi  # takes 5 ms, and few queries need it
    from paperreader.text.query.page_addresses import identify_page

    word = match[0]
    if word[0] in "-!" or len(word) > _MAX_LENGTH or not _LIKELY.search(word):
        return None
    plain = word.strip(_PUNCTUATION)
    page = identify_page(plain)
    arxiv = parse_arxiv_id(word) or parse_arxiv_id(plain)
    if not arxiv and page and (inside := _ID_IN_PATH.search(plain)):
        arxiv = parse_arxiv_id(inside[1])
    dois = [doi for doi in (parse_doi(word), parse_doi(plain)) if doi]
    name = arxiv or (dois[-1] if dois else plain)
    dois += page.dois if page else ()
    urls = page.keys if page else ()
    if not (arxiv or dois or urls):
        return None
    return PaperReference(match.start(), match.end(), arxiv, tuple(dict.fromkeys(dois)), urls, name)

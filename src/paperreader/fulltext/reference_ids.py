"""Find the ids that a reference names: arXiv ids and DOIs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from paperreader.text.ids import parse_arxiv_id, parse_doi

_NEW_ARXIV = re.compile(r"(?<![\w./-])([0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,3})?(?![0-9])", re.ASCII)
_LABELLED_ARXIV = re.compile(
    r"(?:arxiv|abs|pdf|html)\s{0,2}[:./]\s{0,2}(?:abs/)?"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?/[0-9]{7})",
    re.IGNORECASE | re.ASCII,
)
_OLD_ARXIV = re.compile(r"(?<![\w./-])([a-z-]{2,12}(?:\.[A-Za-z-]{2})?/[0-9]{7})(?![0-9])", re.ASCII)
_CONTEXT = re.compile(r"arxiv|corr\b|eprint|e-print|preprint|external links", re.IGNORECASE)
"""What makes a number such as 1234.56789 an arXiv id."""

_CLASS_AFTER = re.compile(r"\s{0,2}\[[a-z-]{2,12}(?:\.[A-Za-z-]{2,3})?\]")
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>|\\^`{}]{1,200}", re.ASCII)
_NOT_AT_END = ".,;:'\"”’*"
_CLOSING = {")": "(", "]": "[", ">": "<"}
_MAX_LENGTH = 20_000


def find_ids(text: str, addresses: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the ids in the text and the links of a reference: `arxiv:2501.01234`, `doi:10.1000/x`.

    Those in links come first. A DOI of arXiv is an arXiv id.
    """
    found: dict[str, None] = {}
    for address in addresses:
        _add(found, unquote(address[:_MAX_LENGTH]), is_link=True)
    _add(found, text[:_MAX_LENGTH], is_link=False)
    return tuple(found)


def _add(found: dict[str, None], text: str, *, is_link: bool) -> None:
    if arxiv := parse_arxiv_id(text):
        found[f"arxiv:{arxiv}"] = None
        return
    for match in _LABELLED_ARXIV.finditer(text):
        _add_arxiv(found, match[1])
    for match in _DOI.finditer(text):
        _add_doi(found, match[0], is_link=is_link)
    if not is_link:
        without_dois = _DOI.sub(" ", text)
        for match in _OLD_ARXIV.finditer(without_dois):
            _add_arxiv(found, match[1])
        has_context = _CONTEXT.search(without_dois) is not None
        for match in _NEW_ARXIV.finditer(without_dois):
            if has_context or _CLASS_AFTER.match(without_dois, match.end()):
                _add_arxiv(found, match[1])


def _add_arxiv(found: dict[str, None], name: str) -> None:
    if arxiv := parse_arxiv_id(name):
        found[f"arxiv:{arxiv}"] = None


def _add_doi(found: dict[str, None], text: str, *, is_link: bool) -> None:
    if is_link:
        text = text.partition("?")[0].partition("#")[0].removesuffix("/full").removesuffix("/pdf")
    doi = parse_doi(_trim(text))
    if not doi:
        return
    if arxiv := parse_arxiv_id(doi):
        found[f"arxiv:{arxiv}"] = None
    else:
        found[f"doi:{doi}"] = None


def _trim(doi: str) -> str:
    """Return a DOI without the punctuation of the sentence around it."""
    while doi:
        last = doi[-1]
        is_unpaired = last in _CLOSING and doi.count(last) > doi.count(_CLOSING[last])
        if last not in _NOT_AT_END and not is_unpaired:
            break
        doi = doi[:-1]
    return doi

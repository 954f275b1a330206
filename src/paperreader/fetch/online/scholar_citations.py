"""References and citing papers of Semantic Scholar: `GET /graph/v1/paper/{id}/references` and `/citations`.

https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/get_graph_get_paper_references (`/citations`:
`get_graph_get_paper_citations`). Checked against the responses that danielnsilva/semanticscholar recorded
(tests/data/test_get_paper_references.yaml, Reference.json, Citation.json, PaperWithNullValues.json) and what JabRef
reads (SemanticScholarFetcher):

- A page is `{"offset", "next", "data"}`; the last one has no `next`. Pages of references also have `citingPaperInfo`.
- An entry is `{"citedPaper": paper}` or `{"citingPaper": paper}`. About one reference in three has a title only: its
  `paperId` is null, and so may be every other field. `openAccessPdf.url` may be empty.
- `data` is null if the publisher does not allow the references to be shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from paperreader.errors import UsageError
from paperreader.fetch.citations import semantic_scholar
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.online.citation_source import LIST_LABELS, MAX_LISTED, PAGE_SIZE, Direction
from paperreader.fetch.online.sources import SCHOLAR_FIELDS, OnlinePage, request_json
from paperreader.library import ServiceResponse
from paperreader.models import Paper

_PAPER_KEYS = {"references": "citedPaper", "citations": "citingPaper"}

_DESCRIPTIONS = (
    "paperId",
    "externalIds",
    "authors",
    "abstract",
    "year",
    "publicationDate",
    "venue",
    "journal",
)
"""A paper without any of these fields has a title only, which may be that of a web page, or the text of a footnote."""


class ScholarCitations:
    """See `CitationSource`. `key` is sent to its host only; may be empty."""

    def __init__(self, client: Client, url: str, key: str) -> None:
        self._client, self._url, self._key = client, url, key

    def page(self, paper: Paper, direction: Direction, start: int) -> OnlinePage:
        """Return a page in the order of the service."""
        if not (paper.arxiv or paper.doi):
            raise UsageError("Semantic Scholar finds papers by arXiv id or DOI, and this one has neither.")
        name = quote(f"ARXIV:{paper.arxiv}" if paper.arxiv else f"DOI:{paper.doi}", safe="/:")
        parameters = urlencode({"offset": start, "limit": PAGE_SIZE, "fields": SCHOLAR_FIELDS})
        try:
            response, is_old = request_json(
                self._client,
                f"{self._url}/graph/v1/paper/{name}/{direction}?{parameters}",
                _is_page,
                missing="Semantic Scholar does not know this paper.",
                headers={"x-api-key": self._key} if self._key else {},
                limiter=semantic_scholar.rate_limiter(),
            )
        except FetchError as error:
            raise semantic_scholar.explain_refusal(error, self._key) from error
        page = json.loads(response.data)
        if page["data"] is None:
            raise FetchError(f"Semantic Scholar may not show the {LIST_LABELS[direction]} of this paper.")
        following = page.get("next")
        has_next = page["data"] and type(following) is int and start < following < MAX_LISTED
        papers = list(_papers(page["data"], _PAPER_KEYS[direction]))
        known = [each for each in papers if any(each.get(name) for name in _DESCRIPTIONS)]
        return OnlinePage(
            ServiceResponse(response.name, json.dumps(known).encode(), response.requested_at),
            following if has_next else None,
            None,
            is_old,
            titles_only=len(papers) - len(known),
        )


def _papers(entries: list[Any], key: str) -> Iterator[dict[str, Any]]:
    """Yield the papers of entries that have a title."""
    for entry in entries:
        paper = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(paper, dict) and paper.get("title"):
            yield paper


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and "data" in value and isinstance(value["data"], list | None)

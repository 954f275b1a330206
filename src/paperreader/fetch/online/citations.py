"""References and citing papers of Semantic Scholar: `GET /graph/v1/paper/{id}/references` and `/citations`.

A page has `data[].citedPaper` or `data[].citingPaper`, and `next` if there is another one.
https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/get_graph_get_paper_references (`/citations`:
`get_graph_get_paper_citations`). An entry may have no paper, or one without id that has only a title. `data` is null if
a publisher does not allow the list to be shown; so answers papers of which neither is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlencode

from paperreader import config
from paperreader.errors import UsageError
from paperreader.fetch.citations import semantic_scholar
from paperreader.fetch.citations.keys import has_key, service_key
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.online.search import OnlineResults, online_client
from paperreader.fetch.online.sources import MAX_SCHOLAR_RESULTS, SCHOLAR_FIELDS, OnlinePage, request_json
from paperreader.library import Library, OnlinePapers, Progress, ServiceResponse
from paperreader.models import Paper

Direction = Literal["references", "citations"]

PAGE_SIZE = 100

DIRECTIONS: Mapping[Direction, tuple[str, str]] = {
    "references": ("citedPaper", "references"),
    "citations": ("citingPaper", "citing papers"),
}
"""The key of the paper in an entry, and what the papers are called."""


def request_citations(
    library: Library,
    id: str,
    direction: Direction,
    on_progress: Callable[[Progress], None],
    *,
    start: int = 0,
) -> OnlineResults:
    """Request a page of the references of a paper of the library, or of the papers that cite it. Nothing is added.

    Raises:
        UsageError: there is no key, or the paper has no id that the service knows.
        FetchError: there is no usable response.
        NotFound: the paper is not in the library.
        SettingsError: the settings are invalid.
        StorageError: the rate limiter cannot write its state.
    """
    settings = config.load_settings().citations
    if not has_key(settings, "semanticscholar"):
        raise UsageError(
            "Lists of citations need a key of Semantic Scholar: set the environment variable SEMANTIC_SCHOLAR_API_KEY."
        )
    paper = library.paper(library.resolve(id))
    key = service_key(settings, "semanticscholar")
    with online_client(on_progress) as client:
        service = ScholarCitations(client, settings.semanticscholar_url, key)
        on_progress(Progress("fetching", 0, None))
        page = service.page(paper, direction, start)
    papers, problems = OnlinePapers(library.imports).read([page.response])
    return OnlineResults(papers, page.next_start, page.total, (), page.is_old, problems)


class ScholarCitations:
    """Requests to Semantic Scholar. `key` is sent to its host only."""

    def __init__(self, client: Client, url: str, key: str) -> None:
        self._client, self._url, self._key = client, url, key

    def page(self, paper: Paper, direction: Direction, start: int) -> OnlinePage:
        """Return a page of at most `MAX_SCHOLAR_RESULTS` papers, in the order of the service.

        Raises:
            UsageError: the paper has no id that the service knows.
            FetchError: there is no usable response.
            StorageError: the rate limiter cannot write its state.
        """
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
                headers={"x-api-key": self._key},
                limiter=semantic_scholar.rate_limiter(),
            )
        except FetchError as error:
            raise semantic_scholar.explain_refusal(error) from error
        page, (key, label) = json.loads(response.data), DIRECTIONS[direction]
        if page["data"] is None:
            raise FetchError(f"Semantic Scholar may not show the {label} of this paper.")
        following = page.get("next")
        has_next = page["data"] and type(following) is int and start < following < MAX_SCHOLAR_RESULTS
        papers = list(_papers(page["data"], key))
        return OnlinePage(
            ServiceResponse(response.name, json.dumps(papers).encode(), response.requested_at),
            following if has_next else None,
            None,
            is_old,
        )


def _papers(entries: list[Any], key: str) -> Iterator[dict[str, Any]]:
    """Yield the papers of entries that have a title."""
    for entry in entries:
        paper = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(paper, dict) and paper.get("title"):
            yield paper


def _is_page(value: Any) -> bool:
    return isinstance(value, dict) and "data" in value and isinstance(value["data"], list | None)

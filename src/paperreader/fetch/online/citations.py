"""References of a paper, and the papers that cite it, from one of the services that know citations."""

from __future__ import annotations

from collections.abc import Callable

from paperreader.config.citation_settings import Citations
from paperreader.fetch import endpoints
from paperreader.fetch.citations.keys import ServiceName, required_service, service_key
from paperreader.fetch.http.client import Client
from paperreader.fetch.online.citation_source import CitationSource, Direction
from paperreader.fetch.online.openalex_citations import OpenAlexCitations
from paperreader.fetch.online.scholar_citations import ScholarCitations
from paperreader.fetch.online.search import OnlineResults, online_client
from paperreader.library import Library, OnlinePapers, Progress


def request_citations(
    library: Library,
    id: str,
    direction: Direction,
    on_progress: Callable[[Progress], None],
    *,
    start: int = 0,
    service: ServiceName | None = None,
) -> OnlineResults:
    """Request a page of the references of a paper of the library, or of the papers that cite it. Nothing is added.

    Args:
        library: has the paper.
        id: of the paper.
        direction: which papers.
        on_progress: called with the progress.
        start: where the page begins.
        service: the one to ask; None: that of the settings.

    Raises:
        UsageError: there is no service or key, or the paper has no id that the service knows.
        FetchError: there is no usable response.
        NotFound: the paper is not in the library.
        SettingsError: the settings are invalid.
        StorageError: the rate limiter cannot write its state.
    """
    settings = endpoints.load_request_settings("citations").citations
    name = service or required_service(settings)
    paper = library.paper(library.resolve(id))
    with online_client(on_progress) as client:
        source = _source(client, settings, name)
        on_progress(Progress("fetching", 0, None))
        page = source.page(paper, direction, start)
    papers, problems = OnlinePapers(library.imports).read([page.response])
    return OnlineResults(
        papers, page.next_start, page.total, (), page.is_old, problems, titles_only=page.titles_only
    )


def _source(client: Client, settings: Citations, name: ServiceName) -> CitationSource:
    key = service_key(settings, name)
    if name == "semanticscholar":
        return ScholarCitations(client, settings.semanticscholar_url, key)
    return OpenAlexCitations(client, settings.openalex_url, key)

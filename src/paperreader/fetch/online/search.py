"""Search a service for papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch import endpoints
from paperreader.fetch.citations.keys import service_key
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.online.queries import OnlineQuery, to_online_query
from paperreader.fetch.online.sources import (
    ArxivSearch,
    HuggingFaceSearch,
    OnlineSource,
    SemanticScholarSearch,
    SourceName,
)
from paperreader.fetch.session import waiting_reporter
from paperreader.library import Library, OnlinePaper, OnlinePapers, Progress
from paperreader.models import Problem


class OnlineResults(Struct, frozen=True):
    """The papers of one page."""

    papers: list[OnlinePaper]
    next_start: int | None
    """Where the next page begins; None if this is the last one."""
    total: int | None
    """How many there are; None if the service does not say."""
    ignored: tuple[str, ...]
    """Fields of the query that only concern the library."""
    is_old: bool
    """Whether the service does not respond, and these are its results of an earlier time."""
    problems: list[Problem]
    """What of the response could not be read."""
    titles_only: int = 0
    """How many papers were left out because only their titles are known."""


def search_online(
    library: Library,
    text: str,
    source: SourceName,
    on_progress: Callable[[Progress], None],
    *,
    start: int = 0,
) -> OnlineResults:
    """Send a query of the search bar to a service, and return its papers. Nothing is added to the library.

    Raises:
        UsageError: the query has nothing that the service could search for.
        FetchError: there is no usable response.
        SettingsError: the settings are invalid.
        StorageError: the rate limiter cannot write its state.
    """
    query = to_online_query(text)
    with online_client(on_progress) as client:
        service = _source(client, source, query)
        on_progress(Progress("fetching", 0, None))
        page = service.search(query, start)
    papers, problems = OnlinePapers(library.imports).read([page.response])
    return OnlineResults(papers, page.next_start, page.total, query.ignored, page.is_old, problems)


@contextmanager
def online_client(on_progress: Callable[[Progress], None]) -> Iterator[Client]:
    """Yield a client for requests that the user waits for."""
    services = endpoints.configured_endpoints()
    cache = ResponseCache(paths.response_cache_folder())
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        yield client


def _source(client: Client, name: SourceName, query: OnlineQuery) -> OnlineSource:
    """Return a service that can answer a query.

    Raises:
        UsageError: none can.
    """
    if name == "arxiv":
        if not query.arxiv:
            raise UsageError("Nothing to search for at arXiv: enter words, author:NAME or cat:CATEGORY.")
        return ArxivSearch(client)
    if not query.words:
        raise UsageError("Nothing to search for: enter words.")
    if name == "huggingface":
        return HuggingFaceSearch(client)
    settings = endpoints.load_request_settings("citations").citations
    return SemanticScholarSearch(
        client, settings.semanticscholar_url, service_key(settings, "semanticscholar")
    )

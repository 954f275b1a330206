"""Request the citation counts of papers, and store them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, field

from paperreader import paths
from paperreader.config.citation_settings import Citations
from paperreader.fetch import clock, endpoints
from paperreader.fetch.citations.counts import CitationService, has_identifier
from paperreader.fetch.citations.keys import required_service, service_key
from paperreader.fetch.citations.openalex import OpenAlex
from paperreader.fetch.citations.semantic_scholar import SemanticScholar
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.session import waiting_reporter
from paperreader.library import CitationCount, Library, Progress, UnknownPaper
from paperreader.models import Paper


class EnrichReport(Struct):
    """The outcome. The fields are keys of the JSON output."""

    service: str
    """Which one was asked; empty if there were no papers."""
    updated: int = 0
    """Papers whose count was received."""
    fresh: int = 0
    """Papers that were skipped, because their count is from the last days."""
    unknown: list[str] = field(default_factory=list)
    """Ids of papers that the service does not know, or that have neither an arXiv id nor a DOI."""
    remaining: int = 0
    """Papers that were not asked for, because a request failed."""
    problem: str = ""
    """Why it failed."""


def enrich(
    library: Library,
    papers: Sequence[Paper],
    on_progress: Callable[[Progress], None],
    *,
    refresh: bool = False,
) -> EnrichReport:
    """Request the counts of papers that are not fresh. What has arrived stays stored, whatever fails later.

    Args:
        library: the library.
        papers: its papers.
        on_progress: called with the progress.
        refresh: also request counts that are fresh.

    Raises:
        UsageError: there is no service, or no key.
        SettingsError: the settings are invalid.
        StorageError: the counts cannot be stored.
    """
    if not papers:
        return EnrichReport("")
    settings = endpoints.load_request_settings("citations")
    cache = ResponseCache(paths.response_cache_folder())
    with Client(settings.fetch, cache, on_wait=waiting_reporter(on_progress)) as client:
        service = _service(client, settings.citations)
        report = EnrichReport(service.label)
        known, today = library.citation_counts, clock.now().date()
        wanted = [paper for paper in papers if refresh or not known.is_fresh(paper.id, today)]
        report.fresh = len(papers) - len(wanted)
        asked = [paper for paper in wanted if has_identifier(paper)]
        report.unknown = [paper.id for paper in wanted if not has_identifier(paper)]
        for start in range(0, len(asked), service.batch_size):
            on_progress(Progress("fetching", start, len(asked)))
            try:
                counts = service.counts(asked[start : start + service.batch_size])
            except FetchError as error:
                report.remaining, report.problem = len(asked) - start, str(error)
                break
            found = {id: count for id, count in counts.items() if count is not None}
            day, missing = today.isoformat(), [id for id in counts if id not in found]
            known.add(
                {id: CitationCount(count, day, service.label) for id, count in found.items()},
                dict.fromkeys(missing, UnknownPaper(day, service.label)),
            )
            report.updated += len(found)
            report.unknown += missing
    return report


def _service(client: Client, settings: Citations) -> CitationService:
    """Return the service of the settings.

    Raises:
        UsageError: there is none.
    """
    name = required_service(settings)
    key = service_key(settings, name)
    if name == "semanticscholar":
        return SemanticScholar(client, settings.semanticscholar_url, key)
    return OpenAlex(client, settings.openalex_url, key)

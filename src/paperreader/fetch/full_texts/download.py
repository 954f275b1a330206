"""Get the full texts of papers: of one that a user waits for, or of many, at the pace that arXiv asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct, field

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.fetch import endpoints
from paperreader.fetch.full_texts.downloader import (
    FullText,
    FullTextDownloader,
    NoFullText,
    Skipped,
    WantedText,
)
from paperreader.fetch.full_texts.sources import FullTextSources
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.session import waiting_reporter
from paperreader.library import Library, Progress
from paperreader.models import Paper, Problem

MAX_SERVER_ERRORS = 3
"""Papers in a row after which a service counts as unavailable. arXiv answers 500 for single papers as well."""


class FullTextReport(Struct):
    """The outcome for some papers."""

    texts: list[FullText] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)
    """Papers without a full text, and why."""
    problems: list[Problem] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)
    """Ids of papers that were not asked for, because the service is unavailable."""
    warnings: list[str] = field(default_factory=list)

    @property
    def fetched(self) -> int:
        """How many texts are new on this machine."""
        return sum(text.origin == "fetched" for text in self.texts)


def download_full_text(
    library: Library, paper: Paper, on_progress: Callable[[Progress], None], *, refresh: bool = False
) -> FullText:
    """Return the full text of a paper that the user wants to read, which is fetched at once unless it is stored.

    Args:
        library: the library.
        paper: the paper.
        on_progress: called with the progress.
        refresh: ask the services although it is stored or known to be missing.

    Raises:
        NoFullText: no source has it.
        FetchError: a service did not answer.
        StorageError: it cannot be stored.
        SettingsError, UsageError: the settings are invalid.
    """
    with _downloader(library, on_progress, is_batch=False) as downloader:
        return downloader.get(WantedText(paper), refresh=refresh)


def download_full_texts(
    library: Library, papers: Sequence[Paper], on_progress: Callable[[Progress], None]
) -> FullTextReport:
    """Get the full texts of many papers, at the pace that arXiv asks for. What is stored is skipped.

    Raises:
        SettingsError, UsageError: the settings are invalid.
    """
    report = FullTextReport()
    for (paper, _), outcome in each_full_text(
        library, list(map(WantedText, papers)), on_progress, report.warnings
    ):
        match outcome:
            case FullText():
                report.texts.append(outcome)
            case NoFullText():
                report.missing.append(Problem(paper.id, None, str(outcome)))
            case Skipped():
                report.remaining.append(paper.id)
            case _:
                report.problems.append(Problem(paper.id, None, str(outcome)))
    if report.fetched:
        library.full_texts.index.update_after_write(on_progress)
    return report


def each_full_text(
    library: Library,
    wanted: Sequence[WantedText],
    on_progress: Callable[[Progress], None],
    warnings: list[str],
    *,
    refresh: bool = False,
) -> Iterator[tuple[WantedText, FullText | PaperreaderError]]:
    """Yield what is wanted with its full text, or the reason why there is none, as soon as it is known.

    `Skipped` is the reason for the papers that are left when a service becomes unavailable.

    Args:
        library: the library.
        wanted: if there are several, requests keep their distance.
        on_progress: called with the progress.
        warnings: problems that did not make a request fail are added to it.
        refresh: as for `download_full_text`.

    Raises:
        SettingsError, UsageError: the settings are invalid.
    """
    failures, is_batch = 0, len(wanted) > 1
    is_unavailable = False
    with _downloader(library, on_progress, is_batch=is_batch) as downloader:
        for number, each in enumerate(wanted):
            if is_batch:
                on_progress(Progress("fetching", number, len(wanted)))
            outcome: FullText | PaperreaderError
            try:
                outcome = downloader.get(each, refresh=refresh, only_stored=is_unavailable)
            except PaperreaderError as error:
                outcome = error
            failures = failures + 1 if _is_unavailable(outcome) else 0
            is_unavailable = is_unavailable or _is_final(outcome) or failures >= MAX_SERVER_ERRORS
            yield each, outcome
        warnings += downloader.warnings


def _is_unavailable(outcome: FullText | PaperreaderError) -> bool:
    return isinstance(outcome, FetchError) and outcome.service_unavailable


def _is_final(outcome: FullText | PaperreaderError) -> bool:
    """Return whether the other papers need not be asked for."""
    if not isinstance(outcome, FetchError) or not outcome.service_unavailable:
        return False
    return outcome.status is None or outcome.status < 500


@contextmanager
def _downloader(
    library: Library, on_progress: Callable[[Progress], None], *, is_batch: bool
) -> Iterator[FullTextDownloader]:
    services = endpoints.load_request_settings("pdf").fetch
    cache = ResponseCache(paths.response_cache_folder())
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        sources = FullTextSources(library, client, is_batch=is_batch, on_progress=on_progress)
        yield FullTextDownloader(library, sources, client.warnings)

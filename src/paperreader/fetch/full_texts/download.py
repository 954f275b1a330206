"""Get the full texts of papers: from this machine, else from the first source that has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from msgspec import Struct, field

from paperreader import paths
from paperreader.errors import NotAFullText, PaperreaderError
from paperreader.fetch import endpoints
from paperreader.fetch.full_texts.sources import Answer, FullTextSources, Origin
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.session import waiting_reporter
from paperreader.fulltext import ConversionFailed, SourceName, StoredText, available_sources
from paperreader.library import Library, Progress
from paperreader.models import Paper, Problem

CUT_OFF = "The page of this paper is cut off in the middle; what has arrived is stored."

WITHOUT_ARXIV_ID = "No full text of this paper is known, because it has no arXiv id."

MAX_SERVER_ERRORS = 3
"""Papers in a row after which a service counts as unavailable. arXiv answers 500 for single papers as well."""


class NoFullText(PaperreaderError):
    """No source has the full text of a paper."""


class Skipped(PaperreaderError):
    """A paper was not asked for, because the service is unavailable."""


class WantedText(NamedTuple):
    """A paper whose full text is wanted."""

    paper: Paper
    version: int = 0
    """Exactly this version; 0 for the newest one."""


class FullText(Struct, frozen=True):
    """The full text of a paper, stored. The fields are keys of the result of a job."""

    id: str
    version: int
    source: SourceName
    origin: Origin
    newer: bool = False
    """Whether it was fetched now and is a newer version than the one that was stored, which is still there."""
    warning: str = ""


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
    services = endpoints.configured_endpoints()
    cache = ResponseCache(paths.response_cache_folder())
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        sources = FullTextSources(library, client, is_batch=is_batch, on_progress=on_progress)
        yield FullTextDownloader(library, sources, client.warnings)


class FullTextDownloader:
    """Gets full texts, one after the other."""

    def __init__(self, library: Library, sources: FullTextSources, warnings: list[str]) -> None:
        self._texts, self._sources = library.full_texts, sources
        self.warnings = warnings
        self._down: set[SourceName] = set()
        """Sources that did not respond, and are not waited for again."""

    def get(self, wanted: WantedText, *, refresh: bool = False, only_stored: bool = False) -> FullText:
        """Return the full text of a paper; see `download_full_text`. With `only_stored`, no service is asked.

        Raises:
            Skipped: one would have been asked; otherwise as `download_full_text`.
        """
        stored = None if refresh and not only_stored else self._stored(wanted)
        if stored is not None:
            return stored
        name = _name_of(wanted)
        if not refresh and (reason := self._texts.unavailable.reason(name)):
            raise NoFullText(reason)
        if only_stored:
            raise Skipped("Not asked for, because the service is unavailable.")
        return self._ask(wanted, {} if refresh else self._texts.unavailable.asked(name))

    def _ask(self, wanted: WantedText, asked: Mapping[SourceName, str]) -> FullText:
        """Ask the sources, except those that had nothing within a day."""
        paper, known = wanted.paper, self._known(wanted)
        reasons = dict(asked)
        for source in available_sources():
            if source in asked or (source in self._down and reasons):
                continue
            try:
                found, reason = self._ask_source(source, wanted, known)
            except FetchError as error:
                if not reasons:
                    raise
                # A better source has none, so this one is asked the next time. What the user can do is the same.
                if error.service_unavailable:
                    self._down.add(source)
                continue
            if found is not None:
                return found
            reasons[source] = reason
            if known is not None and source == known.source:  # the others are worse
                return self._confirm(known, paper)
        reason = next(iter(reasons.values())) if paper.arxiv else WITHOUT_ARXIV_ID
        self._texts.unavailable.add(_name_of(wanted), tuple(reasons), reason)
        raise NoFullText(reason)

    def _known(self, wanted: WantedText) -> StoredText | None:
        """Return the stored text that can be read; of several versions, the newest one."""
        texts = self._texts.stored(wanted.paper.id)
        return next((text for text in texts if _is_wanted(text, wanted) and self._texts.document(text)), None)

    def _ask_source(
        self, source: SourceName, wanted: WantedText, known: StoredText | None
    ) -> tuple[FullText | None, str]:
        """Return the full text that a source has, or None and why it has none."""
        answer = self._sources.ask(source, wanted.paper, _etag(known, source), version=wanted.version)
        if answer.is_unchanged and known is not None:
            return self._confirm(known, wanted.paper), ""
        try:
            found = self._store(wanted.paper, answer, known)
        except (NotAFullText, ConversionFailed) as error:
            return None, str(error)
        if found is not None and wanted.version not in (0, found.version):
            return None, f"The service has no text of version {wanted.version} of this paper."
        return found, answer.reason

    def _stored(self, wanted: WantedText) -> FullText | None:
        """Return the newest stored text that can be read, converted again if necessary; None if there is none."""
        for text in self._texts.stored(wanted.paper.id):
            if not _is_wanted(text, wanted):
                continue
            is_readable = self._texts.document(text) is not None
            if is_readable and not self._texts.is_outdated(text):
                return _full_text(text, wanted.paper, "stored")
            try:
                converted = self._texts.convert_again(text)
            except (NotAFullText, ConversionFailed):
                converted = None
            if converted is not None:
                return _full_text(converted, wanted.paper, "converted")
            if is_readable:
                return _full_text(text, wanted.paper, "stored")
        return None

    def _confirm(self, known: StoredText, paper: Paper) -> FullText:
        self._texts.confirm(known)
        return _full_text(known, paper, "unchanged")

    def _store(self, paper: Paper, answer: Answer, known: StoredText | None) -> FullText | None:
        """Store the page of an answer; None if there is none."""
        if answer.page is None:
            return None
        text = self._texts.store_page(paper.id, answer.page)
        newer = known is not None and text.version > known.version > 0
        return _full_text(text, paper, "fetched", newer=newer)


def _name_of(wanted: WantedText) -> str:
    """Return the name under which it is remembered that a text is not available."""
    return f"{wanted.paper.id}v{wanted.version}" if wanted.version else wanted.paper.id


def _is_wanted(text: StoredText, wanted: WantedText) -> bool:
    return wanted.version in (0, text.version)


def _full_text(text: StoredText, paper: Paper, origin: Origin, *, newer: bool = False) -> FullText:
    warning = CUT_OFF if text.is_cut else ""
    return FullText(paper.id, text.version, text.source, origin, newer, warning)


def _etag(known: StoredText | None, source: SourceName) -> str:
    return known.etag if known is not None and known.source == source else ""

"""Send requests one after the other, and add each response to the library as it arrives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field

from paperreader.fetch.arxiv import Arxiv
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError, ServiceInUse
from paperreader.fetch.huggingface import HuggingFace
from paperreader.library import ImportReport, Library, Progress, ServiceResponse, check_against_service
from paperreader.models import Problem

OnProgress = Callable[[Progress], None]

NEW_VERSIONS = "new versions of bookmarks"
"""Name of the request that asks for them."""


class FetchRequest(Struct, frozen=True):
    """One thing to fetch, in one or more responses."""

    name: str
    """For messages: a day, a week, a query."""
    responses: Callable[[], Iterator[ServiceResponse]]
    on_complete: Callable[[dt.datetime | None], None] = lambda _: None
    """Called when all responses are in the library, with the time of the first one by the clock of the service; None if
    a response did not state it.
    """
    service: str = "huggingface"
    """If it is unavailable, no other request is sent to it."""
    announced: Callable[[], dict[str, int]] = dict
    """Called after that; returns how many papers arXiv announced, by kind."""


class RequestResult(Struct, frozen=True, omit_defaults=True):
    """A request that succeeded. The fields are keys of the JSON output."""

    name: str
    papers: int
    announced: dict[str, int] = field(default_factory=dict)
    """Of a subscription to arXiv: the numbers of `new`, `cross_listed` and `replaced` papers, of which only the new
    ones are added. `cross_listed` includes older papers whose metadata changed in another way.
    """


class FetchReport(Struct):
    """The outcome so far: `read = new + merged + unchanged`, counted per record."""

    read: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    """Unusable parts of responses, and failed requests."""
    results: list[RequestResult] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)
    """Names of requests that failed or were not sent any more."""
    postponed: list[str] = field(default_factory=list)
    """Names of requests that were not sent because another process of the user kept the service busy."""
    busy_services: list[str] = field(default_factory=list)
    """The names of those services."""
    warnings: list[str] = field(default_factory=list)
    """Messages that are not failures."""

    @property
    def new_versions(self) -> int:
        """How many bookmarks have a newer version than before."""
        return sum(result.papers for result in self.results if result.name == NEW_VERSIONS)

    @property
    def postponed_message(self) -> str:
        """A sentence about what is postponed; empty if nothing is."""
        names = " and ".join(dict.fromkeys(self.busy_services))
        return f"Another paperreader is using {names}." if names else ""

    def add(self, imported: ImportReport) -> None:
        """Add the counts and problems of one response."""
        self.read += imported.read
        self.new += imported.new
        self.merged += imported.merged
        self.unchanged += imported.unchanged
        self.problems.extend(imported.problems)


class FetchRun:
    """Requests on behalf of one library. Papers that have arrived stay in it, whatever fails later."""

    def __init__(
        self,
        library: Library,
        client: Client,
        on_progress: OnProgress = lambda _: None,
        *,
        update_index: bool = True,
    ) -> None:
        """`update_index`: whether `finish` updates the search index."""
        self._library, self._client = library, client
        self._on_progress, self._update_index = on_progress, update_index
        self._operation_id = library.imports.new_operation_id()
        self.report = FetchReport()

    def run(
        self,
        requests: Sequence[FetchRequest],
        unit: str,
        is_outdated: Callable[[dt.datetime | None], bool] = lambda _: False,
    ) -> bool:
        """Send requests in order. If one fails, the others are still sent, unless the service is unavailable.

        Args:
            requests: what to fetch.
            unit: what is counted in the progress.
            is_outdated: called after each request with the time of the service, if it is known; returns whether the
                requests were planned for another day.

        Returns:
            Whether that was the case. The last request was not counted, and no other was sent.

        Raises:
            StorageError: the library cannot be written.
        """
        report = self.report
        unavailable: dict[str, list[str]] = {}  # services, and where the names of their other requests go
        for number, request in enumerate(requests):
            self._on_progress(Progress("fetching", number, len(requests), unit))
            if request.service in unavailable:
                unavailable[request.service].append(request.name)
                continue
            read_before = report.read
            self._client.service_times.clear()
            failure: FetchError | None = None
            try:
                self._import(request.responses())
            except FetchError as error:
                failure = error
            service_times = self._client.service_times
            has_responded = failure is None or any(service_times)
            if has_responded and is_outdated(service_times[-1] if service_times else None):
                return True
            if isinstance(failure, ServiceInUse):
                report.busy_services.append(failure.service)
                report.postponed.append(request.name)
                unavailable[request.service] = report.postponed
            elif failure is not None:
                report.problems.append(Problem(request.name, None, str(failure)))
                report.remaining.append(request.name)
                if failure.service_unavailable:
                    unavailable[request.service] = report.remaining
            else:
                request.on_complete(service_times[0] if service_times and all(service_times) else None)
                papers = report.read - read_before
                report.results.append(RequestResult(request.name, papers, request.announced()))
        left = len(report.remaining) + len(report.postponed)
        self._on_progress(Progress("fetching", len(requests) - left, len(requests), unit))
        return False

    def add_papers(self, ids: Sequence[str]) -> None:
        """Add papers by arXiv id: from Hugging Face, with votes and repository, else from arXiv.

        Raises:
            StorageError: the library cannot be written.
        """
        missing, hugging_face_error = self._add_from_hugging_face(ids)
        if missing:
            missing = self._add_from_arxiv(missing, hugging_face_error)
        elif hugging_face_error:
            self.report.warnings.append(hugging_face_error)
        for id in missing:
            self.report.problems.append(Problem(id, None, "not found on Hugging Face or arXiv"))
            self.report.remaining.append(id)

    def finish(self) -> FetchReport:
        """Update the search index if papers changed, and return the report."""
        if self._update_index and (self.report.new or self.report.merged):
            self._library.maintenance.update_index_after_write(self._on_progress)
        self.report.warnings.extend(self._client.warnings)
        if self._client.time_comparison is not None:
            host, now, service_time = self._client.time_comparison
            if warning := check_against_service(self._library.state, host, now, service_time):
                self.report.warnings.append(warning)
        return self.report

    def _import(self, responses: Iterable[ServiceResponse], *, restore_deleted: bool = False) -> None:
        for response in responses:
            imported = self._library.imports.add_responses(
                [response], self._operation_id, restore_deleted=restore_deleted
            )
            self.report.add(imported)

    def _add_from_hugging_face(self, ids: Sequence[str]) -> tuple[list[str], str]:
        """Return the ids that it does not have, and its last error, else an empty string."""
        service, last_error = HuggingFace(self._client), ""
        missing: list[str] = []
        for number, id in enumerate(ids):
            self._on_progress(Progress("fetching", number, len(ids)))
            try:
                response = service.paper(id)
            except FetchError as error:
                last_error = str(error)
                if error.service_unavailable:
                    return [*missing, *ids[number:]], last_error
                response = None
            if response is None:
                missing.append(id)
            else:
                self._import([response], restore_deleted=True)
                self.report.results.append(RequestResult(id, 1))
        return missing, last_error

    def _add_from_arxiv(self, ids: Sequence[str], hugging_face_error: str) -> list[str]:
        """Return the ids that arXiv does not have either."""
        missing = list(ids)
        try:
            for response, known in Arxiv(self._client).papers(ids):
                self._import([response], restore_deleted=True)
                self.report.results.extend(RequestResult(id, 1) for id in ids if id in known)
                missing = [id for id in missing if id not in known]
        except FetchError as error:
            message = f"{hugging_face_error} {error}" if hugging_face_error else str(error)
            self.report.problems.extend(Problem(id, None, message) for id in missing)
            self.report.remaining.extend(missing)
            return []
        if hugging_face_error:
            self.report.warnings.append(f"{hugging_face_error} Votes and comments are missing for now.")
        return missing

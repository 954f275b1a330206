"""A round of questions: each answer goes into the library as it comes, and what is done is remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from paperreader.fetch import clock
from paperreader.fetch.arxiv import Arxiv
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.huggingface import HuggingFace
from paperreader.fetch.report import FetchReport, RequestResult
from paperreader.library import Library, Progress, ServiceResponse
from paperreader.models import Problem

OnProgress = Callable[[Progress], None]


class FetchRequest(Struct, frozen=True):
    """Something to be asked for."""

    name: str
    """As people call it: a day, a week."""
    responses: Callable[[], Iterator[ServiceResponse]]
    on_complete: Callable[[dt.datetime], None] = lambda _: None
    """Told, when all of it is in the library, the moment (UTC) at which it was asked for."""


class FetchRun:
    """Asks on behalf of one library. What has come in stays, whatever happens next."""

    def __init__(
        self,
        library: Library,
        client: Client,
        on_progress: OnProgress = lambda _: None,
        *,
        update_index: bool = True,
    ) -> None:
        """`tell` hears how far it is; `index`: the search index follows at the end."""
        self._library, self._client, self._on_progress, self._update_index = (
            library,
            client,
            on_progress,
            update_index,
        )
        self.report = FetchReport()

    def run(self, requests: Sequence[FetchRequest], unit: str) -> None:
        """Ask them in their order. One that fails costs itself alone, unless the service cannot be reached at all.

        Raises:
            StorageError: the library cannot be written.
        """
        report = self.report
        for place, question in enumerate(requests):
            self._on_progress(Progress("fetching", place, len(requests), unit))
            asked_at, before = clock.now(), report.read
            try:
                self._import(question.responses())
            except FetchError as error:
                report.problems.append(Problem(question.name, None, str(error)))
                report.left.append(question.name)
                if error.service_unavailable:
                    report.left.extend(later.name for later in requests[place + 1 :])
                    break
            else:
                question.on_complete(asked_at)
                report.results.append(RequestResult(question.name, report.read - before))
        self._on_progress(Progress("fetching", len(requests) - len(report.left), len(requests), unit))

    def add_papers(self, ids: Sequence[str]) -> None:
        """Bring single papers by their arXiv ids: as Hugging Face knows them, with votes and repository, else as arXiv.

        Raises:
            StorageError: the library cannot be written.
        """
        unknown, trouble = self._add_from_hugging_face(ids)
        if unknown:
            unknown = self._add_from_arxiv(unknown, trouble)
        elif trouble:
            self.report.notices.append(trouble)
        for id in unknown:
            self.report.problems.append(Problem(id, None, "neither Hugging Face nor arXiv knows this paper"))
            self.report.left.append(id)

    def finish(self) -> FetchReport:
        """Let the search index follow, and give what it all came to."""
        if self._update_index and (self.report.new or self.report.merged):
            self._library.maintenance.update_index_after_write(self._on_progress)
        self.report.notices.extend(self._client.warnings)
        return self.report

    def _import(self, responses: Iterable[ServiceResponse]) -> None:
        for answer in responses:
            self.report.add(self._library.imports.add_responses([answer]))

    def _add_from_hugging_face(self, ids: Sequence[str]) -> tuple[list[str], str]:
        """The ids that it did not answer for, and what was wrong with it, if anything was."""
        service, trouble = HuggingFace(self._client), ""
        unknown: list[str] = []
        for place, id in enumerate(ids):
            self._on_progress(Progress("fetching", place, len(ids)))
            try:
                answer = service.paper(id)
            except FetchError as error:
                trouble = str(error)
                if error.service_unavailable:
                    return [*unknown, *ids[place:]], trouble
                answer = None
            if answer is None:
                unknown.append(id)
            else:
                self._import([answer])
                self.report.results.append(RequestResult(id, 1))
        return unknown, trouble

    def _add_from_arxiv(self, ids: Sequence[str], earlier_error: str) -> list[str]:
        """The ids that it does not know either; `trouble` is what kept Hugging Face from answering."""
        unknown = list(ids)
        try:
            for answer, known in Arxiv(self._client).papers(ids):
                self._import([answer])
                self.report.results.extend(RequestResult(id, 1) for id in ids if id in known)
                unknown = [id for id in unknown if id not in known]
        except FetchError as error:
            sentence = f"{earlier_error} {error}" if earlier_error else str(error)
            self.report.problems.extend(Problem(id, None, sentence) for id in unknown)
            self.report.left.extend(unknown)
            return []
        if earlier_error:
            self.report.notices.append(f"{earlier_error} Votes and comments are missing for now.")
        return unknown

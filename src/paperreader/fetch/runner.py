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
from paperreader.fetch.report import Asked, FetchReport
from paperreader.library import Library, Progress
from paperreader.library.answers import Answer
from paperreader.models import Problem

Tell = Callable[[Progress], None]


class Question(Struct, frozen=True):
    """Something to be asked for."""

    name: str
    """As people call it: a day, a week."""
    ask: Callable[[], Iterator[Answer]]
    done: Callable[[dt.datetime], None] = lambda _: None
    """Told, when all of it is in the library, the moment (UTC) at which it was asked for."""


class Round:
    """Asks on behalf of one library. What has come in stays, whatever happens next."""

    def __init__(
        self, library: Library, client: Client, tell: Tell = lambda _: None, *, index: bool = True
    ) -> None:
        """`tell` hears how far it is; `index`: the search index follows at the end."""
        self._library, self._client, self._tell, self._index = library, client, tell, index
        self.report = FetchReport()

    def ask(self, questions: Sequence[Question], unit: str) -> None:
        """Ask them in their order. One that fails costs itself alone, unless the service cannot be reached at all.

        Raises:
            StorageError: the library cannot be written.
        """
        report = self.report
        for place, question in enumerate(questions):
            self._tell(Progress("fetching", place, len(questions), unit))
            asked_at, before = clock.now(), report.read
            try:
                self._take_in(question.ask())
            except FetchError as error:
                report.problems.append(Problem(question.name, None, str(error)))
                report.left.append(question.name)
                if error.hopeless:
                    report.left.extend(later.name for later in questions[place + 1 :])
                    break
            else:
                question.done(asked_at)
                report.asked.append(Asked(question.name, report.read - before))
        self._tell(Progress("fetching", len(questions) - len(report.left), len(questions), unit))

    def add(self, ids: Sequence[str]) -> None:
        """Bring single papers by their arXiv ids: as Hugging Face knows them, with votes and repository, else as arXiv.

        Raises:
            StorageError: the library cannot be written.
        """
        unknown, trouble = self._ask_hugging_face(ids)
        if unknown:
            unknown = self._ask_arxiv(unknown, trouble)
        elif trouble:
            self.report.notices.append(trouble)
        for id in unknown:
            self.report.problems.append(Problem(id, None, "neither Hugging Face nor arXiv knows this paper"))
            self.report.left.append(id)

    def finish(self) -> FetchReport:
        """Let the search index follow, and give what it all came to."""
        if self._index and (self.report.new or self.report.merged):
            self._library.let_index_follow(self._tell)
        self.report.notices.extend(self._client.notices)
        return self.report

    def _take_in(self, answers: Iterable[Answer]) -> None:
        for answer in answers:
            self.report.add(self._library.take_in([answer]))

    def _ask_hugging_face(self, ids: Sequence[str]) -> tuple[list[str], str]:
        """The ids that it did not answer for, and what was wrong with it, if anything was."""
        service, trouble = HuggingFace(self._client), ""
        unknown: list[str] = []
        for place, id in enumerate(ids):
            self._tell(Progress("fetching", place, len(ids)))
            try:
                answer = service.paper(id)
            except FetchError as error:
                trouble = str(error)
                if error.hopeless:
                    return [*unknown, *ids[place:]], trouble
                answer = None
            if answer is None:
                unknown.append(id)
            else:
                self._take_in([answer])
                self.report.asked.append(Asked(id, 1))
        return unknown, trouble

    def _ask_arxiv(self, ids: Sequence[str], trouble: str) -> list[str]:
        """The ids that it does not know either; `trouble` is what kept Hugging Face from answering."""
        unknown = list(ids)
        try:
            for answer, known in Arxiv(self._client).papers(ids):
                self._take_in([answer])
                self.report.asked.extend(Asked(id, 1) for id in ids if id in known)
                unknown = [id for id in unknown if id not in known]
        except FetchError as error:
            sentence = f"{trouble} {error}" if trouble else str(error)
            self.report.problems.extend(Problem(id, None, sentence) for id in unknown)
            self.report.left.extend(unknown)
            return []
        if trouble:
            self.report.notices.append(f"{trouble} Votes and comments are missing for now.")
        return unknown

"""One fetch from beginning to end: what the commands and the reader's child process do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch import clock, endpoints
from paperreader.fetch.http.cache import AnswerCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.paper_refs import Wanted
from paperreader.fetch.planner import Plans
from paperreader.fetch.report import FetchReport
from paperreader.fetch.runner import Question, Round, Tell
from paperreader.library import Library, Progress

TOLD_WAIT = 1.0
"""Seconds; shorter waits are not worth a word."""


class Session(Struct):
    """A library, somebody to ask for it, and what is to be asked."""

    plans: Plans
    round: Round


@contextmanager
def session(library: Library, tell: Tell, *, index: bool = True) -> Iterator[Session]:
    """Everything a fetch needs, with the connections closed at its end. `index`: have the search index follow.

    Raises:
        UsageError: the library is that of the samples, or a service has no usable address.
    """
    if library.is_sample:
        raise UsageError("The samples stay as they are; papers go into a library of your own.")

    def waits(seconds: float) -> None:
        if seconds >= TOLD_WAIT:
            tell(Progress("waiting", round(seconds), None, "seconds"))

    with Client(endpoints.chosen(), AnswerCache(paths.answers_folder()), waits=waits) as client:
        yield Session(Plans(library, client, clock.now().date()), Round(library, client, tell, index=index))


def fetch_latest(library: Library, tell: Tell, *, index: bool = True) -> FetchReport:
    """Today's Daily Papers, and those of every day since the last fetch.

    Raises:
        UsageError: see `session`.
        StorageError: the library cannot be written.
    """
    return _of_days(library, tell, lambda plans: plans.latest(), index=index)


def fetch_pages(library: Library, pages: Sequence[Wanted], tell: Tell) -> FetchReport:
    """Days, weeks and months of Daily Papers, and what is trending.

    Raises:
        UsageError: one of them has not come yet; or see `session`.
        StorageError: the library cannot be written.
    """
    return _of_days(library, tell, lambda plans: [each for page in pages for each in plans.wanted(page)])


def fetch_since(library: Library, first: dt.date, tell: Tell) -> FetchReport:
    """Every day of Daily Papers from `first` on that is not in the library yet.

    Raises:
        UsageError: it has not come yet; or see `session`.
        StorageError: the library cannot be written.
    """
    return _of_days(library, tell, lambda plans: plans.since(first))


def fetch_arxiv(
    library: Library, categories: Sequence[str], words: str, since: str | None, limit: int, tell: Tell
) -> FetchReport:
    """The newest papers of arXiv that fit, at most `limit`.

    Raises:
        UsageError: nothing is asked for, or not in the way that arXiv understands; or see `session`.
        StorageError: the library cannot be written.
    """
    with session(library, tell) as opened:
        questions, service = opened.plans.arxiv(categories, words, since, limit)
        opened.round.ask(questions, "queries")
        report = opened.round.finish()
    if service.total > limit:
        report.notices.append(
            f"arXiv has {service.total:,} papers that fit; the newest {limit:,} were asked for, --limit asks for more."
        )
    return report


def add(library: Library, things: Sequence[Wanted], tell: Tell, *, index: bool = True) -> FetchReport:
    """Single papers, and pages of Daily Papers.

    Raises:
        UsageError: a page has not come yet; or see `session`.
        StorageError: the library cannot be written.
    """
    with session(library, tell, index=index) as opened:
        pages = [each for what in things if what.kind != "paper" for each in opened.plans.wanted(what)]
        if ids := list(dict.fromkeys(what.value for what in things if what.kind == "paper")):
            opened.round.add(ids)
        if pages:
            opened.round.ask(pages, "pages")
        return opened.round.finish()


def _of_days(
    library: Library, tell: Tell, plan: Callable[[Plans], list[Question]], *, index: bool = True
) -> FetchReport:
    with session(library, tell, index=index) as opened:
        opened.round.ask(plan(opened.plans), "days")
        return opened.round.finish()

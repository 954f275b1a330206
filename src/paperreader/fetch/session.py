"""One fetch from beginning to end: what the commands and the reader's child process do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch import clock, endpoints
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.paper_refs import PaperRef
from paperreader.fetch.planner import FetchPlanner
from paperreader.fetch.report import FetchReport
from paperreader.fetch.runner import FetchRequest, FetchRun, OnProgress
from paperreader.library import Library, Progress

MIN_REPORTED_WAIT_SECONDS = 1.0
"""Seconds; shorter waits are not worth a word."""


class FetchSession(Struct):
    """A library, somebody to ask for it, and what is to be asked."""

    planner: FetchPlanner
    run: FetchRun


@contextmanager
def open_session(
    library: Library, on_progress: OnProgress, *, update_index: bool = True
) -> Iterator[FetchSession]:
    """Everything a fetch needs, with the connections closed at its end. `update_index`: have the search index follow.

    Raises:
        UsageError: the library is that of the samples, or a service has no usable address.
    """
    if library.is_sample:
        raise UsageError("The samples stay as they are; papers go into a library of your own.")

    def waits(seconds: float) -> None:
        if seconds >= MIN_REPORTED_WAIT_SECONDS:
            on_progress(Progress("waiting", round(seconds), None, "seconds"))

    with Client(endpoints.chosen(), ResponseCache(paths.response_cache_folder()), on_wait=waits) as client:
        yield FetchSession(
            FetchPlanner(library, client, clock.now().date()),
            FetchRun(library, client, on_progress, update_index=update_index),
        )


def fetch_latest(library: Library, on_progress: OnProgress, *, update_index: bool = True) -> FetchReport:
    """Today's Daily Papers, and those of every day since the last fetch.

    Raises:
        UsageError: see `session`.
        StorageError: the library cannot be written.
    """
    return _fetch_days(library, on_progress, lambda plans: plans.latest(), update_index=update_index)


def fetch_pages(library: Library, refs: Sequence[PaperRef], on_progress: OnProgress) -> FetchReport:
    """Days, weeks and months of Daily Papers, and what is trending.

    Raises:
        UsageError: one of them has not come yet; or see `session`.
        StorageError: the library cannot be written.
    """
    return _fetch_days(
        library, on_progress, lambda plans: [each for page in refs for each in plans.for_ref(page)]
    )


def fetch_since(library: Library, first: dt.date, on_progress: OnProgress) -> FetchReport:
    """Every day of Daily Papers from `first` on that is not in the library yet.

    Raises:
        UsageError: it has not come yet; or see `session`.
        StorageError: the library cannot be written.
    """
    return _fetch_days(library, on_progress, lambda plans: plans.since(first))


def fetch_arxiv(
    library: Library,
    categories: Sequence[str],
    words: str,
    since: str | None,
    limit: int,
    on_progress: OnProgress,
) -> FetchReport:
    """The newest papers of arXiv that fit, at most `limit`.

    Raises:
        UsageError: nothing is asked for, or not in the way that arXiv understands; or see `session`.
        StorageError: the library cannot be written.
    """
    with open_session(library, on_progress) as opened:
        questions, service = opened.planner.arxiv(categories, words, since, limit)
        opened.run.run(questions, "queries")
        report = opened.run.finish()
    if service.total > limit:
        report.notices.append(
            f"arXiv has {service.total:,} papers that fit; the newest {limit:,} were asked for, --limit asks for more."
        )
    return report


def add_refs(
    library: Library, refs: Sequence[PaperRef], on_progress: OnProgress, *, update_index: bool = True
) -> FetchReport:
    """Single papers, and pages of Daily Papers.

    Raises:
        UsageError: a page has not come yet; or see `session`.
        StorageError: the library cannot be written.
    """
    with open_session(library, on_progress, update_index=update_index) as opened:
        pages = [each for what in refs if what.kind != "paper" for each in opened.planner.for_ref(what)]
        if ids := list(dict.fromkeys(what.value for what in refs if what.kind == "paper")):
            opened.run.add_papers(ids)
        if pages:
            opened.run.run(pages, "pages")
        return opened.run.finish()


def _fetch_days(
    library: Library,
    on_progress: OnProgress,
    plan: Callable[[FetchPlanner], list[FetchRequest]],
    *,
    update_index: bool = True,
) -> FetchReport:
    with open_session(library, on_progress, update_index=update_index) as opened:
        opened.run.run(plan(opened.planner), "days")
        return opened.run.finish()

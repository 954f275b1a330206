"""Complete fetches, as started by the commands and by the reader's background job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from msgspec import Struct

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch import clock, endpoints
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.paper_refs import PaperRef
from paperreader.fetch.planner import FetchPlanner
from paperreader.fetch.runner import FetchReport, FetchRequest, FetchRun, OnProgress
from paperreader.library import Library, Progress

Service = Literal["huggingface", "arxiv"]
SERVICES: tuple[Service, ...] = ("huggingface", "arxiv")

NO_SUBSCRIPTIONS = (
    "Nothing to fetch from arXiv; use --category cs.CL or --query WORDS, or subscribe to categories in the settings: "
    '[fetch] arxiv = ["cs.CL"].'
)

MIN_REPORTED_WAIT_SECONDS = 1.0
"""Shorter waits are not shown."""


class FetchSession(Struct):
    """The planner and the runner of one fetch, which share a client."""

    planner: FetchPlanner
    runner: FetchRun


@contextmanager
def open_session(
    library: Library, on_progress: OnProgress, *, update_index: bool = True
) -> Iterator[FetchSession]:
    """Open connections for the body. `update_index`: whether the search index is updated at the end.

    Raises:
        UsageError: the library is the sample library, or a service has no valid address.
    """
    if library.is_sample:
        raise UsageError("The sample library cannot be changed; add papers to a library of your own.")

    services = endpoints.configured_endpoints()
    with Client(
        services, ResponseCache(paths.response_cache_folder()), on_wait=waiting_reporter(on_progress)
    ) as client:
        yield FetchSession(
            FetchPlanner(library, client, clock.now().date()),
            FetchRun(library, client, on_progress, update_index=update_index),
        )


def waiting_reporter(on_progress: OnProgress) -> Callable[[float], None]:
    """Return a function that reports how many seconds a client waits."""

    def report(seconds: float) -> None:
        if seconds >= MIN_REPORTED_WAIT_SECONDS:
            on_progress(Progress("waiting", round(seconds), None, "seconds"))

    return report


def fetch_latest(
    library: Library,
    on_progress: OnProgress,
    *,
    services: Collection[Service] = SERVICES,
    update_index: bool = True,
) -> FetchReport:
    """Fetch today's Daily Papers, what arXiv announced in subscriptions, and both of every day since the last fetch.

    Once a day, new versions of bookmarked papers are fetched as well.

    Raises:
        UsageError: see `open_session`; or there are no subscriptions, and nothing else is to be fetched.
        StorageError: the library cannot be written.
    """

    def plan(planner: FetchPlanner) -> list[FetchRequest]:
        requests = planner.latest() if "huggingface" in services else []
        requests += planner.announcements() if "arxiv" in services else []
        return requests + (planner.versions() if requests and "arxiv" in services else [])

    report = _fetch_days(library, on_progress, plan, update_index=update_index)
    report.warnings.extend(endpoints.ignored_subscriptions() if "arxiv" in services else ())
    return report


def fetch_pages(library: Library, refs: Sequence[PaperRef], on_progress: OnProgress) -> FetchReport:
    """Fetch days, weeks and months of Daily Papers, and the trending papers.

    Raises:
        UsageError: one of them is in the future; or see `open_session`.
        StorageError: the library cannot be written.
    """
    return _fetch_days(
        library, on_progress, lambda planner: [request for ref in refs for request in planner.for_ref(ref)]
    )


def fetch_since(
    library: Library,
    first: dt.date,
    on_progress: OnProgress,
    *,
    services: Collection[Service] = SERVICES,
) -> FetchReport:
    """Fetch every day of Daily Papers and of subscriptions to arXiv from `first` on that is not complete.

    Raises:
        UsageError: it is in the future; or see `fetch_latest`.
        StorageError: the library cannot be written.
    """

    def plan(planner: FetchPlanner) -> list[FetchRequest]:
        requests = planner.since(first) if "huggingface" in services else []
        return requests + (planner.announcements(first) if "arxiv" in services else [])

    return _fetch_days(library, on_progress, plan)


def fetch_arxiv(
    library: Library,
    categories: Sequence[str],
    words: str,
    since: str | None,
    limit: int,
    on_progress: OnProgress,
) -> FetchReport:
    """Fetch the newest matching papers from arXiv, at most `limit`.

    Raises:
        UsageError: the query is empty or invalid; or see `open_session`.
        StorageError: the library cannot be written.
    """
    with open_session(library, on_progress) as session:
        requests, service = session.planner.arxiv(categories, words, since, limit)
        session.runner.run(requests, "queries")
        report = session.runner.finish()
    if service.total > limit:
        report.warnings.append(
            f"arXiv has {service.total:,} matching papers; fetched the newest {limit:,}. Use --limit for more."
        )
    return report


def add_refs(
    library: Library, refs: Sequence[PaperRef], on_progress: OnProgress, *, update_index: bool = True
) -> FetchReport:
    """Add single papers and pages of Daily Papers.

    Raises:
        UsageError: a page is in the future; or see `open_session`.
        StorageError: the library cannot be written.
    """
    with open_session(library, on_progress, update_index=update_index) as session:
        pages = [request for ref in refs if ref.kind != "paper" for request in session.planner.for_ref(ref)]
        if ids := list(dict.fromkeys(ref.value for ref in refs if ref.kind == "paper")):
            session.runner.add_papers(ids)
        if pages:
            session.runner.run(pages, "pages")
        return session.runner.finish()


def _fetch_days(
    library: Library,
    on_progress: OnProgress,
    plan: Callable[[FetchPlanner], list[FetchRequest]],
    *,
    update_index: bool = True,
) -> FetchReport:
    with open_session(library, on_progress, update_index=update_index) as session:
        planner, runner = session.planner, session.runner
        requests = plan(planner)
        if not requests:
            raise UsageError(NO_SUBSCRIPTIONS)
        if runner.run(requests, _unit(requests), planner.confirm_today):
            requests = plan(planner)  # the clock of this computer is wrong by days
            runner.run(requests, _unit(requests))
        return runner.finish()


def _unit(requests: Sequence[FetchRequest]) -> str:
    return "requests" if any(request.service == "arxiv" for request in requests) else "days"

"""Citations of the paper in the detail, which are requested only if the settings say so."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext

import pytest
from msgspec.structs import replace

from paperreader.config import Settings
from paperreader.tui.controllers.papers.citations import shown_citations
from paperreader.tui.controllers.papers.citations.citations import CitationsController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.results import ResultsController
from tests.fetch.server import Reply, hang, running_service
from tests.for_you import import_records
from tests.tui.controllers.fakes import fake_context
from tests.waiting import TIMEOUT_SECONDS

BATCH = "/graph/v1/paper/batch"


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "key")
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    with running_service(monkeypatch) as service:
        monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
        service.respond(BATCH, Reply([{"citationCount": 7}]))
        yield service


@pytest.fixture
def lamps(library, tmp_path):
    papers = [{"paperreader": 1, "title": f"Lamps {n}", "arxiv": f"2401.0432{n}"} for n in range(3)]
    import_records(tmp_path, [*papers, {"paperreader": 1, "title": "Doors", "abstract": "Doors open."}])
    library.refresh()
    return library


class Reader:
    """The controller in a reader whose list has some papers, and the cursor on the first one."""

    def __init__(self, library, *ids, **settings):
        changed = replace(Settings().citations, when_shown=True, **settings)
        self.ctx = fake_context(library, replace(Settings(), citations=changed))
        self.ctx.widgets.paper_list.rows = [library.resolve(id) for id in ids]
        marks = MarksController(self.ctx, ResultsController(self.ctx))
        self.citations = CitationsController(self.ctx, marks, FakeJobs())

    async def press(self, *, moves=0):
        """Press a key, and let the time pass that a paper has to be shown."""
        self.move(moves)
        self.ctx.signals.key_pressed.emit(None)
        await self.wait()

    def move(self, delta):
        self.ctx.widgets.paper_list.move_by(delta)
        self.ctx.signals.cursor_moved.emit(self.ctx.current_row)

    async def wait(self):
        self.ctx.tasks.run_timers()
        await self.ctx.tasks.wait()

    @property
    def warnings(self):
        return self.ctx.ui.warnings


class FakeJobs:
    """Shows no progress."""

    def running(self, owner, text=""):
        return nullcontext()

    def run(self, job, owner):
        return job.run(lambda progress: None)


def asked(service):
    return [json.loads(request.body)["ids"] for request in service.requests]


async def test_the_shown_paper_is_asked_for_once_and_stored(lamps, service):
    reader, stored = Reader(lamps, "2401.04320", "2401.04321"), []
    reader.ctx.signals.citations_stored.connect(stored.append)
    reader.move(0)
    await reader.wait()
    assert service.requests == [], "no key was pressed"
    await reader.press()
    await reader.press(moves=1)
    await reader.press(moves=-1)
    assert asked(service) == [["ARXIV:2401.04320"], ["ARXIV:2401.04321"]]
    assert lamps.citation_counts.get("2401.04321").count == 7 and len(stored) == 2
    another = Reader(lamps, "2401.04320")
    await another.press()
    assert len(service.requests) == 2 and another.ctx.tasks.timers == [], "the count is fresh"
    assert reader.warnings == another.warnings == []


async def test_nothing_is_asked_by_default_or_where_the_paper_is_not_shown(lamps, service):
    assert CitationsController(fake_context(lamps), None, FakeJobs()).when_shown is None
    reader = Reader(lamps, "2401.04320", "2401.04321", "2401.04322")
    ui = reader.ctx.ui
    for attribute, value in (("mode", "search"), ("is_in_front", False), ("arrangement", "single")):
        before = getattr(ui, attribute)
        setattr(ui, attribute, value)
        await reader.press()
        setattr(ui, attribute, before)
    reader.ctx.signals.key_pressed.emit(None)
    reader.move(1)
    reader.move(1)
    assert all(timer.is_stopped for timer in reader.ctx.tasks.timers[:-1])
    await reader.wait()
    assert asked(service) == [["ARXIV:2401.04322"]], "moving on cancels what has not started"


async def test_unknown_papers_are_remembered_and_those_without_ids_never_asked(lamps, service):
    doors = next(lamps.table.id_of(row) for row in lamps.table.newest if lamps.paper(row).title == "Doors")
    service.respond(BATCH, Reply([None]))
    for _ in range(2):
        reader = Reader(lamps, "2401.04320", doors)
        await reader.press()
        await reader.press(moves=1)
    assert asked(service) == [["ARXIV:2401.04320"]] and reader.warnings == []


FAILURES = {
    "bad key": (Reply({"message": "Forbidden"}, status=403), "Semantic Scholar refused the key."),
    "429": (Reply(b"", status=429, headers={"Retry-After": "900"}), "in 15 minutes"),
    "web page": (Reply("<html>", content_type="text/html"), "web page instead of JSON"),
}


@pytest.mark.parametrize(("reply", "message"), FAILURES.values(), ids=FAILURES.keys())
async def test_a_failure_is_said_once_and_ends_the_requests(lamps, service, reply, message):
    service.respond(BATCH, reply)
    reader = Reader(lamps, "2401.04320", "2401.04321", "2401.04322")
    await reader.press()
    count = len(service.requests)
    service.respond(BATCH, Reply([{"citationCount": 7}]))
    await reader.press(moves=1)
    [warning] = reader.warnings
    assert message in warning and len(service.requests) == count
    reader.citations.look_up()
    await reader.ctx.tasks.wait()
    await reader.press(moves=1)
    assert asked(service)[count:] == [["ARXIV:2401.04321"], ["ARXIV:2401.04322"]], "the user asked again"


async def test_a_missing_key_is_explained_once(lamps, service, monkeypatch):
    monkeypatch.delenv("SEMANTIC_SCHOLAR_API_KEY")
    for name, message in (("auto", "No service for citations"), ("semanticscholar", "requires a key")):
        reader = Reader(lamps, "2401.04320", "2401.04321", service=name)
        await reader.press()
        await reader.press(moves=1)
        [warning] = reader.warnings
        assert message in warning
    assert service.requests == []


async def test_the_number_of_requests_is_limited(lamps, service, monkeypatch):
    monkeypatch.setattr(shown_citations, "MAX_REQUESTS", 1)
    reader = Reader(lamps, "2401.04320", "2401.04321", "2401.04322")
    for _ in range(3):
        await reader.press(moves=1)
    assert len(service.requests) == 1
    [warning] = reader.warnings
    assert "1 were requested in this session" in warning


async def test_a_request_of_the_user_comes_first_and_quitting_stops_one(lamps, service):
    reader = Reader(lamps, "2401.04320", "2401.04321")
    reader.ctx.signals.key_pressed.emit(None)
    reader.ctx.tasks.run_timers()
    reader.citations.look_up()
    await reader.ctx.tasks.wait()
    assert asked(service) == [["ARXIV:2401.04320"]]
    await reader.press(moves=1)
    assert asked(service)[1:] == [["ARXIV:2401.04321"]] and reader.warnings == []


async def test_stopping_is_no_failure(lamps, service):
    service.respond(BATCH, Reply(b"[", content_length=50, after_body=hang))
    reader = Reader(lamps, "2401.04320", "2401.04321")
    reader.ctx.signals.key_pressed.emit(None)
    reader.ctx.tasks.run_timers()
    await asyncio.to_thread(service.request_received.wait, TIMEOUT_SECONDS)
    reader.citations.when_shown.stop()
    await reader.ctx.tasks.wait()
    assert reader.warnings == [] and reader.ctx.tasks.timers == []

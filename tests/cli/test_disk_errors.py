"""A disk that is full, read-only or broken: every command reports it in one line, and works when the disk does."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from paperreader.cli.main import run
from paperreader.library import Library
from tests.examples import endurance
from tests.faults import FAULTS
from tests.fetch.server import FakeService, Reply, item, running_service

COMMANDS = [
    ["mark", "ID", "--bookmark"],
    ["mark", "ID", "--note", "new"],
    ["mark", "ID", "--tag", "rl"],
    ["search", "lanterns"],
    ["show", "ID"],
    ["import", "more.jsonl"],
    ["remove", "ID"],
    ["remove", "--undo"],
    ["export", "--format", "csv", "--output", "out.csv"],
    ["subscribe", "Light", "lanterns"],
    ["subscriptions"],
    ["digest"],
    ["digest", "--format", "markdown", "--output", "out.md"],
    ["config", "--init"],
    ["check", "--repair"],
    ["restore", "1"],
    ["reindex"],
    ["trends"],
    ["paths"],
    ["fetch"],
    ["add", "2611.00001"],
    ["pdf", "2501.00009"],
    ["mark", "ID", "--dismiss", "--read"],
    ["mark", "ID", "--hide", "--queue-first"],
    ["tags"],
    ["tags", "--rename", "rl", "control"],
    ["tags", "--delete", "control"],
    ["inbox"],
    ["inbox", "--dismiss"],
    ["inbox", "--undo"],
    ["config"],
    ["config", "--json"],
    ["restore", "--list"],
    ["export", "--format", "bibtex"],
    ["unsubscribe", "Light"],
    ["import", "--undo"],
]


def configure_service(service: FakeService) -> None:
    """Let a fake service have a paper of today, a single paper, and PDFs."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    service.respond_day(today, [item("2611.00002", "Mills in Winter", today)])
    service.respond("/api/papers/2611.00001", Reply(item("2611.00001", "River Bends", today)["paper"]))
    service.respond("/pdf/", Reply(b"%PDF-1.7 river bends %%EOF", content_type="application/pdf"))


@pytest.mark.parametrize(
    "fault", ["no temporary folder", "full", *map(endurance, ("read-only", "read error", "stale"))]
)
def test_every_command_reports_a_failing_disk_in_one_line(filled, tmp_path, monkeypatch, capsys, fault):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "more.jsonl").write_text(
        json.dumps({"title": "Ladders for Short Astronomers", "abstract": "Few."})
    )
    library = Library.open()
    id = library.paper(0).id
    for note in ("one", "two"):
        filled("mark", id, "--note", note)
    wrong = []
    with running_service(monkeypatch) as service:
        configure_service(service)
        for command in COMMANDS:
            with FAULTS[fault]():
                code = run([id if word == "ID" else word for word in command])
            captured = capsys.readouterr()
            lines = captured.err.splitlines()
            is_reported = all(line.startswith("paperreader: ") for line in lines) and bool(lines) >= bool(
                code
            )
            is_internal = any(word in captured.err for word in ("Traceback", "unexpected", "Errno"))
            if code not in (0, 1) or not is_reported or is_internal:
                wrong.append((command, code, captured))
    assert wrong == []
    assert filled("mark", id, "--bookmark").code == 0
    assert filled("search", "--json").objects
    checked = filled("check")
    assert checked.err == "", checked

"""`p`: a PDF is downloaded while the user reads on, and opened."""

from __future__ import annotations

import asyncio
import json
import os

import pytest

from paperreader.tui.controllers.papers import pdf_batch
from tests.fetch.server import Reply, hang, running_service
from tests.waiting import TIMEOUT_SECONDS

PDF = b"%PDF-1.7\n" + b"river bends " * 500


@pytest.fixture
def service(monkeypatch):
    with running_service(monkeypatch) as service:
        service.respond("/pdf/", Reply(PDF, content_type="application/pdf"))
        yield service


@pytest.fixture
def reader_with_viewer(open_reader, library, home, tmp_path, monkeypatch):
    """Opens the reader at a paper of arXiv, with the viewer `show`, which records its arguments."""
    page = [{"paperreader": 1, "title": f"Lamps {n}", "arxiv": f"2401.0432{n}"} for n in range(3)]
    (tmp_path / "lamps.jsonl").write_text("\n".join(map(json.dumps, page)))
    library.imports.import_paths([str(tmp_path / "lamps.jsonl")])
    show = home / "show"
    show.write_text(f'#!/bin/sh\necho "$1" >> {home}/opened\n')
    show.chmod(0o755)
    toml = f'[pdf]\nfolder = "~/pdf"\nviewer = ["{show}"]\n'
    return lambda toml=toml: open_reader(start_row=library.resolve("2401.04320"), size=(100, 24), toml=toml)


async def asked(service):
    assert await asyncio.to_thread(service.request_received.wait, TIMEOUT_SECONDS)


async def test_p_downloads_once_and_opens(reader_with_viewer, service, home):
    path = home / "pdf" / "2024" / "anonymous-Lamps-0.pdf"
    async with reader_with_viewer() as reader:
        await reader.press("p")
        assert "Opened  anonymous-Lamps-0.pdf" in reader.status
        await reader.press("p")
        assert (home / "opened").read_text().splitlines() == [str(path)] * 2
        assert path.read_bytes() == PDF
        assert len(service.requests) == 1
        await reader.press("v", "j", "p")
        assert "2 PDFs in ~/pdf" in reader.status
        assert len(list((home / "pdf").rglob("*.pdf"))) == 2
        assert (home / "opened").read_text().count("\n") == 2, "those of a selection are not opened"


async def test_keys_work_during_a_download_and_escape_cancels_it(reader_with_viewer, service, home):
    service.respond(
        "/pdf/", Reply(PDF, content_type="application/pdf", content_length=1 << 20, after_body=hang)
    )
    async with reader_with_viewer() as reader:
        before = reader.paper_list.position
        reader.send_keys("p")
        await asked(service)
        assert "ownloading" in reader.status
        reader.send_keys("k", "b", "p")
        await reader.pilot.pause(0)
        assert reader.paper_list.position == max(0, before - 1)
        assert "Already downloading  escape cancels it" in reader.status
        reader.send_keys("escape")
        await reader.wait_until_idle()
        assert "Download cancelled" in reader.status
        assert reader.notifications == []
        assert "downloading" not in reader.status_bar.info.activity
        assert not list((home / "pdf").rglob("*")), "nothing incomplete is left"
        assert not (home / "opened").exists()


@pytest.mark.parametrize(
    ("toml", "shown"),
    [
        ('[pdf]\nfolder = "~/pdf"\n', "No viewer: stored  anonymous-Lamps-0.pdf  Y copies its path"),
        ('[pdf]\nfolder = "~/pdf"\nviewer = ["no-such-viewer"]\n', "no-such-viewer: it is not installed"),
        ('[pdf]\nfolder = "~/pdf"\nviewer = ["tdf"]\n', "This terminal cannot be suspended"),
    ],
)
async def test_path_is_shown_without_a_working_viewer(
    reader_with_viewer, service, home, monkeypatch, toml, shown
):
    (home / "tdf").write_text("#!/bin/sh\n")
    (home / "tdf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}{os.pathsep}{os.environ['PATH']}")
    async with reader_with_viewer(toml) as reader:
        await reader.press("p")
        assert shown in " ".join([reader.status, *reader.notifications])


async def test_long_file_name_leaves_room_for_the_hint_in_a_narrow_terminal(
    open_reader, library, service, home, tmp_path
):
    page = {"paperreader": 1, "title": "Lamps that Light Long Corridors " * 6, "arxiv": "2401.04329"}
    (tmp_path / "long.jsonl").write_text(json.dumps(page))
    library.imports.import_paths([str(tmp_path / "long.jsonl")])
    row, toml = library.resolve("2401.04329"), '[pdf]\nfolder = "~/pdf"\n'
    async with open_reader(start_row=row, toml=toml) as reader:
        await reader.press("p")
        assert "No viewer: stored  anonymous-Lamps-that" in reader.status
        assert "Y copies its path" in reader.status


async def test_failure_is_reported(reader_with_viewer, service):
    service.respond("/pdf/", Reply(b"<html>no</html>", content_type="text/html"))
    async with reader_with_viewer() as reader:
        await reader.press("p")
        (message,) = reader.notifications
        assert "returned a web page instead of a PDF" in message
        assert "ownloading" not in reader.status


async def search(reader, query):
    await reader.press("slash")
    await reader.type(query)
    await reader.press("enter")


async def run_batch(reader):
    await reader.press("ctrl+p")
    await reader.type("PDFs of all listed")
    reader.send_keys("enter")
    await reader.wait_until_idle()


@pytest.mark.endurance
async def test_pdfs_of_all_listed_papers_are_downloaded_once(reader_with_viewer, service, home, monkeypatch):
    monkeypatch.setattr(pdf_batch, "MAX_WITHOUT_QUESTION", 1)
    async with reader_with_viewer() as reader:
        await search(reader, "title:lamps ")
        await run_batch(reader)
        assert "3 PDFs, about 45 s" in reader.screen_text
        await reader.press("n")
        assert service.requests == []
        await run_batch(reader)
        await reader.press("y")
        await reader.wait_until_idle()
        assert "3 PDFs downloaded, in ~/pdf" in reader.status
        assert len(list((home / "pdf").rglob("*.pdf"))) == 3
        assert not (home / "opened").exists(), "they are not opened"
        await run_batch(reader)
        assert "All 3 PDFs are there" in reader.status
        assert len(service.requests) == 3


async def test_a_batch_is_stopped_and_continued(reader_with_viewer, service, home):
    service.respond(
        "/pdf/", Reply(PDF, content_type="application/pdf", content_length=1 << 20, after_body=hang)
    )
    async with reader_with_viewer() as reader:
        await search(reader, "title:lamps ")
        reader.controllers.downloads.pdf_batch.choose()
        await asked(service)
        reader.controllers.downloads.pdf_batch.choose()
        await reader.pilot.pause(0)
        assert "PDFs are being downloaded" in reader.screen_text
        reader.send_keys("s")
        await reader.wait_until_idle()
        assert "Downloading stopped. The PDFs so far are complete" in reader.status
        assert not list((home / "pdf").rglob("*"))
        service.respond("/pdf/", Reply(PDF, content_type="application/pdf"))
        await run_batch(reader)
        assert "3 PDFs downloaded" in reader.status

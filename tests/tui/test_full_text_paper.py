"""What a user does with the paper whose full text is open: its note and its PDF."""

from __future__ import annotations

import pytest

from paperreader.errors import StorageError
from paperreader.library import Library
from tests.fetch.server import Reply, running_service
from tests.tui.test_full_text import TextDriver, documents, open_text, stored  # noqa: F401

PDF = b"%PDF-1.7\n" + b"river bends " * 500


def saved_note(text: TextDriver) -> str:
    library = Library.open()
    return library.mark(library.table.row_of(text.reader.paper.id)).note_text


async def test_n_writes_the_note_of_the_paper(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("n")
        assert text.status.startswith("NOTE")
        await text.type("Read §3 again.")
        await text.press("ctrl+s")
        assert text.status.startswith("TEXT") and "Note saved" in text.status
        assert saved_note(text) == "Read §3 again."
        await text.press("n")
        assert "Read §3 again." in text.reader.screen_text
        await text.type(" Soon.")
        await text.press("escape")
        assert "The note is not saved" in text.reader.screen_text
        await text.press("d")
        assert saved_note(text) == "Read §3 again."
        await text.press("u")
        assert "Undone: note" in text.status and saved_note(text) == ""
        await text.press("U", "escape")
        assert not text.is_open and "Read §3 again." in text.reader.screen_text
        assert saved_note(text) == "Read §3 again."


async def test_a_draft_of_the_note_is_restored(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("n")
        await text.type("Unfinished")
        text.screen.controllers.editing.save_draft()
        await text.reader.wait_until_idle()
    async with open_text() as text:
        await text.press("n")
        assert "Unfinished" in text.reader.screen_text and "Restored an unsaved draft" in text.status
        await text.press("ctrl+s")
        assert saved_note(text) == "Unfinished"


async def test_a_note_that_cannot_be_saved_is_kept_as_a_draft(open_text, monkeypatch):  # noqa: F811
    async with open_text() as text:

        def fail(changes):
            raise StorageError("The disk is full.")

        monkeypatch.setattr(text.reader.library, "save", fail)
        await text.press("n")
        await text.type("Kept")
        await text.press("ctrl+s")
        assert "The note is kept as a draft. n restores it" in text.status
        await text.press("n")
        assert "Kept" in text.reader.screen_text


@pytest.mark.parametrize("viewer", [True, False], ids=["viewer", "no viewer"])
async def test_p_opens_the_pdf(open_reader, library, home, tmp_path, monkeypatch, viewer, documents):  # noqa: F811
    page = '{"paperreader": 1, "title": "Lamps", "arxiv": "2401.04320"}'
    (tmp_path / "lamps.jsonl").write_text(page)
    library.imports.import_paths([str(tmp_path / "lamps.jsonl")])
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: documents[None])
    show = home / "show"
    show.write_text(f'#!/bin/sh\necho "$1" >> {home}/opened\n')
    show.chmod(0o755)
    monkeypatch.setenv("PATH", "/nonexistent" if not viewer else "/usr/bin:/bin")
    toml = f'[pdf]\nfolder = "~/pdf"\nviewer = ["{show}"]\n' if viewer else '[pdf]\nfolder = "~/pdf"\n'
    row = library.resolve("2401.04320")
    with running_service(monkeypatch) as service:
        service.respond("/pdf/", Reply(PDF, content_type="application/pdf"))
        async with open_reader(library, start_row=row, toml=toml, size=(100, 24)) as reader:
            await reader.press("enter", "enter")
            text = TextDriver(reader)
            await text.press("p")
            name = "anonymous-Lamps.pdf"
            expected = f"Opened  {name}" if viewer else f"No viewer: stored  {name}  in "
            assert expected in text.status
            await text.press("p")
            assert len(service.requests) == 1
            assert text.is_open


async def test_why_there_is_no_pdf_is_said(open_text, monkeypatch):  # noqa: F811
    with running_service(monkeypatch) as service:
        service.respond("/pdf/", Reply(b"", status=404))
        async with open_text() as text:
            await text.press("p")
            assert "has no PDF" in " ".join(text.reader.notifications) or "No PDF" in text.reader.screen_text

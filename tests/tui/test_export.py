"""Export from the reader: which papers, which format, where to, and no overwriting without confirmation."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import sys
from functools import partial
from pathlib import Path

import bibtexparser
import pytest
from textual import events

from paperreader.errors import PaperreaderError
from paperreader.exporters.formats import FORMATS
from paperreader.jobs import client
from paperreader.jobs.client import Job, export_job
from paperreader.models import MarkChange
from paperreader.tui.controllers.papers import export
from paperreader.tui.dialogs.choice import ChoiceDialog
from tests.examples import endurance
from tests.tui.fakes import rendered_lines


def keys(path):
    return bibtexparser.parse_string(path.read_text(encoding="utf-8")).entries


async def type_path(reader, path):
    """Replace the suggested path."""
    await reader.press("ctrl+u")
    reader.app.post_message(events.Paste(str(path)))
    await reader.wait_until_idle()
    await reader.press("enter")


@pytest.fixture
def home_folder(home, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: home)
    return home


async def test_listed_papers_are_written_to_a_file(open_reader, home_folder):
    async with open_reader() as reader:
        await reader.press("x")
        assert "Export this paper" in reader.screen_text
        await reader.press("a")
        assert "Export the 10 papers shown" in reader.screen_text
        await reader.press("b", "f", "enter")
        assert "10 papers written to ~/papers.bib" in reader.status
        assert len(keys(home_folder / "papers.bib")) == 10
        assert reader.mode == "list"


async def test_full_path_is_shown_after_a_relative_one(open_reader, home_folder, monkeypatch):
    folder = home_folder / "theses"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with open_reader() as reader:
        await reader.press("x", "a", "b", "f")
        await type_path(reader, "mine.bib")
        assert "10 papers written to ~/theses/mine.bib" in reader.status
    assert (folder / "mine.bib").exists()


async def test_current_paper_is_exported_alone(open_reader, library, tmp_path):
    async with open_reader() as reader:
        await reader.press("j", "x")
        assert "Export this paper" in reader.screen_text
        assert "a  All shown" in reader.screen_text
        await reader.press("a")
        assert "p  This paper" in reader.screen_text
        await reader.press("p")
        await reader.press("r", "enter")
        await type_path(reader, tmp_path / "one.ris")
        assert "1 paper written" in reader.status
        text = (tmp_path / "one.ris").read_text()
        assert text.count("TY  - ") == 1
        assert "Slow Rivers Remember" in text


async def test_detail_exports_its_paper(open_reader, tmp_path):
    async with open_reader() as reader:
        await reader.press("enter", "x")
        assert "Export this paper" in reader.screen_text
        await reader.press("a")
        assert "Export the 10 papers shown" in reader.screen_text
        await reader.press("escape")
        assert reader.mode == "detail"


async def test_selection_is_exported(open_reader, tmp_path):
    async with open_reader() as reader:
        await reader.press("v", "j", "x")
        assert "Export the 2 selected" in reader.screen_text
        await reader.press("c", "f")
        await type_path(reader, tmp_path / "two.csv")
        rows = list(csv.DictReader(io.StringIO((tmp_path / "two.csv").read_text())))
        assert [row["title"] for row in rows] == reader.titles[:2]


async def test_search_results_are_exported_and_scope_can_be_changed(open_reader, tmp_path):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        await reader.press("enter", "x", "p", "a")
        found = reader.result.full_matches
        assert f"Export the {found} papers shown" in reader.screen_text
        await reader.press("c", "f")
        await type_path(reader, tmp_path / "clocks.csv")
        rows = list(csv.DictReader(io.StringIO((tmp_path / "clocks.csv").read_text())))
        assert [row["title"] for row in rows] == reader.titles[:found]


async def test_existing_file_is_overwritten_only_after_confirmation(open_reader, tmp_path):
    file = tmp_path / "list.md"
    file.write_text("mine")
    async with open_reader() as reader:
        await reader.press("x", "m", "f")
        await type_path(reader, file)
        assert isinstance(reader.app.screen, ChoiceDialog)
        assert "list.md exists" in reader.screen_text
        await reader.press("escape")
        assert file.read_text() == "mine"
        await reader.press("x", "m", "f")
        await type_path(reader, file)
        await reader.press("n")
        await type_path(reader, tmp_path / "other.md")
        assert (file.read_text(), (tmp_path / "other.md").read_text()[:2]) == ("mine", "# ")
        await reader.press("x", "m", "f")
        await type_path(reader, file)
        await reader.press("o")
        assert file.read_text().startswith("# Reading list")


async def test_export_into_a_folder_remembers_it(open_reader, library, tmp_path):
    async with open_reader() as reader:
        await reader.press("x", "h", "f")
        await type_path(reader, tmp_path)
        assert (tmp_path / "papers.html").read_text().startswith("<!doctype html>")
        await reader.press("x", "o", "f")
        assert reader.app.screen.query_one("PathInput").value == str(tmp_path / "papers.jsonl")
        await reader.press("escape")


async def test_unwritable_path_is_reported(open_reader, tmp_path):
    async with open_reader() as reader:
        await reader.press("x", "b", "f")
        for wrong, said in (
            (tmp_path / "no" / "list.bib", "No such folder"),
            (tmp_path / ("x" * 300), "Not a valid path: file name too long"),
        ):
            await type_path(reader, wrong)
            line = reader.app.screen.query_one("PathInput")
            assert (line.value, line.cursor_position) == (str(wrong), len(str(wrong)))
            assert said in reader.screen_text
        (tmp_path / "no").mkdir()
        await reader.press("backspace")
        assert "Not a valid path" not in reader.screen_text
        await type_path(reader, tmp_path / "no" / "list.bib")
        assert "1 paper written" in reader.status
        assert reader.notifications == []


async def test_typing_replaces_the_initial_path(open_reader, home_folder):
    async with open_reader() as reader:
        await reader.press("x", "b", "f")
        line = reader.app.screen.query_one("PathInput")
        assert line.value == "~/papers.bib"
        await reader.press("right", "x")
        assert line.value == "~/papers.bibx"
        await reader.press("escape", "x", "b", "f", "o", "h")
        assert reader.app.screen.query_one("PathInput").value == "oh"
        await reader.press("escape", "5", "S", "r", "l", "enter")
        assert "Subscribed: rl" in reader.status


async def test_digits_choose_in_every_dialog(open_reader, home_folder):
    async with open_reader() as reader:
        await reader.press("s", "6")
        assert reader.list_query.sort == "title"
        await reader.press("0", "9")
        assert reader.app.screen is not reader.screen, "there is no ninth line"
        await reader.press("escape", "x", "2", "1")
        assert "as BibLaTeX" in reader.screen_text
        assert reader.app.screen.query_one("PathInput").value == "~/papers.bib"


async def test_export_to_clipboard_is_confirmed(open_reader, library, home, monkeypatch):
    tools = home / "tools"
    tools.mkdir()
    (tools / "xclip").write_text(f'#!/bin/sh\nPATH={os.defpath}\ncat > "$HOME/clipboard"\n')
    (tools / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("DISPLAY", ":99")
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, note="Ask *Ada*.", tags={"rl": True})])
    async with open_reader() as reader:
        await reader.press("x", "p", "m", "c")
        assert "Copied this paper as Markdown" in reader.status
        text = (home / "clipboard").read_text()
        assert "Sparse Lanterns" in text
        assert "> Ask *Ada*." in text
        assert "Tags: rl" in text


async def test_large_export_runs_in_a_job(open_reader, library, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "MAX_INLINE_EXPORT", 3)
    async with open_reader() as reader:
        await reader.press("b", "x", "a", "l", "f")
        await type_path(reader, tmp_path / "all.bib")
        assert "10 papers written" in reader.status
        assert len(keys(tmp_path / "all.bib")) == 10
        await reader.press("x", "a", "c", "c")
        assert any("Too many papers for the clipboard" in message for message in reader.notifications)


@pytest.fixture
def endless_export(monkeypatch, tmp_path):
    """Large exports report progress and never end by themselves."""
    program = tmp_path / "job.py"
    program.write_text(
        'import json, time\nprint(json.dumps({"stage": "exporting", "done": 5, "total": 10}), flush=True)\n'
        "time.sleep(600)\n"
    )
    job = partial(Job, program=(sys.executable, str(program)))
    monkeypatch.setattr(client, "export_job", lambda folder, *_: job(folder, "export"))
    monkeypatch.setattr(export, "MAX_INLINE_EXPORT", 3)


async def press_until(reader, keys, is_shown):
    """Press keys without waiting for the export, and wait for the screen."""
    reader.send_keys(*keys)
    async with asyncio.timeout(30):
        while not is_shown():
            await reader.pilot.pause(0)


@pytest.mark.parametrize("quit_key", ["q", endurance("ctrl+q")])
async def test_quitting_during_an_export_asks_and_stops_it(open_reader, endless_export, tmp_path, quit_key):
    (tmp_path / "all.bib").write_text("before")
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("x", "a", "l", "f")
        await type_path(reader, tmp_path / "all.bib")
        await press_until(reader, ["o"], lambda: "exporting 50%" in reader.status)
        await press_until(reader, [quit_key], lambda: "The export has not finished" in reader.screen_text)
        await press_until(reader, ["w"], lambda: reader.app.screen is reader.screen)
        assert reader.app.is_running
        await press_until(reader, [quit_key], lambda: "The export has not finished" in reader.screen_text)
        await press_until(reader, ["s"], lambda: not reader.app.is_running)
    assert (tmp_path / "all.bib").read_text() == "before"


def test_stopped_export_leaves_no_temporary_file(library, tmp_path):
    target = tmp_path / "out" / "all.bib"
    target.parent.mkdir()
    rows = list(library.table.newest) * 20_000
    job = export_job(library.folder, "bibtex", target, library.table.generation, rows)
    with pytest.raises(PaperreaderError, match="The export was interrupted; nothing was written"):
        job.run(lambda progress: job.stop() if progress.done else None)
    assert list(target.parent.iterdir()) == []


async def test_empty_list_has_nothing_to_export(open_reader):
    async with open_reader() as reader:
        await reader.press("4", "x")
        assert "No papers to export" in reader.status


async def test_export_dialog_fits_a_small_screen(open_reader):
    async with open_reader(size=(60, 16)) as reader:
        await reader.press("x")
        lines = [rendered_lines(line)[0] for line in reader.app.screen.query("ChoiceLine")]
        shortcuts = [row.shortcut for row in FORMATS.values()]
        assert [line.strip("▌ ").split()[0] for line in lines] == [*shortcuts, "t", "a"]
        assert all(line.endswith("…") or len(line) < 60 for line in lines)


@pytest.mark.parametrize("name", ["papers.jsonl", "notebook.json", "linked.bib"])
async def test_file_of_the_program_is_refused_in_the_prompt(open_reader, library, tmp_path, name):
    before = (library.folder / "papers.jsonl").read_bytes()
    if name == "linked.bib":
        (tmp_path / name).symlink_to(library.folder / "papers.jsonl")
    async with open_reader() as reader:
        await reader.press("x", "b", "f")
        await type_path(reader, (tmp_path if name == "linked.bib" else library.folder) / name)
        assert "A file of paperreader itself: " in reader.screen_text
    assert (library.folder / "papers.jsonl").read_bytes() == before

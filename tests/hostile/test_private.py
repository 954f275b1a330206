"""All files and folders that the program writes are private to the user, regardless of the umask."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from paperreader import paths
from paperreader.library import Library
from paperreader.storage import ensure_folder
from paperreader.system.shell_words import ShellCommand
from paperreader.tui.terminal import external_editor
from paperreader.tui.terminal.edit_folder import EditFolder
from tests.examples import endurance
from tests.pages import THREE_PAPERS
from tests.waiting import TIMEOUT_SECONDS

USE = """
import os, sys
os.umask(int(sys.argv[1], 8))
from paperreader import subscriptions
from paperreader.cli import crash_log
from paperreader.cli.main import run
from paperreader.library import Library
from paperreader.models import MarkChange
library = Library.open()
assert library.imports.import_paths([sys.argv[2]]).new == 3
assert library.maintenance.index_is_current()
for note in "one", "two":
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, note=note)])
library.state.set("visited", 1)
library.removals.remove([paper.id])
library.removals.undo()
library.maintenance.compact()
library.maintenance.reindex()
assert len(library.search("lanterns").rows) == 1
assert library.maintenance.check() == []
subscriptions.add_subscription("one", "lanterns")
subscriptions.add_subscription("two", "rivers")
assert run(["digest", "--once-a-day"]) == 0
crash_log.log_exception(ValueError("x"))
"""
"""Everything that writes."""


@pytest.mark.parametrize("umask", ["000", endurance("002"), endurance("077")])
def test_all_files_and_folders_are_private(home, tmp_path, umask):
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    subprocess.run([sys.executable, "-c", USE, umask, str(page)], check=True, timeout=TIMEOUT_SECONDS)
    made = [path for path in home.rglob("*") if path != home]
    assert {path.name for path in made} >= {
        *("papers.jsonl", "notebook.json", "notebook.json.bak.1", "catalog.lock", "notebook.lock"),
        *("rows.bin", "manifest.json", "index.lock", "state.json", "paperreader.log"),
        *("subscriptions.toml", "subscriptions.lock", "digest.lock"),
    }
    open_to_others = {
        str(path.relative_to(home)): oct(mode)
        for path in made
        if (mode := stat.S_IMODE(path.stat().st_mode)) != (0o700 if path.is_dir() else 0o600)
    }
    assert open_to_others == {}


def test_created_parent_folders_are_private_and_existing_ones_unchanged(tmp_path):
    (tmp_path / "theirs").mkdir(mode=0o755)
    (tmp_path / "theirs").chmod(0o755)
    before = os.umask(0)
    try:
        ensure_folder(tmp_path / "theirs" / "a" / "b")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / "theirs" / part).stat().st_mode) for part in ("", "a", "a/b")]
    assert modes == [0o755, 0o700, 0o700]


def test_note_in_external_editor_is_private_and_deleted_afterwards(tmp_path):
    script = tmp_path / "editor"
    script.write_text(f'#!/bin/sh\nstat -c "%a %n" "$1" "$(dirname "$1")" > {tmp_path}/seen\n')
    script.chmod(0o755)
    before = os.umask(0)
    try:
        edited = EditFolder.create(tmp_path / "state", "2501.00001", "mine")
        external_editor.run_editor(ShellCommand((str(script),), {}), edited.file)
    finally:
        os.umask(before)
    (file_mode, file), (folder_mode, folder) = map(str.split, (tmp_path / "seen").read_text().splitlines())
    assert (file_mode, folder_mode) == ("600", "700")
    assert {stat.S_IMODE(path.stat().st_mode) for path in Path(folder).iterdir()} == {0o600}
    assert edited.read() == "mine"
    edited.delete()
    assert not Path(file).exists()
    assert not Path(folder).exists()


@pytest.mark.parametrize("bits", [0o020, 0o002])
def test_index_writable_by_others_is_never_opened(home, tmp_path, bits):
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library.open()
    library.imports.import_paths([str(page)])
    index = paths.cache_folder(library.uuid) / "index"
    toc = next(index.glob("*.toc"))
    for target in (toc, index, index / "manifest.json"):
        mode = target.stat().st_mode
        target.chmod(stat.S_IMODE(mode) | bits)
        assert not Library.open().maintenance.index_is_current()
        target.chmod(stat.S_IMODE(mode))
        assert Library.open().maintenance.index_is_current()
    toc.chmod(0o666)
    reopened = Library.open()
    reopened.maintenance.reindex()
    assert reopened.maintenance.index_is_current()
    assert len(reopened.search("lanterns").rows) == 1

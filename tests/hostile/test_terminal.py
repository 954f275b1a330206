"""Untrusted text never controls the terminal: every field and every input path, in a real pseudo-terminal."""

from __future__ import annotations

import re
import shlex
from functools import partial

import pytest

from paperreader import paths
from paperreader.__main__ import main
from paperreader.cli.main import run
from paperreader.cli.parser import build_parser
from paperreader.library import Library
from tests.examples import endurance
from tests.hostile.hostile_input import (
    ARXIV,
    COMBINING_FLOOD,
    edit_stores,
    foreign_sequences,
    hostile,
    store_full_text,
    write_imports,
)
from tests.pages import HOSTILE
from tests.terminal import Terminal

DIGEST_FORMATS = ("text", "markdown", "html", "rss")

OWN_STYLES = re.compile(rb"\x1b\[(?:0|1|2|33|34)m")


def run_commands(requests: list[list[str]]) -> int:
    """Run commands one after the other."""
    for arguments in requests:
        print("$$", flush=True)
        run(arguments)
    return 0


@pytest.fixture
def poisoned(home, tmp_path, monkeypatch):
    """Fill a library in a folder with a hostile name with hostile text in every store. Return the imported files."""
    folder = tmp_path / f"library {HOSTILE}".replace("/", "_").replace("\0", "")
    monkeypatch.setenv("PAPERREADER_LIBRARY", str(folder))
    files = write_imports(tmp_path)
    library = Library.open()
    library.imports.import_paths([str(file) for file in files])
    edit_stores(folder, paths.state_folder(library.uuid))
    store_full_text(library)
    monkeypatch.setenv("PAGER", "cat")
    return files


def argument(what: str) -> str:
    return hostile(what).replace("\0", "")


def conflict_copies(folder) -> None:
    """Create two conflict copies with hostile names next to each store: one that can be merged, one that cannot."""
    inside = HOSTILE.translate({0: None, ord("/"): None})
    for name, end in (("notebook", "json"), ("papers", "jsonl")):
        whole = (folder / f"{name}.{end}").read_bytes()
        (folder / f"{name} ({inside}).{end}").write_bytes(whole.replace(b"note", b"n0te"))
        (folder / f"{name} (1 {inside}).{end}").write_bytes(
            b'{"version": 99, "paperreader": 99, "papers": {}}\n'
        )


def other_commands(known: list[list[str]]) -> list[list[str]]:
    """Return an invalid argument and `--help` for every command that is not in `known`."""
    (commands,) = (action.choices for action in build_parser()._actions if isinstance(action.choices, dict))
    others = commands.keys() - {words[0] for words in known if words}
    return [[name, *words] for name in sorted(others) for words in ([argument("x")], ["--help"])]


def commands(files) -> list[list[str]]:
    return [
        ["import", *map(str, files)],
        ["import", "--json", *map(str, files)],
        ["import", argument("missing")],
        ["import", "--date", argument("2025"), str(files[0])],
        ["import", "--undo", argument("path")],
        ["subscribe", argument("name"), argument("query"), "wicked"],
        ["subscriptions"],
        ["subscriptions", "--json"],
        ["unsubscribe", argument("unknown")],
        ["unsubscribe", argument("name")],
        ["add", argument("2501.00001")],
        ["fetch", argument("service")],
        ["fetch", "--date", argument("2025")],
        ["fetch", "--week", argument("2025")],
        ["restore"],
        ["restore", argument("file")],
        ["restore", str(files[1])],
        ["search"],
        ["search", "wicked"],
        ["search", "--json", "wicked"],
        ["search", argument("nothing")],
        ["search", "--limit", argument("1")],
        ["search", COMBINING_FLOOD[:6000]],
        ["show", ARXIV],
        ["show", "paper-"],
        ["show", "--json", ARXIV],
        ["show", argument("unknown")],
        ["text", ARXIV],
        ["text", "--markdown", ARXIV],
        ["text", "--json", ARXIV],
        ["text", argument("unknown")],
        ["fetch", "text", argument("query")],
        ["mark", ARXIV, "--note", argument("note"), "--tag", argument("tag")],
        ["mark", ARXIV, "--tag", argument("t"), "--untag", argument("t")],
        ["mark", ARXIV, f"--{argument('option')}"],
        ["show", ARXIV],
        ["export", "--format", "jsonl"],
        ["export", "--format", argument("format")],
        ["export", "--format", "jsonl", "--output", argument("/nowhere/out")],
        ["subscribe", argument("name"), argument("query")],
        ["subscribe", argument("again"), "wicked"],
        ["subscribe", "", argument("query")],
        ["subscriptions"],
        ["subscriptions", "--json"],
        *(["digest", "--since", "2000-01-01", "--everything", "--format", form] for form in DIGEST_FORMATS),
        ["digest", "--everything"],
        ["digest", "--since", argument("2025")],
        ["digest", "--subscription", argument("unknown")],
        ["digest", "--output", argument("/nowhere/out")],
        ["digest", "--mail-to", argument("eve@evil.example")],
        ["trends"],
        ["trends", "--json"],
        ["trends", "--weeks", argument("8")],
        ["unsubscribe", argument("unknown")],
        ["unsubscribe", argument("name")],
        ["paths"],
        ["check"],
        ["check", "--repair"],
        ["reindex"],
        ["open", argument("unknown")],
        ["remove", ARXIV],
        ["remove", "--undo"],
        ["remove", "--source", argument("source")],
        ["restore", "1"],
        ["restore", "1"],
        ["import", "--undo"],
        ["--library", argument("/dev/null/lib"), "search"],
        [argument("command")],
    ]


@pytest.mark.endurance
def test_commands_write_no_foreign_control_sequences(poisoned):
    requests = commands(poisoned)
    requests += other_commands(requests)
    conflict_copies(Library.open().folder)
    with Terminal(["paperreader"], run=partial(run_commands, requests)) as terminal:
        assert terminal.wait_for_exit(seconds=120.0) == 0
        raw = bytes(terminal.raw)
    assert raw.count(b"$$") >= len(requests)
    assert b"31337" in raw  # the text itself is shown
    assert b"HTML of arXiv" in raw  # also the full text
    assert b"was merged into the notebook" in raw
    assert b"was merged into the library" in raw
    assert b"Traceback" not in raw
    assert b"unexpected" not in raw
    assert not foreign_sequences(raw, own=OWN_STYLES)


def paste(text: str) -> str:
    """Return what a terminal sends for a paste if it does not remove escape characters from it, as nearly all do."""
    return f"\x1b[200~{text}\x1b[201~".replace("\0", "")


def is_copied(screen: str) -> bool:
    """Return whether the dialog has closed and the status bar shows what was copied."""
    return "erminal" in screen and "Markdown" not in screen


MAIN_KEYS = (
    ("", "A note was not saved"),
    ("\x1b", lambda screen: "was not saved" not in screen),
    ("/\x15wic", "/ wic"),  # the query of the last visit is restored
    (f"\x15{paste(f'wicked {HOSTILE} end')}", "[CLS] end"),
    ("\x15\x12\x12", "`id`  "),  # clear the line, then the query before it in the history
    ("\x15w", "/ w"),  # completed from the history
    ("\x15wicked\r", "LIST"),
    ("g", "1/"),
    ("z", "DETAIL"),
    ("m", "DETAIL"),
    (" ", "DETAIL"),
    ("z", "LIST"),
    ("Y", "Markdown"),
    ("t", is_copied),
    ("Y", "Markdown"),
    ("b", is_copied),
    ("n", "ctrl+s save"),
    (paste(hostile("pasted")), "unsaved"),
    ("\x13", "Note saved"),
    ("e", "Cannot start"),
    ("i", "Import"),
    (paste(hostile("/nowhere")), "/nowhere"),
    ("\r", "cannot"),
)
"""Keys, and what the screen shows after them."""


DIALOG_KEYS = (
    ("", "A note was not saved"),
    ("\x1b", lambda screen: "was not saved" not in screen),
    ("/\x15wicked\r", "LIST"),
    ("g", "1/2"),
    ("t", "find or create a tag"),
    (paste(hostile("fresh")), "[ ] fresh"),
    ("\r", "[✓] fresh"),
    ("\x1b", "Tagged"),
    ("T", "Most voted"),
    ("\x1b", lambda screen: "Most voted" not in screen),
    ("S", "Subscribe to"),
    ("\x15" + paste("x\x1b]0;31337\x07"), "x]0;31337"),
    ("\r", lambda screen: "Subscribe to" not in screen),
    ("0", "With code"),
    ("\x1b", lambda screen: "With code" not in screen),
    ("v", "SELECT"),
    ("j", "2 selected"),
    ("\x1b", "LIST"),
    ("x", "JSON Lines"),
    ("\r", "clipboard"),
    ("\x1b", lambda screen: "clipboard" not in screen),
    ("\r", "DETAIL"),
    ("\r", "TEXT"),
    ("/3133\t", 'of "3133"'),
    ("\x1b", lambda screen: "FIND" in screen and 'of "3133"' not in screen),
    (paste("x\x1b]0;31337\x07"), "no match"),
    ("\x153133\r", lambda screen: "TEXT" in screen and "1 of" in screen),
    ("v", "SELECT"),
    ("n", "ctrl+s save"),
    (paste(hostile("comment")), "unsaved"),
    ("\x13", "Comment saved"),
    ("H", "1 highlight"),
    ("y", is_copied),
    ("\x1b", lambda screen: "1 of" not in screen and not is_copied(screen)),
    ("q", "DETAIL"),
)
"""The same for tags, trends, subscriptions, views, selection, export, and search and highlights in a full text."""


def assert_no_foreign_sequences(steps, *, rows, columns):
    """Run the reader through keys and expected screens: hostile text is shown, but sends no control sequence."""
    with Terminal(["paperreader"], run=main, rows=rows, columns=columns) as screen:
        screen.wait_for("Wicked")
        for keys, shown in steps:
            screen.send(keys)
            screen.wait_for(shown)
        screen.send("q")
        assert screen.wait_for_exit() == 0
        raw = bytes(screen.raw)
    assert b"31337" in raw
    assert not foreign_sequences(raw)


@pytest.mark.endurance
def test_reader_dialogs_write_no_foreign_control_sequences(poisoned):
    assert_no_foreign_sequences(DIALOG_KEYS, rows=24, columns=100)


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), endurance(40, 130)])
def test_reader_writes_no_foreign_control_sequences(poisoned, rows, columns, monkeypatch):
    monkeypatch.setenv("EDITOR", shlex.quote(argument("no-such-editor")))
    monkeypatch.setenv("BROWSER", argument("no-such-browser"))
    conflict_copies(Library.open().folder)
    assert_no_foreign_sequences(MAIN_KEYS, rows=rows, columns=columns)

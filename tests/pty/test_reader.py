"""The reader in a real terminal, over two sessions."""

from __future__ import annotations

import json
import os
import re
import unicodedata

import pytest

from tests.pages import THREE_PAPERS, hostile_name, hostile_page
from tests.program import run_command
from tests.pty.conftest import bring_in

CLIPBOARD = """#!/bin/sh
printf '%s\\n' "$*" >> "$HOME/xclip.arguments"
cat > "$HOME/xclip.clipboard"
"""


@pytest.fixture
def desktop(home, monkeypatch):
    """A local display with a fake clipboard program that writes to HOME."""
    tools = home / "tools"
    tools.mkdir()
    (tools / "xclip").write_text(CLIPBOARD)
    (tools / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":99")
    return home


def test_search_mark_note_and_next_session(installed_reader, reader, desktop, tmp_path):
    page = tmp_path / "daily-2025-03-14.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    run_command("import", page)

    screen = installed_reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("/sediment")
    screen.wait_for(lambda text: "Slow Rivers" in text and "Sparse Lanterns" not in text)
    screen.send("\r")
    screen.wait_for("LIST")
    screen.send("b")
    screen.wait_for("Bookmarked")
    screen.send("n")
    screen.wait_for("ctrl+s save")
    screen.send("Ask Ada about layer nine.")
    screen.wait_for("Ask Ada about layer nine.")
    screen.send("\x13")
    screen.wait_for("saved")
    screen.send("/")
    screen.send("\x15lantern")
    screen.wait_for(lambda text: "Sparse Lanterns" in text and "Slow Rivers" not in text)
    screen.send("\r")
    screen.wait_for("LIST")
    screen.send("y")
    screen.wait_for("Copied")
    assert (desktop / "xclip.clipboard").read_text() == "https://github.com/lanternlab/Sparse-Lanterns"
    screen.send("q")
    assert screen.wait_for_exit() == 0

    marks = {
        entry["title"].split()[0]: entry
        for entry in map(json.loads, run_command("search", "--json").splitlines())
    }
    assert marks["Slow"]["bookmarked"] is True
    assert marks["Slow"]["note"] == "Ask Ada about layer nine."
    assert marks["Sparse"]["bookmarked"] is False

    again = reader(rows=24, columns=80)
    again.wait_for("/ lantern")
    again.wait_for("1 of 3")
    again.send("\x1b")
    again.wait_for("3 papers")
    again.wait_for("★1")
    again.send("B")
    again.wait_for(lambda text: "Slow Rivers" in text and "Sparse Lanterns" not in text)
    again.wait_for("Ask Ada about layer nine.")
    again.send("q")
    assert again.wait_for_exit() == 0


@pytest.mark.endurance  # `tests/hostile/test_terminal.py` shows more text in more dialogs
@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (40, 120)])
def test_hostile_papers_send_no_escape_sequence(reader, tmp_path, rows, columns):
    bring_in(tmp_path / hostile_name("page"), hostile_page())
    screen = reader(rows=rows, columns=columns)
    screen.wait_for("Wicked")
    screen.send("/wicked")
    screen.wait_for("/ wicked")
    screen.send("\r")
    screen.wait_for("LIST")
    screen.send("b")
    screen.wait_for("Bookmarked")
    for key, shown in (
        ("\r", "DETAIL"),
        ("\x1b", "LIST"),
        ("\x1b", "/2"),
        ("G", "2/2"),
        ("g", "1/2"),
        ("Y", "Markdown"),
        ("\x1b", lambda text: "Markdown" not in text),
        ("?", "Navigation"),
        ("\x1b", lambda text: "Navigation" not in text),
    ):
        screen.send(key)
        screen.wait_for(shown)
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert_no_injected_sequences(bytes(screen.raw))


def assert_no_injected_sequences(raw: bytes) -> None:
    """Check for sequences from papers, C1 controls, bidi overrides and control characters that are not ours."""
    sequences = re.findall(rb"\x1b(?:\[[^@-~]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|.)", raw, re.S)
    assert not [
        sequence
        for sequence in sequences
        if b"31337" in sequence or b"OWNED" in sequence or b"T1dO" in sequence
    ]
    text = raw.decode("utf-8")
    assert not {char for char in text if "\x80" <= char <= "\x9f"}
    assert not {
        char for char in text if unicodedata.bidirectional(char) in {"LRO", "RLO", "LRI", "RLI", "LRE", "RLE"}
    }
    assert not set(text) & set("\x00\x08\x7f\v\f")
    assert "31337" in text  # shown as the harmless letters it is

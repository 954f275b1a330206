"""Programs that get the terminal while the reader is suspended: text browsers, and commands of the user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

W3M = """#!/bin/sh
printf '\\033[2J\\033[HThe page of %s\\r\\n' "$*"
[ -t 0 ] && [ -t 1 ] && echo "it has the terminal"
read -r answer
echo "$answer" >> "$OUT"
[ "$answer" = good ]
"""
PAGER = """#!/bin/sh
printf '\\033[2J\\033[H'
read -r line
echo "read $line"
printf 'ready> '
read -r key < /dev/tty
echo "$key" >> "$OUT"
exit 4
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, the first one of PATH."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    return folder


def add_program(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(script)
    (tools / name).chmod(0o755)


@pytest.mark.endurance
def test_text_browser_and_commands_get_the_terminal_and_the_reader_returns(reader, tools, home, monkeypatch):
    add_program(tools, "w3m", W3M)
    add_program(tools, "pager", PAGER)
    settings = home / "config" / "paperreader" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '[commands.page]\nrun = ["pager"]\nkey = "W"\noutput = "terminal"\ninput = "bibtex"\n'
    )
    monkeypatch.setenv("BROWSER", "no-such-browser %s:w3m -no-mouse %s")
    screen = reader("--sample", rows=24, columns=80)
    screen.wait_for("New here?")
    before = screen.attributes
    for answer in ("good\r", "\x03", "bad\r"):
        screen.send("o")
        screen.wait_for(
            lambda text: "it has the terminal" in text and "The page of -no-mouse https://" in text
        )
        assert not [mode for mode in (1000, 1003, 1049, 2004) if screen.is_on(mode)]
        screen.send(answer)
        if answer == "bad\r":  # what it printed can be read
            screen.wait_for(
                lambda text: "The page of" in text and "w3m exited with status 1. Press enter" in text
            )
            screen.send("\r")
        screen.wait_for("next page")
        assert screen.is_on(1049) and screen.is_on(1003)
        assert screen.attributes == before
        if answer != "good\r":
            failure = "interrupted by SIGINT" if answer == "\x03" else "exited with status 1"
            screen.wait_for(failure)
            screen.send("\x1b")
            screen.wait_for(lambda text, failure=failure: failure not in text)
    for keys, shown in (("W", "read @"), ("|t!pager -x\r", "read SAM 3")):
        screen.send(keys)
        screen.wait_for(lambda text, shown=shown: shown in text and "ready>" in text)
        screen.send("next\r")
        screen.wait_for("pager exited with status 4. Press enter to return")
        screen.send("\x03\r")
        screen.wait_for("next page")
        assert screen.attributes == before
    screen.send("j")
    screen.wait_for("2/82")
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert Path(os.environ["OUT"]).read_text() == "good\nbad\nnext\nnext\n"


SWITCHED_ON = (1, 5, 6, 9, 69, 1001, 1002, 1005, 1016, 2026, 2031, 2048)
"""Private modes that the reader does not use."""

CARELESS_EDITOR = f"""#!/bin/sh
printf '\\033[?%sh' {" ".join(map(str, SWITCHED_ON))}
printf '\\033[?%sl' 2004 1000 1003 1006
printf '\\033=\\033(0\\033[4h\\033[5;9r\\033[6 q\\033[>4;2m\\033[=31;1u\\033[41m'
stty raw -echo
kill -9 $$
"""


def test_modes_that_an_editor_leaves_are_reset(reader, tools, monkeypatch):
    add_program(tools, "careless", CARELESS_EDITOR)
    monkeypatch.setenv("EDITOR", "careless")
    screen = reader("--sample", rows=24, columns=80)
    attributes = screen.first_attributes
    screen.wait_for("New here?")
    used = screen.attributes
    screen.send("e")
    screen.wait_for("SIGKILL")
    assert b"\x1b[?2048h" in screen.raw
    assert [mode for mode in SWITCHED_ON if screen.is_on(mode)] == []
    assert all(screen.is_on(mode) for mode in (1049, 1000, 1003, 1006, 2004))
    for left, reset in (
        (b"\x1b=", b"\x1b>"),
        (b"\x1b(0", b"\x1b(B"),
        (b"\x1b[4h", b"\x1b[4l"),
        (b"\x1b[5;9r", b"\x1b[r"),
        (b"\x1b[6 q", b"\x1b[0 q"),
        (b"\x1b[>4;2m", b"\x1b[>4m"),
        (b"\x1b[=31;1u", b"\x1b[=0;1u"),
        (b"\x1b[41m", b"\x1b[0m"),
    ):
        assert -1 < screen.raw.rfind(left) < screen.raw.rfind(reset), left
    assert screen.attributes == used
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert [mode for mode in (*SWITCHED_ON, 1049, 1000, 1003, 1006, 2004) if screen.is_on(mode)] == []
    assert screen.attributes == attributes

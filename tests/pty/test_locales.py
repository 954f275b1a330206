"""Terminals with other encodings than UTF-8, and with few colors."""

from __future__ import annotations

import json
import re
import shlex
import sys

import pytest

from tests.examples import endurance
from tests.pages import daily_page
from tests.program import run_command
from tests.pty.conftest import bring_in
from tests.terminal import Terminal

TITLE = "Cafés über α ≤ β — 论文 “now” naïvely"
STYLES = re.compile(rb"\x1b\[([0-9;]*)m")


RUN_COMMANDS = """
import shlex, sys
from paperreader.cli.main import run
for line in sys.argv[1:]:
    print("$$", flush=True)
    run(shlex.split(line))
"""
"""Runs commands one after the other in a new interpreter, which reads the locale."""


@pytest.fixture
def special(tmp_path):
    """A library of one paper with many letters and symbols."""
    bring_in(tmp_path / "daily-2025-03-14.txt", daily_page("Mar 14", f"{TITLE}\n\nWe sip tea… and wait.\n"))


def styles(raw: bytes) -> set[bytes]:
    """Return the parameters of all styles (SGR), with those of colors from the palette as one."""
    return {part for found in STYLES.findall(raw) for part in re.findall(rb"[34]8;[25];[0-9;]+|\d+", found)}


def test_locale_c_gets_ascii_and_eight_colors_get_their_palette(installed_reader, special, tmp_path):
    screen = installed_reader(rows=24, columns=80, env={"LC_ALL": "C", "TERM": "xterm", "COLORTERM": ""})
    screen.wait_for('Cafes uber ? < ? - ???? "now" naively')
    for keys, shown in (
        ("b", "Bookmarked"),
        ("?", "Navigation"),
        ("\x1b", lambda text: "Navigation" not in text),
        ("/tea", "1 of 1"),
        ("\r", "LIST"),
        ("n", "ctrl+s save"),
        ("café".encode(), "cafe"),
        ("\x13", "saved"),
        ("q", lambda _: True),
    ):
        screen.send(keys)
        screen.wait_for(shown)
    assert screen.wait_for_exit() == 0
    assert bytes(screen.raw).isascii()
    assert styles(screen.raw) <= {b"%d" % number for number in (*range(10), *range(30, 50), *range(90, 108))}
    assert json.loads(run_command("search", "--json"))["note"] == "café"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, Python hides that the locale is C")
@pytest.mark.endurance
def test_locale_c_of_lang_gets_ascii(installed_reader, special):
    screen = installed_reader(rows=24, columns=80, env={"LC_ALL": "", "LC_CTYPE": "", "LANG": "C"})
    screen.wait_for('Cafes uber ? < ? - ???? "now" naively')
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert bytes(screen.raw).isascii()


@pytest.mark.endurance
def test_latin_1_accepts_and_shows_its_letters(installed_reader, special):
    screen = installed_reader(rows=24, columns=80, env={"LC_ALL": "de_DE.ISO-8859-1"})
    screen.wait_for(lambda _: "Cafés über ? < ? - ????".encode("latin-1") in screen.raw)
    screen.send("n")
    screen.wait_for("ctrl+s save")
    screen.send("Größe".encode("latin-1"))
    screen.wait_for(lambda _: "Größe".encode("latin-1") in screen.raw)
    screen.send("\x13")
    screen.wait_for("saved")
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert not re.search("[★●▌✎…─│·]".encode(), screen.raw)
    assert json.loads(run_command("search", "--json"))["note"] == "Größe"


@pytest.mark.parametrize(
    ("locale", "shown"), [endurance("C", b"Cafes uber"), ("de_DE.ISO-8859-1", b"Caf\xe9s \xfcber")]
)
def test_commands_show_similar_characters(special, locale, shown):
    commands = (["search"], ["export", "--format", "csv"], ["digest"], ["add", "“Cafés über…”"])
    with Terminal(
        [sys.executable, "-c", RUN_COMMANDS, *map(shlex.join, commands)], env={"LC_ALL": locale}
    ) as screen:
        screen.wait_for_exit()
    for output in screen.raw.split(b"$$")[1:]:
        assert shown in output
        assert not re.search(rb"[\xc2-\xf4][\x80-\xbf]", output), "a character in UTF-8"
    assert screen.raw.count(b"$$") == len(commands)


def test_256_colors_have_a_calm_cursor_row(reader, special):
    screen = reader(rows=24, columns=80, env={"TERM": "xterm-256color", "COLORTERM": ""})
    screen.wait_for("Cafés")
    screen.send("q")
    assert screen.wait_for_exit() == 0
    cursor = re.search(rb"\x1b\[([0-9;]*)m\xe2\x96\x8c", screen.raw)  # the mark at its left
    assert cursor is not None
    background = int(re.findall(rb"48;5;(\d+)", cursor[1])[-1])
    assert 233 <= background <= 240, "a dark grey"
    assert not any(b"8;2;" in style for style in styles(screen.raw))

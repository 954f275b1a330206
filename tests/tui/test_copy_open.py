"""Copying and opening, by every way there is, and with programs that hang or fail."""

from __future__ import annotations

import base64
import json
import os
from urllib.parse import urlsplit

import pytest
from textual import events

from paperreader.system import browser
from paperreader.tui.dialogs.choice import ChoiceDialog, ChoiceLine
from paperreader.tui.dialogs.copy_fallback import CopyFallbackDialog
from paperreader.tui.widgets.detail.widget import Detail
from tests.tui.fakes import rendered_lines

REPO = "https://github.com/lanternlab/Sparse-Lanterns"


@pytest.fixture
def programs(home, monkeypatch):
    """Puts fake programs on an otherwise empty PATH: `programs(xclip="cat > …")`; gives the folder they write to."""
    tools, out = home / "tools", home / "out"
    tools.mkdir()
    out.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("OUT", str(out))

    def made(**scripts):
        for name, script in scripts.items():
            file = tools / name.replace("_", "-")
            file.write_text(f"#!/bin/sh\nPATH={os.defpath}\n{script}\n")
            file.chmod(0o755)
        return out

    return made


@pytest.fixture
def display(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":99")


def sequences(desk, monkeypatch):
    """What reaches the terminal beside the frames."""
    written = []
    monkeypatch.setattr(desk.app._driver, "write", written.append)
    return written


async def test_y_copies_the_repo_link_through_the_desktop(reading, programs, display):
    out = programs(xclip='cat > "$OUT/clipboard"')
    async with reading() as desk:
        await desk.press("y")
        assert (out / "clipboard").read_text() == REPO
        assert "Copied  github.com/lanternlab/Sparse-Lanterns" in desk.status


async def test_over_ssh_the_terminal_is_told(reading, programs, monkeypatch):
    programs()
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    async with reading() as desk:
        written = sequences(desk, monkeypatch)
        await desk.press("y")
        assert f"\x1b]52;c;{base64.b64encode(REPO.encode()).decode()}\x07" in written
        assert "Sent to terminal  github.com/lanternlab/Sparse-Lanterns" in desk.status


async def test_in_tmux_its_buffer_takes_it(reading, programs, monkeypatch):
    out = programs(tmux='printf "%s " "$@" > "$OUT/arguments"; cat > "$OUT/buffer"')
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    async with reading() as desk:
        await desk.press("y")
        assert (out / "buffer").read_text() == REPO
        assert (out / "arguments").read_text() == "load-buffer -w - "
        assert "Copied  " in desk.status


async def test_a_failing_program_is_not_believed(reading, programs, display, monkeypatch):
    programs(xclip="echo 'cannot open display' >&2; exit 1")
    async with reading() as desk:
        await desk.press("y")
        assert "Sent to terminal" in desk.status


async def test_when_nothing_works_the_link_is_shown_in_whole(reading, programs, display, monkeypatch):
    programs(xclip="echo 'cannot open display' >&2; exit 1")
    monkeypatch.setenv("TERM", "linux")
    async with reading() as desk:
        await desk.press("y")
        panel = desk.app.screen
        assert isinstance(panel, CopyFallbackDialog)
        text = panel.query_one("#link-text")
        assert text.region.x == 0
        assert rendered_lines(text) == [REPO]
        await desk.press("escape")
        assert desk.app.screen is desk.screen


async def test_a_hung_program_holds_up_neither_the_reader_nor_quitting(reading, programs, display):
    out = programs(xclip='echo $$ > "$OUT/pid"; exec sleep 60')
    async with reading() as desk:
        desk.send("y")
        while not (out / "pid").exists() or not (out / "pid").read_text().strip():
            await desk.pilot.pause()
        desk.send("j", "j", "b")
        await desk.pilot.pause()
        assert desk.screen.papers.position == 2
        assert desk.library.view_counts().bookmarks == 1
        os.kill(int((out / "pid").read_text()), 0)  # it hangs as ever
        desk.send("q")
        await desk.pilot.pause()
        await desk.pilot.pause()
        assert not desk.app.is_running or desk.app._exit


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (1, "No repo link, Y copies title or id"),
        (3, "No repo link, Y for 1 other"),
        (2, "Y for 2 more"),
    ],
)
async def test_y_counts_code_links_only_and_tells_of_the_others(reading, programs, display, paper, said):
    programs(xclip="cat > /dev/null")
    async with reading(size=(100, 30)) as desk:
        await desk.press(*"j" * paper, "y")
        assert said in desk.status


async def test_the_chooser_copies_anything_and_yy_the_best(reading, programs, display):
    out = programs(xclip='cat > "$OUT/clipboard"')
    copied = out / "clipboard"
    async with reading() as desk:
        await desk.press("j", "j", "Y")
        assert isinstance(desk.app.screen, ChoiceDialog)
        await desk.press("y")
        assert copied.read_text() == "https://github.com/cafechess/games"
        await desk.press("Y", "2")
        assert copied.read_text() == "https://github.com/cafechess/board"
        await desk.press("Y", "j", "j", "enter")
        assert copied.read_text() == "https://cafechess.github.io"
        await desk.press("Y", "g")
        assert copied.read_text() == "git clone https://github.com/cafechess/games"
        await desk.press("Y", "t")
        assert copied.read_text() == "Café Chess with Naïve Openings"
        await desk.press("Y", "i")
        assert copied.read_text() == desk.screen.paper.id
        await desk.press("Y", "m")
        assert copied.read_text() == "[Café Chess with Naïve Openings](https://github.com/cafechess/games)"
        await desk.press("Y", "b")
        assert copied.read_text().startswith("@misc{2025cafe-")
        assert "title = {{Caf{\\'e} Chess with Na\\\"{i}ve Openings}}" in copied.read_text()
        await desk.press("Y", "escape")
        assert desk.app.screen is desk.screen
        assert desk.mode == "list"


@pytest.mark.parametrize("taken", ["t", "y", "escape"])
async def test_a_key_in_the_instant_a_chooser_closes_is_not_lost(reading, programs, display, taken):
    programs(xclip="cat > /dev/null")
    async with reading() as desk:
        await desk.press("Y")
        with desk.app._context():
            # As from a terminal that delivers them one by one: nothing else has run between the two.
            for name in (taken, "j"):
                await desk.app.on_event(events.Key(name, name if len(name) == 1 else None))
        await desk.settle()
        assert desk.app.screen is desk.screen
        assert desk.screen.papers.position == 1


async def test_o_opens_the_page_and_capital_o_asks(reading, programs, monkeypatch):
    out = programs(browser='echo "$1" >> "$OUT/opened"')
    monkeypatch.setenv("BROWSER", "browser")
    async with reading() as desk:
        await desk.press("j", "j", "o")
        assert (out / "opened").read_text() == "https://github.com/cafechess/games\n"
        assert "Opened  github.com/cafechess/games" in desk.status
        await desk.press("O", "3")
        assert (out / "opened").read_text().splitlines()[1] == "https://cafechess.github.io"
        await desk.press("j", "O")
        assert (out / "opened").read_text().splitlines()[2] == "https://tidalgrammars.org"
        await desk.press("j", "o")
        assert "no page" in desk.status
        await desk.press("O")
        assert "no link" in desk.status


async def test_every_address_of_a_paper_has_its_kind_and_shows_its_host(
    reading, programs, library, tmp_path, monkeypatch
):
    out = programs(browser='echo "$1" > "$OUT/opened"')
    monkeypatch.setenv("BROWSER", "browser")
    evil = "https://github.com.a-host-that-is-longer-than-any-line-is-wide.example.evil.example/login"
    page = {
        "paperreader": 1,
        "title": "Lamps for Every Door of the House",
        "arxiv": "2401.04321",
        "links": [
            "https://github.com/lamps/doors",
            "https://lamps.github.io",
            "https://hf.co/datasets/a/b",
            evil,
        ],
    }
    (tmp_path / "lamps.jsonl").write_text(json.dumps(page))
    library.imports.import_paths([str(tmp_path / "lamps.jsonl")])
    async with reading(at=library.resolve("2401.04321"), size=(80, 30)) as desk:
        await desk.press("O")
        lines = [" ".join(rendered_lines(line)[0].split()[-2:]) for line in desk.app.screen.query(ChoiceLine)]
        assert lines[:5] == [
            "paper arxiv.org/abs/2401.04321",
            "pdf arxiv.org/pdf/2401.04321",
            "code github.com/lamps/doors",
            "project lamps.github.io",
            "dataset hf.co/datasets/a/b",
        ]
        assert "evil.example/login" in lines[5], "the end of a host says whose it is"
        assert not lines[5].split()[1].startswith("github.com")
        for key, opened in (
            ("1", "https://arxiv.org/abs/2401.04321"),
            ("2", "https://arxiv.org/pdf/2401.04321"),
        ):
            await desk.press(*([] if key == "1" else ["O"]), key)
            assert (out / "opened").read_text().strip() == opened
        await desk.press("O", "4")
        assert (out / "opened").read_text().strip() == "https://lamps.github.io"


async def test_an_address_stands_on_the_screen_before_it_is_opened(reading, programs, monkeypatch):
    seen = []
    async with reading() as desk:
        monkeypatch.setattr(
            browser, "open_url", lambda url: seen.append(desk.screen_text) or browser.OpenResult(True)
        )
        await desk.press("j", "j", "o")
        assert "Opening  github.com/cafechess/games" in seen[0]
        assert "Opened  github.com/cafechess/games" in desk.status


async def test_a_click_on_a_link_opens_it_and_nothing_but_web_addresses(reading, programs, monkeypatch):
    out = programs(browser='echo "$1" >> "$OUT/opened"')
    monkeypatch.setenv("BROWSER", "browser")
    async with reading() as desk:
        desk.screen.detail.post_message(Detail.LinkClicked(REPO))
        await desk.settle()
        assert (out / "opened").read_text() == f"{REPO}\n"
        desk.screen.detail.post_message(Detail.LinkClicked("file:///etc/passwd"))
        await desk.settle()
        assert isinstance(desk.app.screen, CopyFallbackDialog)
        assert (out / "opened").read_text() == f"{REPO}\n"


async def test_without_a_browser_the_address_is_copied(reading, programs, monkeypatch):
    programs()
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    async with reading() as desk:
        written = sequences(desk, monkeypatch)
        await desk.press("o")
        assert f"\x1b]52;c;{base64.b64encode(REPO.encode()).decode()}\x07" in written
        assert "No browser: sent to terminal  github.com/lanternlab/" in desk.status
        await desk.press("j")
        assert desk.screen.papers.position == 1


async def test_with_neither_browser_nor_clipboard_the_address_is_shown_and_no_key_is_lost(
    reading, programs, monkeypatch
):
    programs()
    monkeypatch.setenv("TERM", "linux")
    async with reading() as desk:
        await desk.press("o")
        assert isinstance(desk.app.screen, CopyFallbackDialog)
        assert rendered_lines(desk.app.screen.query_one("#link-text")) == [REPO]
        await desk.press("j")
        assert desk.app.screen is desk.screen
        assert desk.screen.papers.position == 1
        await desk.press("k", "o", "q")
        assert desk.app.screen is desk.screen
        assert desk.app.is_running


async def test_a_click_in_the_footer_does_what_the_key_does(reading, programs, display):
    out = programs(xclip='cat > "$OUT/clipboard"')
    async with reading() as desk:
        line = rendered_lines(desk.screen.footer)[0]
        await desk.pilot.click(desk.screen.footer, offset=(line.index("copy repo"), 0))
        await desk.settle()
        assert (out / "clipboard").read_text() == REPO
        await desk.pilot.click(desk.screen.footer, offset=(line.index("search"), 0))
        await desk.settle()
        assert desk.mode == "search"
        line = rendered_lines(desk.screen.footer)[0]
        await desk.pilot.click(desk.screen.footer, offset=(line.index("to the list"), 0))
        await desk.settle()
        assert desk.mode == "list"


async def test_the_host_is_on_the_screen_before_anything_is_opened(reading, library, monkeypatch):
    shown = []

    def opened(url):
        shown.append((url, desk.screen_text))
        return browser.OpenResult(ok=True)

    async with reading() as desk:
        monkeypatch.setattr(browser, "open_url", opened)
        await desk.press("j", "j", "o", "O", "2")
        await desk.settle()
    assert len(shown) == 2
    for url, picture in shown:
        assert f"Opening  {urlsplit(url).hostname}" in picture

"""Copying and opening by every method, and with programs that hang or fail."""

from __future__ import annotations

import base64
import json
import os
from urllib.parse import urlsplit

import pytest
from textual import events

from paperreader.config.settings import Pdf
from paperreader.fetch.pdf.files import PdfFiles
from paperreader.system import browser
from paperreader.tui.dialogs.choice import ChoiceDialog, ChoiceLine
from paperreader.tui.dialogs.copy_fallback import CopyFallbackDialog
from paperreader.tui.widgets.detail.widget import Detail
from tests.tui.fakes import rendered_lines

REPO = "https://github.com/lanternlab/Sparse-Lanterns"


@pytest.fixture
def programs(home, monkeypatch):
    """Put fake programs on an otherwise empty PATH: `programs(xclip="cat > …")`; return the folder they write to."""
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


def sequences(reader, monkeypatch):
    """Return what is sent to the terminal except frames."""
    written = []
    monkeypatch.setattr(reader.app._driver, "write", written.append)
    return written


async def test_y_copies_repo_link_with_desktop_clipboard(open_reader, programs, display):
    out = programs(xclip='cat > "$OUT/clipboard"')
    async with open_reader() as reader:
        await reader.press("y")
        assert (out / "clipboard").read_text() == REPO
        assert "Copied  github.com/lanternlab/Sparse-Lanterns" in reader.status


@pytest.mark.parametrize("keys", ["n", "/"])
async def test_ctrl_c_and_ctrl_x_copy_what_is_selected(open_reader, programs, display, keys):
    out = programs(xclip='cat > "$OUT/clipboard"')
    async with open_reader() as reader:
        await reader.press(keys, *"abc", "shift+left", "shift+left", "ctrl+c")
        await reader.wait_until_idle()
        assert (out / "clipboard").read_text() == "bc"
        assert "Copied  bc" in reader.status
        await reader.press("shift+left", "ctrl+x")
        await reader.wait_until_idle()
        assert (out / "clipboard").read_text() == "abc"
        text = reader.note_editor.value if keys == "n" else reader.query
        assert text == ""
        await reader.press("ctrl+v")
        await reader.wait_until_idle()
        text = reader.note_editor.value if keys == "n" else reader.query
        assert text == "abc"


async def test_selection_that_no_program_takes_is_shown(open_reader, programs, display):
    programs(xclip="exit 1")
    async with open_reader(toml='[clipboard]\nway = "desktop"\n') as reader:
        await reader.press("n", *"abc", "shift+left", "ctrl+c")
        await reader.wait_until_idle()
        assert isinstance(reader.app.screen, CopyFallbackDialog)


async def test_ssh_session_copies_through_the_terminal(open_reader, programs, monkeypatch):
    programs()
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    async with open_reader() as reader:
        written = sequences(reader, monkeypatch)
        await reader.press("y")
        assert f"\x1b]52;c;{base64.b64encode(REPO.encode()).decode()}\x07" in written
        assert "Sent to terminal  github.com/lanternlab/Sparse-Lanterns" in reader.status


async def test_tmux_copies_to_its_buffer(open_reader, programs, monkeypatch):
    out = programs(tmux='printf "%s " "$@" > "$OUT/arguments"; cat > "$OUT/buffer"')
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    async with open_reader() as reader:
        await reader.press("y")
        assert (out / "buffer").read_text() == REPO
        assert (out / "arguments").read_text() == "load-buffer -w - "
        assert "Copied  " in reader.status


async def test_failing_clipboard_program_is_not_trusted(open_reader, programs, display, monkeypatch):
    programs(xclip="echo 'cannot open display' >&2; exit 1")
    async with open_reader() as reader:
        await reader.press("y")
        assert "Sent to terminal" in reader.status


async def test_link_is_shown_in_full_if_copying_fails(open_reader, programs, display, monkeypatch):
    programs(xclip="echo 'cannot open display' >&2; exit 1")
    monkeypatch.setenv("TERM", "linux")
    async with open_reader() as reader:
        await reader.press("y")
        panel = reader.app.screen
        assert isinstance(panel, CopyFallbackDialog)
        text = panel.query_one("#copy-fallback-text")
        assert text.region.x == 0
        assert rendered_lines(text) == [REPO]
        await reader.press("escape")
        assert reader.app.screen is reader.screen


async def test_hung_clipboard_program_blocks_nothing(open_reader, programs, display):
    out = programs(xclip='echo $$ > "$OUT/pid"; exec sleep 60')
    async with open_reader() as reader:
        reader.send_keys("y")
        while not (out / "pid").exists() or not (out / "pid").read_text().strip():
            await reader.pilot.pause()
        reader.send_keys("j", "j", "b")
        await reader.pilot.pause()
        assert reader.paper_list.position == 2
        assert reader.library.view_counts().bookmarks == 1
        os.kill(int((out / "pid").read_text()), 0)  # it hangs as ever
        reader.send_keys("q")
        await reader.pilot.pause()
        await reader.pilot.pause()
        assert not reader.app.is_running or reader.app._exit


async def test_y_mentions_other_links(open_reader, programs, display):
    programs(xclip="cat > /dev/null")
    async with open_reader(size=(100, 30)) as reader:
        for said in (
            "No repository link. Y copies the title or id",
            "Y for 2 more",
            "No repository link. Y copies the other link",
        ):
            await reader.press("j", "y")
            assert said in reader.status


async def test_copy_dialog_offers_everything(open_reader, programs, display):
    out = programs(xclip='cat > "$OUT/clipboard"')
    copied = out / "clipboard"
    async with open_reader() as reader:
        await reader.press("j", "j", "Y")
        assert isinstance(reader.app.screen, ChoiceDialog)
        await reader.press("y")
        assert copied.read_text() == "https://github.com/cafechess/games"
        await reader.press("Y", "2")
        assert copied.read_text() == "https://github.com/cafechess/board"
        await reader.press("Y", "j", "j", "enter")
        assert copied.read_text() == "https://cafechess.github.io"
        await reader.press("Y", "g")
        assert copied.read_text() == "git clone https://github.com/cafechess/games"
        await reader.press("Y", "t")
        assert copied.read_text() == "Café Chess with Naïve Openings"
        await reader.press("Y", "i")
        assert copied.read_text() == reader.paper.id
        await reader.press("Y", "m")
        assert copied.read_text() == "[Café Chess with Naïve Openings](https://github.com/cafechess/games)"
        await reader.press("Y", "b")
        assert copied.read_text().startswith("@misc{2025cafe-")
        assert "title = {{Caf{\\'e} Chess with Na\\\"{i}ve Openings}}" in copied.read_text()
        await reader.press("Y", "escape")
        assert reader.app.screen is reader.screen
        assert reader.mode == "list"


async def test_path_of_a_pdf_is_offered_while_it_exists(open_reader, programs, display, library, home):
    out = programs(xclip='cat > "$OUT/clipboard"')
    toml = '[pdf]\nfolder = "~/pdf"\n'
    paper = library.paper(library.table.newest[0])
    path = PdfFiles(library, Pdf(folder=str(home / "pdf"))).create(
        paper, lambda file: file.write(b"%PDF-1.7")
    )
    async with open_reader(toml=toml) as reader:
        await reader.press("Y")
        assert f"path of {path.name[:20]}" in " ".join(reader.screen_text.split())
        await reader.press("p")
        assert (out / "clipboard").read_text() == str(path)
        path.unlink()
        await reader.press("Y")
        assert "path of" not in reader.screen_text


@pytest.mark.parametrize("taken", ["t", "y", "escape"])
async def test_key_pressed_while_dialog_closes_is_not_lost(open_reader, programs, display, taken):
    programs(xclip="cat > /dev/null")
    async with open_reader() as reader:
        await reader.press("Y")
        with reader.app._context():
            # As from a terminal that delivers them one by one: nothing else has run between the two.
            for name in (taken, "j"):
                await reader.app.on_event(events.Key(name, name if len(name) == 1 else None))
        await reader.wait_until_idle()
        assert reader.app.screen is reader.screen
        assert reader.paper_list.position == 1


async def test_o_opens_page_and_capital_o_asks(open_reader, programs, monkeypatch):
    out = programs(browser='echo "$1" >> "$OUT/opened"')
    monkeypatch.setenv("BROWSER", "browser")
    async with open_reader() as reader:
        await reader.press("j", "j", "o")
        assert (out / "opened").read_text() == "https://github.com/cafechess/games\n"
        assert "Opened  github.com/cafechess/games" in reader.status
        await reader.press("O", "3")
        assert (out / "opened").read_text().splitlines()[1] == "https://cafechess.github.io"
        await reader.press("j", "O")
        assert (out / "opened").read_text().splitlines()[2] == "https://tidalgrammars.org"
        await reader.press("j", "o")
        assert "No page" in reader.status
        await reader.press("O")
        assert "no link" in reader.status


async def test_every_link_shows_its_kind_and_host(open_reader, programs, library, tmp_path, monkeypatch):
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
    async with open_reader(start_row=library.resolve("2401.04321"), size=(80, 30)) as reader:
        await reader.press("O")
        lines = [
            " ".join(rendered_lines(line)[0].split()[-2:]) for line in reader.app.screen.query(ChoiceLine)
        ]
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
            await reader.press(*([] if key == "1" else ["O"]), key)
            assert (out / "opened").read_text().strip() == opened
        await reader.press("O", "4")
        assert (out / "opened").read_text().strip() == "https://lamps.github.io"


async def test_url_is_shown_before_it_is_opened(open_reader, programs, monkeypatch):
    seen = []
    async with open_reader() as reader:
        monkeypatch.setattr(
            browser, "open_url", lambda url: seen.append(reader.screen_text) or browser.OpenResult(True)
        )
        await reader.press("j", "j", "o")
        assert "Opening  github.com/cafechess/games" in seen[0]
        assert "Opened  github.com/cafechess/games" in reader.status


async def test_click_opens_only_web_links(open_reader, programs, monkeypatch):
    out = programs(browser='echo "$1" >> "$OUT/opened"')
    monkeypatch.setenv("BROWSER", "browser")
    async with open_reader() as reader:
        reader.detail.post_message(Detail.LinkClicked(REPO))
        await reader.wait_until_idle()
        assert (out / "opened").read_text() == f"{REPO}\n"
        reader.detail.post_message(Detail.LinkClicked("file:///etc/passwd"))
        await reader.wait_until_idle()
        assert isinstance(reader.app.screen, CopyFallbackDialog)
        assert (out / "opened").read_text() == f"{REPO}\n"


async def test_url_is_copied_without_browser(open_reader, programs, monkeypatch):
    programs()
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    async with open_reader() as reader:
        written = sequences(reader, monkeypatch)
        await reader.press("o")
        assert f"\x1b]52;c;{base64.b64encode(REPO.encode()).decode()}\x07" in written
        assert "No browser: sent to terminal  github.com/lanternlab/" in reader.status
        assert not reader.notifications
        await reader.press("j")
        assert reader.paper_list.position == 1
        monkeypatch.setenv("BROWSER", "w3m:lynx -x:firefox $(page)")
        await reader.press("k", "o")
        assert "No browser: sent to terminal  github.com/lanternlab/" in reader.status
        assert reader.notifications == [
            "BROWSER: w3m is not installed; lynx is not installed; firefox $(page) needs a shell. "
            "Check this environment variable."
        ]


async def test_url_is_shown_without_browser_and_clipboard(open_reader, programs, monkeypatch):
    programs()
    monkeypatch.setenv("TERM", "linux")
    async with open_reader() as reader:
        await reader.press("o")
        assert isinstance(reader.app.screen, CopyFallbackDialog)
        assert rendered_lines(reader.app.screen.query_one("#copy-fallback-text")) == [REPO]
        await reader.press("j")
        assert reader.app.screen is reader.screen
        assert reader.paper_list.position == 1
        await reader.press("k", "o", "q")
        assert reader.app.screen is reader.screen
        assert reader.app.is_running


async def test_click_in_footer_runs_the_command(open_reader, programs, display):
    out = programs(xclip='cat > "$OUT/clipboard"')
    async with open_reader() as reader:
        line = rendered_lines(reader.footer)[0]
        await reader.pilot.click(reader.footer, offset=(line.index("copy repo"), 0))
        await reader.wait_until_idle()
        assert (out / "clipboard").read_text() == REPO
        await reader.pilot.click(reader.footer, offset=(line.index("search"), 0))
        await reader.wait_until_idle()
        assert reader.mode == "search"
        line = rendered_lines(reader.footer)[0]
        await reader.pilot.click(reader.footer, offset=(line.index("to the list"), 0))
        await reader.wait_until_idle()
        assert reader.mode == "list"


async def test_host_is_painted_before_the_browser_opens(open_reader, library, monkeypatch):
    shown = []

    def opened(url):
        shown.append((url, reader.screen_text))
        return browser.OpenResult(ok=True)

    async with open_reader() as reader:
        monkeypatch.setattr(browser, "open_url", opened)
        await reader.press("j", "j", "o", "O", "2")
        await reader.wait_until_idle()
    assert len(shown) == 2
    for url, picture in shown:
        assert f"Opening  {urlsplit(url).hostname}" in picture

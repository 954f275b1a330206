"""Tests of the path prompt and path completion."""

from __future__ import annotations

import os
import threading

import pytest

from paperreader.tui.dialogs import path_prompt
from paperreader.tui.dialogs.path_prompt import complete_path
from tests.tui.library_pages import PAGES
from tests.waiting import TIMEOUT_SECONDS

PAGE = "daily-2025-10-03.txt"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The home folder with a few files and folders, as the working directory."""
    home = tmp_path / "me"
    for name in ("papers/2024", "papers/2025", "Pictures", ".cache", "with space"):
        (home / name).mkdir(parents=True)
    for name in (".profile", "paper.txt", "no\ntype", "end ", "papers/2025/" + PAGE, "résumé.bib"):
        (home / name).write_text(PAGES[PAGE])
    (home / "papers" / "gone").symlink_to(home / "nowhere")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    return home


@pytest.mark.parametrize(
    ("typed", "text", "names"),
    [
        ("pa", "paper", ("paper.txt", "papers/")),
        ("papers", "papers/", ("papers/",)),
        ("papers/", "papers/", ("2024/", "2025/", "gone")),
        ("papers/2", "papers/202", ("2024/", "2025/")),
        ("~/papers/2025/d", f"~/papers/2025/{PAGE}", (PAGE,)),
        ("~", "~/", ("~/",)),
        ("~nobody-of-this-name/", "~nobody-of-this-name/", ()),
        ("", "", ("Pictures/", "paper.txt", "papers/", "résumé.bib", "with space/")),
        (".", ".", (".cache/", ".profile")),
        (".p", ".profile", (".profile",)),
        ("PI", "Pictures/", ("Pictures/",)),
        ("WITH s", "with space/", ("with space/",)),
        ("paper.txt/", "paper.txt/", ()),
        ("absent/", "absent/", ()),
        ("x\0y/", "x\0y/", ()),
        ("no", "no", ()),
        ("end", "end", ()),
    ],
)
def test_complete_path(folder, typed, text, names):
    assert complete_path(typed) == (text, names)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_unreadable_folder_has_no_completions(folder):
    (folder / "papers").chmod(0)
    assert complete_path("papers/") == ("papers/", ())


def prompt_value(reader):
    return reader.app.screen.query_one("PathInput").value


async def test_tab_completes_path_and_shows_candidates(open_reader, library, folder):
    async with open_reader() as reader:
        await reader.press("i", *"~/pa", "tab")
        assert prompt_value(reader) == "~/paper"
        assert "  paper.txt  papers/ " in reader.screen_text
        await reader.press("s", "tab")
        assert prompt_value(reader) == "~/papers/"
        assert "paper.txt" not in reader.screen_text
        reader.send_keys(
            "2", "tab", "5", "tab", "tab"
        )  # all at once: each tab continues the previous completion
        await reader.wait_until_idle()
        assert prompt_value(reader) == f"~/papers/2025/{PAGE}"
        await reader.press("enter")
        await reader.wait_until_idle()
        assert "6 read, 0 new, 0 merged, 6 unchanged" in reader.status


async def test_candidates_that_do_not_fit_are_counted(open_reader, folder):
    for number in range(40):
        (folder / f"page-{number:02}.txt").write_text("")
    async with open_reader(size=(60, 24)) as reader:
        await reader.press("i", *"page", "tab")
        assert "page-00.txt  page-01.txt  page-02.txt  page-03.txt  +36" in reader.screen_text
        await reader.press("x", "tab")
        assert "no matches" in reader.screen_text
        assert prompt_value(reader) == "page-x"


async def test_path_of_unknown_user_is_reported(open_reader, folder):
    async with open_reader() as reader:
        await reader.press("i", *"~no-such-user/papers.txt", "enter")
        await reader.wait_until_idle()
        assert any("~no-such-user" in message for message in reader.notifications)


async def test_slow_disk_does_not_block_keys(open_reader, folder, monkeypatch):
    may_finish = threading.Event()
    monkeypatch.setattr(path_prompt, "KEY_HOLD_SECONDS", 0.01)
    monkeypatch.setattr(
        path_prompt,
        "complete_path",
        lambda typed: may_finish.wait(TIMEOUT_SECONDS) and path_prompt.PathCompletion("too late"),
    )
    async with open_reader() as reader:
        reader.send_keys("i")
        await reader.wait_until_idle()
        reader.send_keys("p", "tab", "q")
        while prompt_value(reader) != "pq":
            await reader.pilot.pause(0)
        may_finish.set()
        await reader.wait_until_idle()
        assert prompt_value(reader) == "pq"
        await reader.press("escape")
        assert reader.app.screen is reader.screen


async def test_placeholder_differs_from_value(open_reader, folder):
    async with open_reader() as reader:
        await reader.press("i")
        assert "type a path, such as" in reader.screen_text
        style = reader.app.screen.query_one("PathInput").get_component_rich_style("input--placeholder")
        assert style.italic
        await reader.press("escape", "5", "S")
        assert "complete" not in reader.screen_text
        await reader.press("tab", "enter")
        assert "Subscribed: has:code" in reader.status

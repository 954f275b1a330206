"""Several papers at once: selecting, acting on all of them, and everything shown marked read."""

from __future__ import annotations

import json

import pytest

from paperreader.errors import StorageError
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.controllers.marks import MAX_INLINE_MARKS
from tests.tui.conftest import import_pages
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import LATER_PAGES, OLDER_TITLES, TITLES


def ticked(desk):
    """The titles behind a tick, as far as the pane shows them."""
    lines = [line for line in rendered_lines(desk.screen.papers) if line[1:2] == "✓"]
    return [title for title in (*TITLES, *OLDER_TITLES) if any(title[:20] in line for line in lines)]


def bookmarks(desk):
    return {tex_to_unicode(desk.library.paper(row).title) for row in desk.library.view("bookmarks")}


async def test_a_range_grows_and_shrinks_with_the_cursor(reading):
    async with reading() as desk:
        await desk.press("j", "v")
        assert desk.mode == "select"
        assert ticked(desk) == [TITLES[1]]
        assert desk.status.startswith("SELECT   1 selected")
        await desk.press("j", "j")
        assert ticked(desk) == list(TITLES[1:4])
        await desk.press("k")
        assert ticked(desk) == list(TITLES[1:3])
        await desk.press("k", "k")
        assert ticked(desk) == list(TITLES[:2])
        await desk.press("G")
        assert desk.status.startswith("SELECT   9 selected")
        await desk.press("escape")
        assert desk.mode == "list"
        assert ticked(desk) == []
        assert desk.title == OLDER_TITLES[3]


async def test_what_is_held_stays_and_can_be_let_go_of(reading):
    async with reading() as desk:
        await desk.press("v", "j", "v", "j", "j", "v", "j")
        assert ticked(desk) == [TITLES[0], TITLES[1], TITLES[3], TITLES[4]]
        await desk.press("v", "k", "v")
        assert ticked(desk) == [TITLES[0], TITLES[1], TITLES[4]]
        await desk.press("j", "v", "g", "v", "j", "v")
        assert desk.mode == "list", "nothing is left of it"


async def test_acts_reach_all_selected_in_one_step(reading):
    async with reading() as desk:
        await desk.press("j", "b", "g", "v", "j", "j", "b")
        assert bookmarks(desk) == set(TITLES[:3])
        assert "Bookmarked 2 papers  u undoes" in desk.status
        assert desk.mode == "select", "more can be done to them"
        await desk.press("N", "escape")
        assert desk.library.view_counts().unread == 7
        await desk.press("u")
        assert "Undone: read mark, 3 papers" in desk.status
        await desk.press("u")
        assert bookmarks(desk) == {TITLES[1]}, "what was bookmarked before stays so"
        await desk.press("u", "U", "U")
        assert bookmarks(desk) == set(TITLES[:3])
        await desk.press("g", "v", "j", "j", "b")
        assert bookmarks(desk) == set()
        assert "Bookmark gone from 3 papers" in desk.status


async def test_a_failed_save_takes_back_the_whole_act(reading, library, monkeypatch):
    def full(changes):
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    monkeypatch.setattr(library, "save", full)
    async with reading() as desk:
        await desk.press("v", "G", "b")
        assert bookmarks(desk) == set()
        assert len(desk.notifications) == 1


async def test_a_selection_is_of_the_papers_not_of_their_places(reading, tmp_path, library):
    async with reading() as desk:
        await desk.press("j", "v", "v", "j", "j", "v", "j")
        import_pages(type(library).open(), tmp_path / "more", LATER_PAGES)
        desk.screen.poll()
        await desk.settle()
        assert len(desk.titles) == 12
        await desk.press("b")
        assert bookmarks(desk) == {TITLES[1], TITLES[3], TITLES[4]}


@pytest.mark.parametrize("keys", [("4",), ("c",), ("s", "t"), ("slash", "x"), ("R",)])
async def test_another_list_has_nothing_selected(reading, keys):
    async with reading() as desk:
        await desk.press("v", "j", *keys)
        assert not desk.screen.papers.is_selecting


async def test_the_selected_papers_are_what_is_exported(reading):
    async with reading() as desk:
        await desk.press("v", "j", "x")
        assert "Export the 2 selected" in desk.screen_text


async def test_what_is_selected_stays_so_in_the_detail(reading):
    async with reading() as desk:
        await desk.press("v", "j", "enter", "N", "escape")
        assert desk.library.view_counts().unread == 8
        assert desk.mode == "detail"
        await desk.press("escape")
        assert desk.mode == "list"


async def test_everything_shown_is_read_after_a_question(reading):
    async with reading() as desk:
        await desk.press("5", "A")
        assert "Mark 3 papers read?" in desk.screen_text
        await desk.press("n")
        assert desk.library.view_counts().unread == 10
        await desk.press("A", "y")
        assert desk.library.view_counts().unread == 7
        assert "Read: 3 papers  u undoes" in desk.status
        await desk.press("A")
        assert "Nothing unread here" in desk.status
        await desk.press("u")
        assert desk.library.view_counts().unread == 10


async def test_many_papers_are_one_act_and_one_save(reading, library, tmp_path, monkeypatch):
    count = MAX_INLINE_MARKS + 50
    lines = [json.dumps({"id": f"paper-{n}", "title": f"Paper number {n} of many"}) for n in range(count)]
    import_pages(library, tmp_path / "many", {"many.jsonl": "\n".join(lines)})
    save, saved = library.save, []

    def counted(changes):
        saved.append(len(changes))
        return save(changes)

    monkeypatch.setattr(library, "save", counted)
    async with reading() as desk:
        desk.send("v", "G", "b", "N", "u")
        await desk.settle()
        counts = library.view_counts()
        assert (counts.bookmarks, counts.unread) == (count + 10, count + 10)
        assert sum(saved) == 3 * (count + 10)
        assert len(saved) <= 3, "acts that wait for one another are saved together"
        await desk.press("u")
        assert f"Undone: bookmark, {count + 10} papers" in desk.status
        assert library.view_counts().bookmarks == 0

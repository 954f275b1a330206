"""Selecting several papers, changing all of them, and marking all listed papers read."""

from __future__ import annotations

import json
import threading

from paperreader.errors import StorageError
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.controllers.papers import marks
from paperreader.tui.controllers.papers.marks import MAX_INLINE_MARKS
from paperreader.tui.model.mark_changes import changes_for
from tests.tui.conftest import import_pages
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import LATER_PAGES, OLDER_TITLES, TITLES
from tests.waiting import TIMEOUT_SECONDS


def ticked(reader):
    """The titles of selected rows, as far as the pane shows them."""
    lines = [line for line in rendered_lines(reader.paper_list) if line[1:2] == "✓"]
    return [title for title in (*TITLES, *OLDER_TITLES) if any(title[:20] in line for line in lines)]


def bookmarks(reader):
    return {tex_to_unicode(reader.library.paper(row).title) for row in reader.library.view("bookmarks")}


async def test_range_grows_and_shrinks_with_the_cursor(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "v")
        assert reader.mode == "select"
        assert ticked(reader) == [TITLES[1]]
        assert reader.status.startswith("SELECT   1 selected")
        await reader.press("j", "j")
        assert ticked(reader) == list(TITLES[1:4])
        await reader.press("k")
        assert ticked(reader) == list(TITLES[1:3])
        await reader.press("k", "k")
        assert ticked(reader) == list(TITLES[:2])
        await reader.press("G")
        assert reader.status.startswith("SELECT   9 selected")
        await reader.press("escape")
        assert reader.mode == "list"
        assert ticked(reader) == []
        assert reader.title == OLDER_TITLES[3]


async def test_fixed_selection_stays_and_can_be_toggled(open_reader):
    async with open_reader() as reader:
        await reader.press("v", "j", "v", "j", "j", "v", "j")
        assert ticked(reader) == [TITLES[0], TITLES[1], TITLES[3], TITLES[4]]
        await reader.press("v", "k", "v")
        assert ticked(reader) == [TITLES[0], TITLES[1], TITLES[4]]
        await reader.press("j", "v", "g", "v", "j", "v")
        assert reader.mode == "list", "nothing is left of it"


async def test_commands_change_all_selected_papers_in_one_step(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "b", "g", "v", "j", "j", "b")
        assert bookmarks(reader) == set(TITLES[:3])
        assert "Bookmarked: 2 papers  u undoes" in reader.status
        assert reader.mode == "select", "more can be done to them"
        await reader.press("N", "escape")
        assert reader.library.view_counts().unread == 7
        await reader.press("u")
        assert "Undone: mark as read, 3 papers" in reader.status
        await reader.press("u")
        assert bookmarks(reader) == {TITLES[1]}, "what was bookmarked before stays so"
        await reader.press("u", "U", "U")
        assert bookmarks(reader) == set(TITLES[:3])
        await reader.press("g", "v", "j", "j", "b")
        assert bookmarks(reader) == set()
        assert "Bookmark removed: 3 papers" in reader.status


async def test_failed_save_reverts_the_whole_change(open_reader, library, monkeypatch):
    def full(changes):
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    monkeypatch.setattr(library, "save", full)
    async with open_reader() as reader:
        await reader.press("v", "G", "b")
        assert bookmarks(reader) == set()
        assert len(reader.notifications) == 1


async def test_selection_stays_with_papers_when_the_list_changes(open_reader, tmp_path, library):
    async with open_reader() as reader:
        await reader.press("j", "v", "v", "j", "j", "v", "j")
        import_pages(type(library).open(), tmp_path / "more", LATER_PAGES)
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        assert len(reader.titles) == 12
        await reader.press("b")
        assert bookmarks(reader) == {TITLES[1], TITLES[3], TITLES[4]}


async def test_another_list_has_no_selection(open_reader):
    async with open_reader() as reader:
        for keys in (("c",), ("s", "t"), ("slash", "x"), ("R",), ("4",)):
            await reader.press("escape", "escape", "1", "v", "j")
            assert reader.paper_list.is_selecting
            await reader.press(*keys)
            assert not reader.paper_list.is_selecting, keys


async def test_selected_papers_are_exported(open_reader):
    async with open_reader() as reader:
        await reader.press("v", "j", "x")
        assert "Export the 2 selected" in reader.screen_text


async def test_selection_stays_in_the_detail(open_reader):
    async with open_reader() as reader:
        await reader.press("v", "j", "enter", "N", "escape")
        assert reader.library.view_counts().unread == 8
        assert reader.mode == "detail"
        await reader.press("escape")
        assert reader.mode == "list"


async def test_all_listed_papers_are_marked_read_after_confirmation(open_reader):
    async with open_reader() as reader:
        await reader.press("5", "A")
        assert "Mark 3 papers as read?" in reader.screen_text
        await reader.press("n")
        assert reader.library.view_counts().unread == 10
        await reader.press("A", "y")
        assert reader.library.view_counts().unread == 7
        assert "Marked as read: 3 papers  u undoes" in reader.status
        await reader.press("A")
        assert "Nothing unread here" in reader.status
        await reader.press("u")
        assert reader.library.view_counts().unread == 10


def import_many(library, folder):
    """Import more papers than are marked in one frame, and return how many."""
    count = MAX_INLINE_MARKS + 50
    lines = [
        json.dumps({"id": f"paper-{n}", "title": f"Paper number {n} of many", "votes": 1})
        for n in range(count)
    ]
    import_pages(library, folder / "many", {"many.jsonl": "\n".join(lines)})
    return count


async def test_many_papers_are_one_change_and_one_save(open_reader, library, tmp_path, monkeypatch):
    count = import_many(library, tmp_path)
    save, saved = library.save, []

    def counted(changes):
        saved.append(len(changes))
        return save(changes)

    monkeypatch.setattr(library, "save", counted)
    async with open_reader() as reader:
        reader.send_keys("v", "G", "b", "N", "u")
        await reader.wait_until_idle()
        counts = library.view_counts()
        assert (counts.bookmarks, counts.unread) == (count + 10, count + 10)
        assert sum(saved) == 3 * (count + 10)
        assert len(saved) <= 3, "acts that wait for one another are saved together"
        await reader.press("u")
        assert f"Undone: bookmark, {count + 10} papers" in reader.status
        assert library.view_counts().bookmarks == 0


async def test_many_papers_leave_the_list_and_undo_brings_them_back(open_reader, library, tmp_path):
    import_many(library, tmp_path)
    async with open_reader() as reader:
        for view, key in (("1", "D"), ("2", "C")):
            await reader.press(view)
            titles = reader.titles
            reader.send_keys("v", "G", key)
            await reader.wait_until_idle()
            assert reader.titles == []
            reader.send_keys("u")
            await reader.wait_until_idle()
            assert reader.titles == titles


async def test_keys_are_handled_while_many_papers_are_marked(open_reader, library, tmp_path, monkeypatch):
    count, moved, handled = import_many(library, tmp_path), threading.Event(), []

    def wait_for_a_key(*arguments):
        handled.append(moved.wait(TIMEOUT_SECONDS))
        return changes_for(*arguments)

    monkeypatch.setattr(marks, "changes_for", wait_for_a_key)
    async with open_reader() as reader:
        navigation = reader.controllers.navigation
        move = navigation.move
        monkeypatch.setattr(navigation, "move", lambda lines: (move(lines), moved.set()))
        reader.send_keys("v", "G", "b", "escape", "g", "j", "u")
        await reader.wait_until_idle()
        assert handled == [True]
        assert f"Undone: bookmark, {count + 10} papers" in reader.status
        assert library.view_counts().bookmarks == 0

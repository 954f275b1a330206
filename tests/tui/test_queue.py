"""Moving papers in the reading queue: the cursor follows, and undo puts them back."""

from __future__ import annotations

from paperreader.library import Library, queue_order
from paperreader.text.tex_display import tex_to_unicode
from tests.tui.library_pages import TITLES

A, B, C, D = TITLES[:4]


def queue(reader) -> list[str]:
    return [tex_to_unicode(reader.library.paper(row).title) for row in queue_order(reader.library)]


def at_cursor(reader) -> str:
    return tex_to_unicode(reader.library.paper(reader.paper_list.cursor).title)


async def test_papers_move_in_the_list_and_are_saved(open_reader, library):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("b", "j", "b", "j", "b", "s", "b")
        assert reader.titles[:4] == [A, B, C, D]
        assert "Sorted: reading queue" in reader.status
        await reader.press("}")
        assert (reader.titles[:3], at_cursor(reader)) == ([B, A, C], A)
        assert "Moved to 2 of 3 in the reading queue  u undoes" in reader.status
        await reader.press("}", "}")
        assert (reader.titles[:3], at_cursor(reader)) == ([B, C, A], A)
        assert "Last in the reading queue already" in reader.status
        await reader.press("k", "{")
        assert (reader.titles[:3], at_cursor(reader)) == ([C, B, A], C)
        await reader.press("{")
        assert "First in the reading queue already" in reader.status
        reader.send_keys("}", "}", "{", "}")
        await reader.wait_until_idle()
        assert (reader.titles[:3], at_cursor(reader)) == ([B, A, C], C)
        for _ in range(5):
            await reader.press("u")
        assert (reader.titles[:3], at_cursor(reader)) == ([B, C, A], C)
        await reader.press("u", "u", "G")
        assert reader.titles[:3] == [A, B, C]
        await reader.press("U")
        assert (reader.titles[:3], at_cursor(reader)) == ([B, A, C], A)
        await reader.press("q")
    async with open_reader(Library.open()) as reader:
        assert reader.titles[:3] == [B, A, C], "the order of the list is kept too"


async def test_paper_without_bookmark_becomes_the_last(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("j", "b", "k", "{")
        assert queue(reader) == [B, A]
        assert "Bookmarked, last in the reading queue  u undoes  s b shows it" in reader.status
        assert reader.titles[:2] == [A, B], "the list is in another order"
        await reader.press("{")
        assert queue(reader) == [A, B]
        assert "Moved to 1 of 2 in the reading queue  u undoes  s b shows it" in reader.status
        await reader.press("b", "u")
        assert queue(reader) == [A, B], "its place comes back with the bookmark"
        await reader.press("u", "u")
        assert queue(reader) == [B]


async def test_paper_moves_past_its_neighbour_in_a_part_of_the_queue(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("b", "j", "b", "N", "j", "b", "N", "j", "b", "3", "s", "b")
        assert reader.titles[:2] == [A, D]
        await reader.press("G", "g", "}")
        assert (reader.titles[:2], at_cursor(reader)) == ([D, A], A)
        assert queue(reader) == [B, C, D, A]
        await reader.press("1", "/", *"sort:-queue", "enter", "g", "}")
        assert queue(reader) == [B, C, A, D]
        assert reader.titles[:4] == [D, A, C, B]


async def test_hidden_paper_is_not_moved(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("b", "h", "/", *"is:hidden ", "enter", "}")
        assert "Hidden papers are not in the reading queue" in reader.status
        assert queue(reader) == []


async def test_selected_papers_move_together(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        for _ in range(4):
            await reader.press("b", "j")
        await reader.press("s", "b", "g", "v", "j")
        await reader.press("}")
        assert reader.titles[:4] == [C, A, B, D]
        assert "Moved 2 papers to 2 of 4 in the reading queue  u undoes" in reader.status
        assert (reader.paper_list.selected_count, at_cursor(reader)) == (2, B)
        await reader.press("}", "}")
        assert reader.titles[:4] == [C, D, A, B]
        assert "Last in the reading queue already" in reader.status
        await reader.press("{", "{", "{")
        assert reader.titles[:4] == queue(reader) == [A, B, C, D]
        assert "First in the reading queue already" in reader.status
        await reader.press("escape", "u")
        assert reader.titles[:4] == [C, A, B, D]
        await reader.press("u", "u", "u")
        assert reader.titles[:4] == [A, B, C, D]


async def test_selected_papers_that_are_apart_are_brought_together(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        for _ in range(4):
            await reader.press("b", "j")
        await reader.press("s", "b", "g", "v", "v", "j", "j", "v", "v")
        assert reader.paper_list.selected_count == 2
        await reader.press("{")
        assert queue(reader) == [A, C, B, D]
        await reader.press("}", "}")
        assert queue(reader) == [B, D, A, C]


async def test_selected_papers_without_bookmark_become_the_last(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("G", "b", "g", "v", "j", "j", "{")
        assert queue(reader)[1:] == [A, B, C]
        await reader.press("u")
        assert len(queue(reader)) == 1

"""Empty libraries, papers that come in from outside, an index that is behind, and hostile papers."""

from __future__ import annotations

import shutil

import pytest

from paperreader import paths
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.pages import HOSTILE, hostile_page
from tests.tui.conftest import import_pages
from tests.tui.library_pages import LATER_PAGES, OLDER_TITLES, PAGES, TITLES


@pytest.fixture
def empty(home):
    return Library.open()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_an_empty_library_says_what_to_do(reading, empty, size):
    async with reading(empty, size=size) as desk:
        shown = desk.screen_text
        assert "This library is empty." in shown
        assert "r  fetches the Daily Papers" in shown
        assert "paperreader import PAGE.txt" in shown or size == (40, 10)
        assert not desk.is_visible(desk.screen.papers)
        await desk.press("j", "b", "n", "y", "Y", "/", "space", "enter", "tab", "3", "z", "u", "escape")
        assert "This library is empty." in desk.screen_text
        assert desk.notifications == []
    assert not list(empty.folder.glob("*")), "looking creates nothing"


async def test_s_opens_the_samples_in_a_library_of_their_own(reading, empty):
    async with reading(empty) as desk:
        await desk.press("s")
        assert desk.library.is_sample
        assert len(desk.library.table) >= 60
        assert "Sample papers" in desk.screen_text
        assert desk.mode == "list"
        await desk.press("j", "b")
        assert desk.library.view_counts().bookmarks == 1
        await desk.press("i")
        assert "stay as they are" in desk.status
    assert not len(Library.open().table)


async def test_papers_that_come_in_take_the_place_of_the_welcome(reading, empty, tmp_path):
    async with reading(empty) as desk:
        import_pages(Library.open(), tmp_path / "pages", PAGES)
        desk.screen.poll()
        await desk.settle()
        assert desk.is_visible(desk.screen.papers)
        assert desk.mode == "list"
        assert desk.title == TITLES[0]
        assert "New here?" in desk.status
        await desk.press("j", "b")
        assert desk.library.view_counts().bookmarks == 1


async def test_i_imports_a_page_into_an_empty_library(reading, empty, tmp_path):
    page = tmp_path / "daily-2025-10-03.txt"
    page.write_text(PAGES[page.name], encoding="utf-8")
    async with reading(empty) as desk:
        await desk.press("i")
        await desk.type(str(page))
        assert "import" in desk.screen_text
        await desk.press("enter")
        await desk.settle()
        assert desk.titles == list(TITLES)
        assert "6 read, 6 new, 0 merged, 0 unchanged" in desk.status
        assert desk.mode == "list"


@pytest.mark.parametrize(("moved", "title"), [((), "Ladders for Short Astronomers"), (("j",), TITLES[1])])
async def test_an_import_from_here_shows_the_newest_to_those_who_went_nowhere(
    reading, library, tmp_path, moved, title
):
    library.visits.end()
    ((name, text),) = LATER_PAGES.items()
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    async with reading() as desk:
        await desk.press(*moved, "i")
        desk.send(*str(page), "enter")
        await desk.settle()
        assert len(desk.titles) == 12
        assert desk.title == title


@pytest.mark.parametrize(("moved", "title"), [((), "Ladders for Short Astronomers"), (("j",), TITLES[1])])
async def test_a_first_visit_that_went_nowhere_is_come_back_to_at_the_newest(
    reading, library, tmp_path, moved, title
):
    async with reading() as desk:
        await desk.press(*moved, "q")
    import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
    async with reading(Library.open()) as desk:
        assert desk.title == title


async def test_what_could_not_be_imported_is_told(reading, library, tmp_path):
    async with reading() as desk:
        await desk.press("i", "escape")
        assert desk.app.screen is desk.screen
        await desk.press("i", "enter", "i")
        await desk.type(str(tmp_path / "absent.txt"))
        await desk.press("enter")
        await desk.settle()
        (told,) = desk.notifications
        assert told.endswith("absent.txt: cannot be read: no such file or directory.")
        assert "read" not in desk.status.partition("unread")[0], "told once"
        assert len(desk.titles) == 10


async def test_the_last_import_is_taken_back_and_marks_stay(reading, library, tmp_path):
    import_pages(library, tmp_path / "pages", LATER_PAGES)
    newest = library.paper(library.table.newest[0])
    library.save_and_adopt([MarkChange(newest.id, newest.title, note="kept")])
    async with reading() as desk:
        for answer, left in (("l", 12), ("t", 10)):
            desk.screen.action_undo_import()
            await desk.press(answer)
            assert len(desk.titles) == left
        assert len(desk.titles) == 10
        assert "2 gone, 0 as before" in desk.status
        await desk.press("/")
        await desk.type("ladders")
        assert "Ladders for Short Astronomers" not in desk.titles
    import_pages(library, tmp_path / "pages", LATER_PAGES)
    assert [mark.note_text for mark in library.marks.values()] == ["kept"]


async def test_new_papers_move_neither_the_cursor_nor_the_pane(reading, library, tmp_path):
    async with reading(size=(80, 14)) as desk:
        await desk.press("q")  # a visit, so that what follows is new
    async with reading(Library.open(), size=(80, 14)) as desk:
        await desk.press("j", "j", "j", "j", "j")
        before, top = desk.title, desk.screen.papers.top
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        desk.screen.poll()
        await desk.settle()
        assert desk.title == before
        assert desk.screen.papers.top == top
        assert len(desk.titles) == 12
        assert "2 new  2 shows them" in desk.status
        await desk.press("2")
        assert desk.titles == ["Ladders for Short Astronomers", "Soup Thermometry without Soup"]


async def test_new_papers_join_a_search_and_leave_the_place_in_it(reading, library, tmp_path):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clock")
        await desk.press("down")
        before = desk.title
        found = len(desk.titles)
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        desk.screen.poll()
        await desk.settle()
        assert len(desk.titles) == found + 1
        assert desk.title == before
        assert desk.mode == "search"


async def test_papers_removed_elsewhere_leave_the_list(reading, library):
    async with reading() as desk:
        gone = library.paper(library.table.newest[0]).id
        Library.open().removals.remove([gone])
        desk.screen.poll()
        await desk.settle()
        assert len(desk.titles) == 9
        assert desk.title in desk.titles
        assert desk.screen.detail.paper.title == desk.screen.paper.title


async def test_a_missing_index_is_built_behind_and_the_search_answered(reading, library):
    shutil.rmtree(paths.cache_folder(library.uuid) / "index")
    async with reading(Library.open()) as desk:
        await desk.press("/")
        await desk.type("umbrella")
        await desk.settle()
        assert desk.titles == [OLDER_TITLES[3]]
        assert desk.screen.status.info.busy == ""
        assert desk.result_count.startswith("1 of 10")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_papers_are_shown_searched_copied_and_marked(reading, empty, tmp_path, size):
    text = hostile_page().replace("\x00", "")
    import_pages(empty, tmp_path / "pages", {"daily-2025-10-03.txt": text})
    async with reading(empty, size=size) as desk:
        await desk.press("/")
        await desk.type("wicked")
        await desk.press("enter", "b", "n")
        await desk.type("[/INST] [bold")
        await desk.press("ctrl+s", "Y", "escape", "N", "enter", "m", "m", "G")
        shown = desk.screen_text
        assert "[/INST]" in shown
        assert not set(shown) & {chr(code) for code in (*range(10), *range(11, 32), *range(0x7F, 0xA0))}
        assert not set(shown) & set("\u202e\u202c\u2066\u2069")
        assert "[/INST] [bold" in shown
    assert "\x1b" in HOSTILE


async def test_a_damaged_paper_is_told_and_the_others_read_on(reading, library):
    file = library.folder / "papers.jsonl"
    lines = file.read_bytes().split(b"\n")
    place = next(number for number, line in enumerate(lines) if b"Slow Rivers" in line)
    lines[place] = lines[place][:40] + b"\xff\xff" + lines[place][42:]
    file.write_bytes(b"\n".join(lines))
    async with reading(Library.open()) as desk:
        await desk.press("j", "j", "b", "k", "b", "n", "escape", "g")
        assert desk.app.is_running
        assert desk.title == TITLES[0]


async def test_a_damaged_index_is_found_and_mended_when_nobody_waits(reading, library):
    postings = next(paths.cache_folder(library.uuid).glob("index/*.pst"))
    content = postings.read_bytes()
    postings.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    async with reading() as desk:
        desk.screen.beside(desk.screen.tend_index(), group="tending")
        await desk.settle()
        assert "rebuilt" in desk.status
        assert desk.library.maintenance.check() == []
        assert desk.notifications == []


@pytest.mark.parametrize("behind", ["welcome", "samples"])
async def test_what_came_in_behind_the_welcome_or_the_samples_is_new_next_time(
    reading, empty, tmp_path, behind
):
    async with reading(empty) as desk:
        screen = desk.screen
        await desk.press(*("s" if behind == "samples" else ""))
        import_pages(Library.open(), tmp_path / "pages", PAGES)
        screen.poll()
        await desk.settle()
        await desk.press("q")
    async with reading(Library.open()) as desk:
        await desk.press("2")
        assert len(desk.titles) == len(desk.library.table) == 10


async def test_the_first_import_leaves_the_cursor_at_the_newest_paper(reading, empty, tmp_path):
    older, newer = sorted(PAGES.items())[0], sorted(PAGES.items())[-1]
    async with reading(empty) as desk:
        for name, text in (older, newer):
            import_pages(Library.open(), tmp_path / "pages", {name: text})
            desk.screen.poll()
            await desk.settle()
        assert desk.title == desk.titles[0] == TITLES[0]

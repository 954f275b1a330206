"""Empty libraries, papers added by other processes, a missing or damaged index, and hostile papers."""

from __future__ import annotations

import shutil

import pytest

from paperreader import paths
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.examples import endurance
from tests.inbox import dismiss_new
from tests.pages import HOSTILE, hostile_page
from tests.tui.conftest import import_pages
from tests.tui.library_pages import LATER_PAGES, OLDER_TITLES, PAGES, TITLES
from tests.tui.reader_driver import poll_until_quiet


@pytest.fixture
def empty(home):
    return Library.open()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_empty_library_shows_what_to_do(open_reader, empty, size):
    async with open_reader(empty, size=size) as reader:
        shown = reader.screen_text
        assert "This library is empty." in shown
        assert "r  fetch the Daily Papers" in shown
        assert "paperreader import PAGE.txt" in shown or size == (40, 10)
        assert not reader.is_visible(reader.paper_list)
        await reader.press("j", "b", "n", "y", "Y", "/", "space", "enter", "tab", "3", "z", "u", "escape")
        assert "This library is empty." in reader.screen_text
        assert reader.notifications == []
    assert not list(empty.folder.glob("*")), "looking creates nothing"


async def test_s_opens_the_sample_library(open_reader, empty):
    async with open_reader(empty) as reader:
        await reader.press("s")
        assert reader.library.is_sample
        assert len(reader.library.table) >= 60
        assert "Sample papers" in reader.screen_text
        assert reader.mode == "list"
        await reader.press("j", "b")
        assert reader.library.view_counts().bookmarks == 1
        await reader.press("i")
        assert "cannot be changed" in reader.status
        await leave_samples(reader)
        assert "This library is empty." in reader.screen_text
    assert not len(Library.open().table)


async def leave_samples(reader):
    await reader.press("ctrl+p", *"leave")
    await reader.pilot.pause()
    await reader.press("enter")
    await reader.wait_until_idle()


async def test_a_command_leaves_the_samples_for_the_own_library(open_reader, library):
    samples = Library.open(sample=True)
    async with open_reader(samples) as reader:
        await reader.press("j", "b")
        await leave_samples(reader)
        assert not reader.library.is_sample
        assert reader.titles[0] == TITLES[0]
        await reader.press("ctrl+p", *"leave the sam")
        await reader.pilot.pause()
        assert "Nothing matches leave the sam" in reader.screen_text
    assert Library.open(sample=True).view_counts().bookmarks == 1


async def test_arriving_papers_replace_the_empty_library(open_reader, empty, tmp_path):
    async with open_reader(empty) as reader:
        import_pages(Library.open(), tmp_path / "pages", PAGES)
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        assert reader.is_visible(reader.paper_list)
        assert reader.mode == "list"
        assert reader.title == TITLES[0]
        assert "New here?" in reader.status
        await reader.press("j", "b")
        assert reader.library.view_counts().bookmarks == 1


async def test_i_imports_into_an_empty_library(open_reader, empty, tmp_path):
    page = tmp_path / "daily-2025-10-03.txt"
    page.write_text(PAGES[page.name], encoding="utf-8")
    async with open_reader(empty) as reader:
        await reader.press("i")
        await reader.type(str(page))
        assert "import" in reader.screen_text
        await reader.press("enter")
        await reader.wait_until_idle()
        assert reader.titles == list(TITLES)
        assert "6 read, 6 new, 0 merged, 0 unchanged" in reader.status
        assert reader.mode == "list"


@pytest.mark.parametrize(("moved", "title"), [((), "Ladders for Short Astronomers"), (("j",), TITLES[1])])
async def test_import_shows_newest_paper_unless_cursor_moved(open_reader, library, tmp_path, moved, title):
    dismiss_new(library)
    ((name, text),) = LATER_PAGES.items()
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    async with open_reader() as reader:
        await reader.press(*moved, "i")
        reader.send_keys(*str(page), "enter")
        await reader.wait_until_idle()
        assert len(reader.titles) == 12
        assert reader.title == title


@pytest.mark.parametrize(("moved", "title"), [((), "Ladders for Short Astronomers"), (("j",), TITLES[1])])
async def test_first_visit_without_moves_resumes_at_newest_paper(
    open_reader, library, tmp_path, moved, title
):
    async with open_reader() as reader:
        await reader.press(*moved, "q")
    import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
    async with open_reader(Library.open()) as reader:
        assert reader.title == title


async def test_import_problem_is_reported(open_reader, library, tmp_path):
    async with open_reader() as reader:
        await reader.press("i", "escape")
        assert reader.app.screen is reader.screen
        await reader.press("i", "enter", "i")
        await reader.type(str(tmp_path / "absent.txt"))
        await reader.press("enter")
        await reader.wait_until_idle()
        (message,) = reader.notifications
        assert message.endswith("absent.txt: cannot be read: no such file or directory.")
        assert "read" not in reader.status.partition("unread")[0], "reported once"
        assert len(reader.titles) == 10


async def test_last_import_is_undone_and_marks_stay(open_reader, library, tmp_path):
    import_pages(library, tmp_path / "pages", LATER_PAGES)
    newest = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(newest.id, newest.title, note="saved")])
    async with open_reader() as reader:
        for answer, left in (("c", 12), ("u", 10)):
            reader.controllers.imports.undo_last()
            await reader.press(answer)
            assert len(reader.titles) == left
        assert len(reader.titles) == 10
        assert "2 papers removed, 0 restored" in reader.status
        await reader.press("/")
        await reader.type("ladders")
        assert "Ladders for Short Astronomers" not in reader.titles
    import_pages(library, tmp_path / "pages", LATER_PAGES)
    assert [mark.note_text for mark in library.marks.values()] == ["saved"]


async def test_new_papers_move_neither_cursor_nor_scroll_position(open_reader, library, tmp_path):
    dismiss_new(library)
    async with open_reader(size=(80, 14)) as reader:
        await reader.press("j", "j", "j", "j", "j")
        before, top = reader.title, reader.paper_list.top
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        await poll_until_quiet(reader)
        assert reader.title == before
        assert reader.paper_list.top == top
        assert len(reader.titles) == 12
        assert "2 new  2 shows them" in reader.status
        await reader.press("2")
        assert reader.titles == ["Ladders for Short Astronomers", "Soup Thermometry without Soup"]


async def test_new_papers_join_a_search_without_moving_the_cursor(open_reader, library, tmp_path):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        await reader.press("down")
        before = reader.title
        found = len(reader.titles)
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        assert len(reader.titles) == found + 1
        assert reader.title == before
        assert reader.mode == "search"


async def test_papers_removed_elsewhere_disappear(open_reader, library):
    async with open_reader() as reader:
        gone = library.paper(library.table.newest[0]).id
        Library.open().removals.remove([gone])
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        assert len(reader.titles) == 9
        assert reader.title in reader.titles
        assert reader.detail.paper.title == reader.paper.title


async def test_missing_index_is_built_and_search_repeated(open_reader, library):
    shutil.rmtree(paths.cache_folder(library.uuid) / "index")
    async with open_reader(Library.open()) as reader:
        await reader.press("/")
        await reader.type("umbrella")
        await reader.wait_until_idle()
        assert reader.titles == [OLDER_TITLES[3]]
        assert reader.status_bar.info.activity == ""
        assert reader.result_count.startswith("1 of 10")


@pytest.mark.parametrize("size", [endurance((80, 24)), (120, 40)])
async def test_hostile_papers_can_be_read_searched_copied_and_marked(open_reader, empty, tmp_path, size):
    text = hostile_page().replace("\x00", "")
    import_pages(empty, tmp_path / "pages", {"daily-2025-10-03.txt": text})
    async with open_reader(empty, size=size) as reader:
        await reader.press("/")
        await reader.type("wicked")
        await reader.press("enter", "b", "n")
        await reader.type("[/INST] [bold")
        await reader.press("ctrl+s", "Y", "escape", "N", "enter", "m", "m", "G")
        shown = reader.screen_text
        assert "[/INST]" in shown
        assert not set(shown) & {chr(code) for code in (*range(10), *range(11, 32), *range(0x7F, 0xA0))}
        assert not set(shown) & set("\u202e\u202c\u2066\u2069")
        assert "[/INST] [bold" in shown
    assert "\x1b" in HOSTILE


async def test_damaged_paper_does_not_stop_the_reader(open_reader, library):
    file = library.folder / "papers.jsonl"
    lines = file.read_bytes().split(b"\n")
    place = next(number for number, line in enumerate(lines) if b"Slow Rivers" in line)
    lines[place] = lines[place][:40] + b"\xff\xff" + lines[place][42:]
    file.write_bytes(b"\n".join(lines))
    async with open_reader(Library.open()) as reader:
        await reader.press("j", "j", "b", "k", "b", "n", "escape", "g")
        assert reader.app.is_running
        assert reader.title == TITLES[0]


async def test_damaged_index_is_repaired_by_maintenance(open_reader, library):
    postings = next(paths.cache_folder(library.uuid).glob("index/*.pst"))
    content = postings.read_bytes()
    postings.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    async with open_reader() as reader:
        reader.controllers.indexing.start_maintenance()
        await reader.wait_until_idle()
        assert "rebuilt" in reader.status
        assert reader.library.maintenance.check() == []
        assert reader.notifications == []


@pytest.mark.parametrize("in_front", ["welcome", "samples"])
async def test_newest_papers_of_an_unseen_first_import_are_new_next_time(
    open_reader, empty, tmp_path, in_front
):
    async with open_reader(empty) as reader:
        controllers = reader.controllers
        await reader.press(*("s" if in_front == "samples" else ""))
        import_pages(Library.open(), tmp_path / "pages", PAGES)
        controllers.sync.poll()
        await reader.wait_until_idle()
        await reader.press("q")
    async with open_reader(Library.open()) as reader:
        await reader.press("2")
        assert len(reader.titles) == 6


async def test_first_import_leaves_cursor_at_newest_paper(open_reader, empty, tmp_path):
    older, newer = sorted(PAGES.items())[0], sorted(PAGES.items())[-1]
    async with open_reader(empty) as reader:
        for name, text in (older, newer):
            import_pages(Library.open(), tmp_path / "pages", {name: text})
            reader.controllers.sync.poll()
            await reader.wait_until_idle()
        assert reader.title == reader.titles[0] == TITLES[0]

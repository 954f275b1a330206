"""Emptying New, hiding and deleting papers, and what the rules hide."""

from __future__ import annotations

import json

import pytest
from textual import events

from paperreader.library import Library
from tests.examples import endurance
from tests.inbox import dismiss_new
from tests.tui.conftest import import_pages
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import LATER_PAGES, OLDER_TITLES, TITLES
from tests.tui.reader_driver import poll_until_quiet


def new_count(reader) -> int:
    """The number of new papers, which everything that counts them agrees on."""
    library = reader.library
    (found,) = {reader.counts.new, len(library.view("new")), library.search("is:new ").full_matches}
    return found


async def test_caught_up_empties_new_and_undo_fills_it(open_reader):
    async with open_reader() as reader:
        await reader.press("2")
        assert reader.titles == list(TITLES)
        await reader.press("d", "C")
        assert reader.titles == []
        assert "Caught up, dismissed: 5 papers  u undoes" in reader.status
        assert new_count(reader) == 0
        assert rendered_lines(reader.empty_list)[0].strip() == "You are caught up: nothing is new."
        assert any("r  fetch the papers of today" in line for line in rendered_lines(reader.empty_list))
        await reader.press("C")
        assert "Nothing new" in reader.status
        await reader.press("u")
        assert reader.titles == list(TITLES[1:])
        assert new_count(reader) == 5
        await reader.press("U")
        assert reader.titles == []
        await reader.press("1")
        assert len(reader.titles) == 10
        await reader.press("3")
        assert len(reader.titles) == 9, "they stay unread"
    async with open_reader(Library.open()) as reader:
        assert new_count(reader) == 0


async def test_new_waits_for_the_next_session(open_reader, library, tmp_path):
    async with open_reader() as reader:
        await reader.press("2", "d", "d", "q")
    async with open_reader(Library.open()) as reader:
        await reader.press("2")
        assert reader.titles == list(TITLES[2:])
        await reader.press("q")
    import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
    async with open_reader(Library.open()) as reader:
        assert "2 new since your last visit" in reader.status
        assert new_count(reader) == 6


@pytest.mark.parametrize(
    ("key", "name", "listed"), [("h", "Hidden", "is:hidden"), ("D", "Deleted", "is:deleted")]
)
async def test_paper_leaves_the_list_at_once_and_undo_brings_it_back(open_reader, key, name, listed):
    async with open_reader() as reader:
        for view in (("1", "j"), ("2", "j"), ("3", "j"), ("1", "enter"), ("escape", "/", *"clock", "enter")):
            await reader.press(*view)
            titles, title = reader.titles, reader.title
            position = titles.index(title)
            await reader.press(key)
            assert reader.titles == [each for each in titles if each != title], view
            assert reader.title == reader.titles[min(position, len(reader.titles) - 1)]
            assert reader.detail.paper.title == reader.paper.title
            assert f"{name}: " in reader.status
            assert reader.counts.all == 9
            new_count(reader)
            await reader.press("u")
            assert (reader.titles, reader.title) == (titles, title), view
            assert reader.counts.all == 10
        await reader.press("U", "escape", "/")
        await reader.type(listed)
        await reader.press("enter")
        assert reader.titles == [title]
        await reader.press(key)
        assert reader.titles == []
        assert reader.counts.all == 10


async def test_last_paper_of_the_list_and_a_selection_can_be_hidden(open_reader):
    async with open_reader() as reader:
        await reader.press("G", "h")
        assert reader.title == reader.titles[-1] == OLDER_TITLES[-2]
        await reader.press("g", "v", "j", "j", "h")
        assert reader.titles == [*TITLES[3:], *OLDER_TITLES[:-1]]
        assert reader.title == TITLES[3]
        assert reader.status_bar.info.selected_count == 0
        await reader.press("u")
        assert reader.titles == [*TITLES, *OLDER_TITLES[:-1]]
        await reader.press("2", "v", "j", "C")
        assert len(reader.titles) == 4
        assert new_count(reader) == 4


async def test_papers_hidden_by_another_process_leave_the_list(open_reader, library):
    async with open_reader() as reader:
        other = Library.open()
        dismiss_new(other)
        other.removals.remove([other.paper(other.table.newest[0]).id])
        await poll_until_quiet(reader)
        assert reader.titles == [*TITLES[1:], *OLDER_TITLES]
        assert new_count(reader) == 0


async def test_papers_of_several_imports_are_reported_once_at_the_end(open_reader, library, tmp_path):
    dismiss_new(library)
    async with open_reader(size=(80, 14)) as reader:
        for number, (name, text) in enumerate(LATER_PAGES.items()):
            for part in ("Ladders", "Umbrellas"):
                page = {name.replace(".txt", f"-{part}.txt"): text.replace("Ladders", part)}
                import_pages(Library.open(), tmp_path / f"{number}{part}", page)
                reader.controllers.sync.poll()
                await reader.wait_until_idle()
                assert "shows them" not in reader.status
        await poll_until_quiet(reader)
        assert "3 new  2 shows them" in reader.status
        assert new_count(reader) == 3


async def test_rules_keep_papers_out_of_new_and_list_what_they_hide(open_reader, library):
    rules = ("title:clock", "title:unheard", "author:nobody")
    async with open_reader(Library.open(hide_rules=lambda: rules)) as reader:
        await reader.press("2")
        assert reader.titles == [title for title in TITLES if "Clock" not in title]
        assert new_count(reader) == 5
        assert "New, 1 hidden by rules" in reader.status
        reader.controllers.inbox.show_rules()
        await reader.wait_until_idle()
        assert "title:clock" in reader.screen_text
        assert "hides 1" in reader.screen_text
        assert "hides 0" in reader.screen_text
        await reader.press("enter")
        await reader.press("1")
        assert reader.query == "title:clock "
        assert TITLES[1] in reader.titles


async def test_arrivals_that_a_rule_hides_are_not_reported(open_reader, library, tmp_path):
    dismiss_new(library)
    async with open_reader(Library.open(hide_rules=lambda: ("title:ladders",))) as reader:
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        await poll_until_quiet(reader)
        await poll_until_quiet(reader)
        assert "1 new  2 shows them" in reader.status
        assert new_count(reader) == 1


async def test_without_rules_the_setting_is_named(open_reader):
    async with open_reader() as reader:
        reader.controllers.inbox.show_rules()
        await reader.wait_until_idle()
        assert "inbox.hide" in reader.status


async def test_pasted_id_of_a_hidden_paper_goes_to_it_and_of_a_deleted_one_adds_it(
    open_reader, library, tmp_path
):
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"arxiv": "2510.12345", "title": "Kites in a Calm", "keywords": ["kites"]}))
    library.imports.import_paths([str(file)])
    async with open_reader() as reader:
        reader.paper_list.go_to_row(library.table.row_of("2510.12345"))
        await reader.press("h", "g")
        reader.app.post_message(events.Paste("2510.12345"))
        await reader.wait_until_idle()
        assert (reader.query, reader.titles) == ("is:hidden ", ["Kites in a Calm"])
        await reader.press("D")
        reader.app.post_message(events.Paste("2510.12345"))
        await reader.wait_until_idle()
        assert "Add it to the library?" in reader.screen_text
        assert "already in the library" not in reader.screen_text
        await reader.press("escape", "/")
        await reader.type("2510.12345")
        assert reader.titles == []
        assert reader.result.hits.missing == ("2510.12345",)


@pytest.mark.parametrize(
    ("opened", "mark", "key"),
    [
        ("2", "d", "h"),
        endurance("2", "d", "C"),
        ("2/is:unread the\r", "d", "D"),
        endurance("3", "d", "D"),
        endurance("/is:unread\r", "d", "h"),
        ("1vjjb4", "bj", "D"),
        ("1vjjtseen\r\r/tag:seen\r", "tseen\r\rj", "h"),
    ],
)
async def test_papers_read_in_this_visit_stay_when_others_leave_the_list(open_reader, opened, mark, key):
    """In every view that depends on marks, also in a search, until it is opened again."""

    def keys(text: str) -> list[str]:
        return [{" ": "space", "\r": "enter"}.get(each, each) for each in text]

    leave = ["v", "C"] if key == "C" else [key]
    async with open_reader() as reader:
        await reader.press(*keys(opened), "g")
        titles = reader.titles
        assert len(titles) >= 3
        await reader.press(*keys(mark))
        assert (reader.titles, reader.title) == (titles, titles[1])
        await reader.press(*leave)
        assert (reader.titles, reader.title) == ([titles[0], *titles[2:]], titles[2])
        await reader.press("k", *leave)
        assert (reader.titles, reader.title) == (titles[2:], titles[2])
        await reader.press("u", "u")
        assert (reader.titles, reader.title) == (titles, titles[1])


async def test_papers_read_in_this_visit_stay_when_papers_arrive_and_rules_apply(
    open_reader, library, tmp_path
):
    async with open_reader(Library.open(hide_rules=lambda: ("title:ladders",))) as reader:
        await reader.press("2", "d", "h")
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        await poll_until_quiet(reader)
        await poll_until_quiet(reader)
        shown = [TITLES[0], *TITLES[2:]]
        assert [title for title in reader.titles if title in TITLES] == shown
        assert not any("Ladders" in title for title in reader.titles)
        assert len(reader.titles) == len(shown) + 1
        assert reader.title == TITLES[2]
        await reader.press("u")
        assert [title for title in reader.titles if title in TITLES] == list(TITLES)
        await reader.press("2")
        assert TITLES[0] not in reader.titles


async def test_undo_of_a_paper_that_the_list_never_had_leaves_the_cursor(open_reader):
    async with open_reader() as reader:
        await reader.press("G", "h", "2", "d", "j")
        titles = reader.titles
        await reader.press("u", "u")
        assert (reader.title, reader.titles) == (TITLES[0], titles)


async def test_cursor_stays_in_place_in_the_list_of_hidden_papers(open_reader):
    async with open_reader() as reader:
        await reader.press("v", "j", "j", "j", "h", "/")
        await reader.type("is:hidden")
        await reader.press("enter", "j")
        await reader.press("h")
        assert (reader.titles, reader.title) == ([TITLES[0], *TITLES[2:4]], TITLES[2])
        await reader.press("D")
        assert (reader.titles, reader.title) == ([TITLES[0], TITLES[3]], TITLES[3])
        await reader.press("u")
        assert (reader.titles, reader.title) == ([TITLES[0], *TITLES[2:4]], TITLES[2])

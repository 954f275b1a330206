"""For you: the view, the marks in the rows, the reasons in the detail, and the commands."""

from __future__ import annotations

import asyncio
import shutil
import time

import pytest

from paperreader.library import Library
from paperreader.library.maintenance import MaintenanceService
from paperreader.tui.controllers import fits
from paperreader.tui.terminal.glyphs import ASCII, UNICODE, to_ascii
from paperreader.tui.widgets.detail.fit import Fit, fit_line
from tests.for_you import import_records, mark, records, rows_of
from tests.tui.fakes import rendered_lines
from tests.tui.reader_driver import poll_until_quiet
from tests.waiting import TIMEOUT_SECONDS


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    home = tmp_path_factory.mktemp("topics")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        import_records(home, records())
        Library.open().state.set("greeted", True)
    return home


@pytest.fixture
def library(home, prepared, monkeypatch):
    """A library of four topics; how well papers fit is computed at once."""
    shutil.copytree(prepared, home, dirs_exist_ok=True)
    monkeypatch.setattr(fits, "LEARN_SECONDS", 0.001)
    monkeypatch.setattr(fits, "EXPLAIN_SECONDS", 0.001)
    return Library.open()


@pytest.fixture
def with_bookmarks(library):
    mark(library, rows_of(library, "river")[:4], bookmark=True)
    return library


async def until(reader, condition):
    """Wait until something is on the screen that is computed in the background."""
    end = time.monotonic() + TIMEOUT_SECONDS
    await reader.wait_until_idle()
    while not condition():
        assert time.monotonic() < end, reader.screen_text
        await asyncio.sleep(0.005)
        await reader.wait_until_idle()


def topic(reader):
    return reader.paper.keywords[0]


def gutters(reader):
    """The cells before the titles, of the rows on the screen."""
    return [line[:4] for line in rendered_lines(reader.paper_list) if line.strip()]


def reason(reader):
    return next((line for line in rendered_lines(reader.detail) if "like " in line), "")


async def test_view_lists_unread_papers_like_the_bookmarks_first(open_reader, with_bookmarks):
    async with open_reader(with_bookmarks, size=(120, 40)) as reader:
        await reader.press("G", "w")
        assert reader.list_query.view == "foryou"
        assert (reader.paper_list.position, topic(reader)) == (0, "river")
        assert len(reader.titles) == 48 - 4
        assert "For you" in reader.status
        assert "best for you first" in reader.status
        await reader.press("3")
        assert (reader.list_query.sort, len(reader.titles)) == ("date", 48)
        await reader.press("s", "f")
        assert reader.result.sort == "foryou"


async def test_without_bookmarks_the_view_is_sorted_by_votes_and_says_so(open_reader, library):
    async with open_reader(library) as reader:
        await reader.press("w")
        votes = [reader.library.table.votes(row) or 0 for row in reader.result.rows]
        assert votes == sorted(votes, reverse=True)
        assert "No bookmarks yet: sorted by votes" in reader.result_count
        assert "most votes first" in reader.status
        assert not any(set(UNICODE.levels) & set(gutter) for gutter in gutters(reader))


async def test_rows_have_three_levels_and_the_detail_says_why(open_reader, with_bookmarks):
    async with open_reader(with_bookmarks, size=(120, 60)) as reader:
        await reader.press("w")
        await until(reader, lambda: UNICODE.levels[2] in gutters(reader)[0])
        marks = [gutter[2] for gutter in gutters(reader)[::2]]
        assert {*UNICODE.levels, " "} == set(marks)
        assert [mark for mark in marks if mark != " "] == sorted((m for m in marks if m != " "), reverse=True)
        await until(reader, lambda: "because: " in reason(reader))
        assert " · like " in reason(reader)


async def test_bookmark_changes_the_levels_and_an_undo_changes_them_back(open_reader, with_bookmarks):
    async with open_reader(with_bookmarks, size=(120, 60)) as reader:
        await until(reader, lambda: reader.paper_list.facts.levels)
        before = reader.paper_list.facts.levels
        for row in rows_of(reader.library, "kite")[:4]:
            reader.paper_list.go_to_row(row)
            await reader.press("b")
        await until(reader, lambda: reader.paper_list.facts.levels != before)
        await reader.press("u", "u", "u", "u")
        await until(reader, lambda: reader.paper_list.facts.levels == before)


async def test_less_of_this_is_marked_stays_in_the_list_and_is_undone(open_reader, with_bookmarks):
    mark(with_bookmarks, rows_of(with_bookmarks, "bread")[:3], bookmark=True)
    async with open_reader(with_bookmarks, size=(120, 60)) as reader:
        await reader.press("w")
        await until(reader, lambda: reader.paper_list.facts.levels)
        before, titles = reader.paper_list.facts.levels, reader.titles
        await reader.press("l")
        assert "Less of this: " in reader.status
        assert reader.library.mark(reader.paper_list.cursor).is_disliked
        assert gutters(reader)[0][2] == UNICODE.less
        assert "less of this" in reader.screen_text
        assert reader.titles == titles, "nothing leaves the list, and nothing moves"
        await until(reader, lambda: reader.paper_list.facts.levels != before)
        await reader.press("l")
        assert "Not less of this any more: " in reader.status
        await reader.press("U", "u", "u")
        assert not reader.library.mark(reader.paper_list.cursor).is_disliked
        await until(reader, lambda: reader.paper_list.facts.levels == before)
        await reader.press("w")
        assert reader.titles == titles


async def test_read_papers_have_no_level(open_reader, with_bookmarks):
    async with open_reader(with_bookmarks, size=(120, 60)) as reader:
        await reader.press("w")
        await until(reader, lambda: UNICODE.levels[2] in gutters(reader)[0])
        await reader.press("N")
        assert gutters(reader)[0][1:3].strip() == ""
        assert reader.titles[0] == reader.title, "it stays until the view is shown again"
        await until(reader, lambda: "because" not in reader.screen_text)


async def test_more_for_a_tag_has_an_order_and_reasons_of_its_own(open_reader, with_bookmarks):
    async with open_reader(with_bookmarks, size=(120, 40)) as reader:
        reader.controllers.for_you.choose_tag()
        await reader.wait_until_idle()
        assert "No tags yet" in reader.status
        mark(reader.library, rows_of(reader.library, "kite")[:3], tags={"wind": True})
        reader.controllers.for_you.choose_tag()
        await reader.wait_until_idle()
        await reader.press("1")
        assert topic(reader) == "kite"
        assert "For you: more for #wind" in reader.status
        await until(reader, lambda: "because: " in reason(reader))


async def test_what_was_learned_is_shown_and_forgotten(open_reader, with_bookmarks):
    mark(with_bookmarks, rows_of(with_bookmarks, "lamp")[:1], disliked=True)
    async with open_reader(with_bookmarks, size=(120, 60)) as reader:
        await until(reader, lambda: reader.paper_list.facts.levels)
        reader.controllers.for_you.show_learned()
        await until(reader, lambda: "learned from 4 bookmarks" in reader.screen_text)
        assert "more of" in reader.screen_text
        assert "1 paper, hidden or with less of this" in reader.screen_text
        await reader.press("enter")
        assert reader.query, "the first word is searched for"
        await reader.press("escape")
        reader.controllers.for_you.show_learned()
        await until(reader, lambda: "learned from" in reader.screen_text)
        await reader.press("x")
        await until(reader, lambda: not reader.paper_list.facts.levels)
        assert "Forgotten: later marks count" in reader.status
        assert len(reader.library.view("bookmarks")) == 4
        reader.controllers.for_you.show_learned()
        await until(reader, lambda: "from all marks again" in reader.screen_text)
        await reader.press("a")
        await until(reader, lambda: reader.paper_list.facts.levels)


async def test_nothing_is_learned_between_keys_or_without_bookmarks(open_reader, library, monkeypatch):
    learned = []
    monkeypatch.setattr(library.for_you, "explain", lambda *given: learned.append(given))
    async with open_reader(library) as reader:
        await reader.press("j", "N", "j", "t", "escape", "w", "j")
        assert (learned, reader.paper_list.facts.levels) == ([], b"")
        mark(library, rows_of(library, "river")[:2], bookmark=True)
        monkeypatch.setattr(library.for_you, "levels", lambda *given, **named: learned.append(given) or b"")
        await reader.press("j", "k", "J", "g", "c", "c", "/", "d", "escape", "enter")
        assert learned == []


async def test_papers_that_arrive_get_their_place_when_they_are_indexed(
    open_reader, with_bookmarks, tmp_path, monkeypatch
):
    """The reader indexes them after it has shown them."""
    monkeypatch.setattr(MaintenanceService, "update_index_after_write", lambda *given: None)
    async with open_reader(with_bookmarks, size=(120, 40)) as reader:
        await reader.press("w", "j", "j")
        title = reader.title
        new = {
            "title": "Sediment of a Delta",
            "abstract": "A flood moves silt to the estuary.",
            "id": "2504.00001",
        }
        import_records(tmp_path, [new], "new.jsonl")
        await poll_until_quiet(reader)
        await until(reader, lambda: "Sediment of a Delta" in reader.titles[:10])
        assert reader.title == title


WORDS = ("video", "motion", "frame")


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        (Fit(3, WORDS, "I2VEdit"), "▅ because: video, motion, frame · like I2VEdit"),
        (
            Fit(2, WORDS, "I2VEdit: First-Frame-Guided Video Editing via Image-to-Video Diffusion"),
            "▃ because: video, motion, frame · like I2VEdit",
        ),
        (Fit(1, (), "I2VEdit: Editing"), "▁ like I2VEdit: Editing"),
        (Fit(1, WORDS, ""), "▁ because: video, motion, frame"),
        (Fit(0), "  unlike your bookmarks"),
        (Fit(3, is_explained=False), "▅ for you"),
        (Fit(3, ("a\x1b[31m\nb",), "c\x07"), "▅ because: a[31m b · like c"),
    ],
)
def test_reason_is_one_line(fit, expected, glyphs):
    for width in (50, 20, 7, 1):
        text = "".join(span.text for span in fit_line(fit, width, glyphs))
        assert len(text) <= max(width, 2)
        if width == 50:
            assert text == (expected if glyphs is UNICODE else to_ascii(expected))

"""Subscriptions in the reader: views after the built-in ones, kept up with their file."""

from __future__ import annotations

import re

import pytest

from paperreader import subscriptions
from paperreader.library import Library, view_for_query
from paperreader.tui.controllers import subscriptions as controllers_subscriptions
from paperreader.tui.controllers.subscriptions import combined_query
from paperreader.tui.model.list_query import ListQuery
from tests.tui.reader_driver import line_text


@pytest.fixture
def clocks(library):
    """Two subscriptions."""
    subscriptions.add_subscription("Clocks", "clocks")
    subscriptions.add_subscription("With [CLS] code", "has:code")
    return library


async def test_subscriptions_are_views_with_counts_on_a_wide_screen(reading, clocks):
    async with reading(size=(200, 60)) as desk:
        lines = ["".join(piece.text for piece in desk.screen.views.spans_at(y)) for y in range(8)]
        assert lines[5].split() == ["6", "Clocks", "●2"]
        assert lines[6].split() == ["7", "With", "[CLS]", "code", "●3"]
        assert lines[7] == ""
        await desk.press("6")
        assert len(desk.titles) == 2
        assert "Clocks" in desk.status
        await desk.press("1")
        assert len(desk.titles) == 10
        assert "There is no view 8 yet" not in desk.status
        await desk.press("8")
        assert "There is no view 8 yet" in line_text(desk.screen.status)


def clocks_in_the_column(desk):
    return "".join(piece.text for piece in desk.screen.views.spans_at(5)).split()[-1]


async def test_a_subscription_shows_what_is_unread_in_it(reading, clocks, monkeypatch):
    async with reading(size=(200, 60)) as desk:
        await desk.press("6", "N")
        assert clocks_in_the_column(desk) == "●1"
        await desk.press("0")
        assert re.search(r"6  Clocks +2, 1 unread", desk.screen_text)
        await desk.press("escape", "1", "2", "1", "b", "6", "j", "N")
        assert clocks_in_the_column(desk) == "2", "nothing is unread: how many there are"
        await desk.press("u", "u")
        assert clocks_in_the_column(desk) == "●1"
        monkeypatch.setattr("paperreader.tui.controllers.marks.MAX_INLINE_MARKS", 1)
        await desk.press("1", "A", "enter")
        assert clocks_in_the_column(desk) == "2"
    async with reading(Library.open(), size=(200, 60)) as desk:
        assert clocks_in_the_column(desk) == "2"


async def test_a_search_stays_within_a_subscription(reading, clocks):
    async with reading() as desk:
        await desk.press("7", "/")
        await desk.type("chess")
        assert [title.split()[0] for title in desk.titles] == ["Café"]


async def test_what_is_searched_for_is_kept_under_a_name(reading, library):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clocks")
        await desk.press("enter", "S")
        assert "Subscribe to" in desk.screen_text
        await desk.press("ctrl+u")
        await desk.type("My clocks")
        await desk.press("enter")
        assert subscriptions.load_subscriptions().entries == (
            subscriptions.Subscription("My clocks", "clocks"),
        )
        assert "Subscribed: My clocks" in desk.status
        await desk.press("escape", "6")
        assert len(desk.titles) == 2
        assert "My clocks" in desk.status


async def test_the_name_is_the_query_unless_another_is_typed(reading, library):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clocks ")
        await desk.press("enter", "c", "S", "enter")
        assert subscriptions.load_subscriptions().entries[0] == subscriptions.Subscription(
            "clocks has:code", "clocks has:code"
        )


async def test_leaving_the_question_keeps_nothing(reading, library):
    async with reading() as desk:
        await desk.press("5", "S", "escape")
        assert subscriptions.load_subscriptions().entries == ()


async def test_without_a_search_there_is_nothing_to_subscribe_to(reading, library):
    async with reading() as desk:
        await desk.press("S")
        assert "Nothing is searched for" in desk.status
        await desk.press("R", "S")
        assert "Related papers are no search" in desk.status


async def test_on_a_subscription_the_key_offers_to_end_it(reading, clocks):
    async with reading() as desk:
        await desk.press("6", "S", "escape")
        assert len(subscriptions.load_subscriptions().entries) == 2
        await desk.press("S", "x")
        assert [entry.name for entry in subscriptions.load_subscriptions().entries] == ["With [CLS] code"]
        assert "No longer subscribed: Clocks" in desk.status
        assert len(desk.titles) == 10
        assert desk.screen.question.view == "all"


async def test_a_name_that_is_taken_is_told(reading, clocks):
    async with reading() as desk:
        await desk.press("4", "S", "ctrl+u")
        await desk.type("CLOCKS")
        await desk.press("enter")
        assert "There is a subscription CLOCKS already" in desk.notifications[-1]


async def test_the_file_is_followed_while_one_reads(reading, clocks):
    async with reading(size=(200, 60)) as desk:
        file = subscriptions.file_path()
        text = file.read_text(encoding="utf-8")
        file.write_text(f'{text}\n[[subscription]]\nname = "Rivers"\nquery = "rivers"\n', encoding="utf-8")
        desk.screen.look_at_subscriptions()
        await desk.settle()
        assert [shelf.name for shelf in desk.screen.shelves[5:]] == ["Clocks", "With [CLS] code", "Rivers"]
        await desk.press("8")
        assert len(desk.titles) == 1
        file.write_text(f"{text}\n[[subscription]]\nname = 5\n", encoding="utf-8")
        for _ in range(2):
            desk.screen._subscriptions = subscriptions.Subscriptions()
            desk.screen.look_at_subscriptions()
            await desk.settle()
        assert len(desk.titles) == 10
        (told,) = desk.notifications
        assert "subscriptions.toml:" in told
        file.unlink()
        file.mkdir()
        desk.screen.look_at_subscriptions()
        await desk.settle()
        assert "subscriptions.toml" in desk.notifications[-1]


async def test_the_reader_comes_back_to_the_subscription_it_was_left_in(reading, clocks):
    async with reading() as desk:
        await desk.press("6", "j")
        left = desk.title
        await desk.press("q")
    async with reading(Library.open()) as desk:
        assert (len(desk.titles), desk.title) == (2, left)
        assert "Clocks" in desk.status
        await desk.press("q")
    subscriptions.file_path().unlink()
    async with reading(Library.open()) as desk:
        assert (len(desk.titles), desk.title) == (10, left)
        assert "All papers" in desk.status


async def test_a_subscription_to_what_is_unread_follows_the_marks(reading, library, monkeypatch):
    monkeypatch.setattr(controllers_subscriptions, "RECOUNT_SECONDS", 0.001)
    subscriptions.add_subscription("Fresh", "clocks is:unread")
    view = view_for_query("clocks is:unread ")
    async with reading() as desk:
        await desk.press("6")
        assert len(desk.titles) == desk.screen.counts.size_of(view) == 2
        await desk.press("N")
        while desk.screen.counts.size_of(view) == 2:
            await desk.settle()
        await desk.press("1", "6")
        assert len(desk.titles) == desk.screen.counts.size_of(view) == 1


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (ListQuery(), ""),
        (ListQuery(text=" a b "), "a b"),
        (ListQuery(view="unread", text="a"), "is:unread a"),
        (ListQuery(view="code", code_only=True), "has:code"),
        (ListQuery(view=view_for_query("a OR b "), text="c", code_only=True), "(a OR b) c has:code"),
        (ListQuery(view=view_for_query("a ")), "a"),
    ],
)
def test_what_is_shown_is_one_query(question, query):
    assert combined_query(question) == query

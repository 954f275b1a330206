"""Subscriptions in the reader: views after the built-in ones, reloaded when their file changes."""

from __future__ import annotations

import re

import pytest

from paperreader import subscriptions
from paperreader.library import Library, view_for_query
from paperreader.tui.controllers.library import subscriptions as controllers_subscriptions
from paperreader.tui.controllers.library.subscriptions import combined_query
from paperreader.tui.model.list_query import ListQuery
from tests.tui.reader_driver import line_text


@pytest.fixture
def clocks(library):
    """Two subscriptions."""
    subscriptions.add_subscription("Clocks", "clocks")
    subscriptions.add_subscription("With [CLS] code", "has:code")
    return library


async def test_subscriptions_are_views_with_counts(open_reader, clocks):
    async with open_reader(size=(200, 60)) as reader:
        lines = ["".join(piece.text for piece in reader.sidebar.spans_at(y)) for y in range(9)]
        assert lines[6].split() == ["6", "Clocks", "●2"]
        assert lines[7].split() == ["7", "With", "[CLS]", "code", "●3"]
        assert lines[8] == ""
        await reader.press("6")
        assert len(reader.titles) == 2
        assert "Clocks" in reader.status
        await reader.press("1")
        assert len(reader.titles) == 10
        assert "There is no view 8 yet" not in reader.status
        await reader.press("8")
        assert "There is no view 8 yet" in line_text(reader.status_bar)


def clocks_label_in_sidebar(reader):
    return "".join(piece.text for piece in reader.sidebar.spans_at(6)).split()[-1]


async def test_subscription_shows_its_unread_count(open_reader, clocks, monkeypatch):
    async with open_reader(size=(200, 60)) as reader:
        await reader.press("6", "N")
        assert clocks_label_in_sidebar(reader) == "●1"
        await reader.press("0")
        assert re.search(r"6  Clocks +2, 1 unread", reader.screen_text)
        await reader.press("escape", "1", "2", "1", "b", "6", "j", "N")
        assert clocks_label_in_sidebar(reader) == "2", "nothing is unread: how many there are"
        await reader.press("u", "u")
        assert clocks_label_in_sidebar(reader) == "●1"
        monkeypatch.setattr("paperreader.tui.controllers.view_counts.MAX_INCREMENTAL", 1)
        await reader.press("1", "A", "enter")
        assert clocks_label_in_sidebar(reader) == "2"
    async with open_reader(Library.open(), size=(200, 60)) as reader:
        assert clocks_label_in_sidebar(reader) == "2"


async def test_search_is_restricted_to_the_subscription(open_reader, clocks):
    async with open_reader() as reader:
        await reader.press("7", "/")
        await reader.type("chess")
        assert [title.split()[0] for title in reader.titles] == ["Café"]


async def test_search_is_saved_as_subscription(open_reader, library):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clocks")
        await reader.press("enter", "S")
        assert "Subscribe to" in reader.screen_text
        await reader.press("ctrl+u")
        await reader.type("My clocks")
        await reader.press("enter")
        assert subscriptions.load_subscriptions().entries == (
            subscriptions.Subscription("My clocks", "clocks"),
        )
        assert "Subscribed: My clocks" in reader.status
        await reader.press("escape", "6")
        assert len(reader.titles) == 2
        assert "My clocks" in reader.status


async def test_default_name_is_the_query(open_reader, library):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clocks ")
        await reader.press("enter", "c", "S", "enter")
        assert subscriptions.load_subscriptions().entries[0] == subscriptions.Subscription(
            "clocks has:code", "clocks has:code"
        )


async def test_closing_the_prompt_saves_nothing(open_reader, library):
    async with open_reader() as reader:
        await reader.press("5", "S", "escape")
        assert subscriptions.load_subscriptions().entries == ()


async def test_subscribing_needs_a_search(open_reader, library):
    async with open_reader() as reader:
        await reader.press("S")
        assert "No search to save" in reader.status
        await reader.press("R", "S")
        assert "Related papers are not a search" in reader.status


async def test_key_on_a_subscription_offers_to_unsubscribe(open_reader, clocks):
    async with open_reader() as reader:
        await reader.press("6", "S", "escape")
        assert len(subscriptions.load_subscriptions().entries) == 2
        await reader.press("S", "x")
        assert [entry.name for entry in subscriptions.load_subscriptions().entries] == ["With [CLS] code"]
        assert "Unsubscribed: Clocks" in reader.status
        assert len(reader.titles) == 10
        assert reader.list_query.view == "all"


async def test_duplicate_name_is_reported(open_reader, clocks):
    async with open_reader() as reader:
        await reader.press("4", "S", "ctrl+u")
        await reader.type("CLOCKS")
        await reader.press("enter")
        assert 'A subscription "CLOCKS" already exists' in reader.notifications[-1]


async def test_changed_file_is_reloaded(open_reader, clocks):
    async with open_reader(size=(200, 60)) as reader:
        file = subscriptions.file_path()
        text = file.read_text(encoding="utf-8")
        file.write_text(f'{text}\n[[subscription]]\nname = "Rivers"\nquery = "rivers"\n', encoding="utf-8")
        reader.controllers.subscriptions.reload()
        await reader.wait_until_idle()
        assert [view.name for view in reader.sidebar.views[6:]] == [
            "Clocks",
            "With [CLS] code",
            "Rivers",
        ]
        await reader.press("8")
        assert len(reader.titles) == 1
        file.write_text(f"{text}\n[[subscription]]\nname = 5\n", encoding="utf-8")
        for _ in range(2):
            reader.controllers.subscriptions._subscriptions = subscriptions.Subscriptions()
            reader.controllers.subscriptions.reload()
            await reader.wait_until_idle()
        assert len(reader.titles) == 10
        (message,) = reader.notifications
        assert "subscriptions.toml:" in message
        file.unlink()
        file.mkdir()
        reader.controllers.subscriptions.reload()
        await reader.wait_until_idle()
        assert "subscriptions.toml" in reader.notifications[-1]


async def test_last_subscription_is_restored(open_reader, clocks):
    async with open_reader() as reader:
        await reader.press("6", "j")
        left = reader.title
        await reader.press("q")
    async with open_reader(Library.open()) as reader:
        assert (len(reader.titles), reader.title) == (2, left)
        assert "Clocks" in reader.status
        await reader.press("q")
    subscriptions.file_path().unlink()
    async with open_reader(Library.open()) as reader:
        assert (len(reader.titles), reader.title) == (10, left)
        assert "All papers" in reader.status


async def test_subscription_to_unread_papers_follows_marks(open_reader, library, monkeypatch):
    monkeypatch.setattr(controllers_subscriptions, "RECOUNT_SECONDS", 0.001)
    subscriptions.add_subscription("Fresh", "clocks is:unread")
    view = view_for_query("clocks is:unread ")
    async with open_reader() as reader:
        await reader.press("6")
        assert len(reader.titles) == reader.counts.size_of(view) == 2
        await reader.press("N")
        while reader.counts.size_of(view) == 2:
            await reader.wait_until_idle()
        await reader.press("1", "6")
        assert len(reader.titles) == reader.counts.size_of(view) == 1


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
def test_view_and_search_combine_into_one_query(question, query):
    assert combined_query(question) == query

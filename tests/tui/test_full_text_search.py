"""Search inside of a full text."""

from __future__ import annotations

import threading

from paperreader.tui.dialogs.passage_list import PassageListDialog
from paperreader.tui.full_text.passages import finding
from tests.tui.reader_driver import wait_until
from tests.tui.test_full_text import TextDriver, copied, documents, open_text, stored  # noqa: F401
from tests.waiting import TIMEOUT_SECONDS


def painted(text: TextDriver, role: str) -> list[str]:
    """Return the visible texts that are painted in a style."""
    view, style = text.view, text.view.get_visual_style(f"full-text--{role}").rich_style
    return [
        segment.text
        for y in range(view.size.height)
        for segment in view.render_line(y)
        if segment.style is not None
        and (segment.style.bgcolor, segment.style.underline) == (style.bgcolor, style.underline)
        and segment.style.bold
        and segment.text.strip()
    ]


async def test_matches_are_painted_while_typing_and_escape_returns(open_text):  # noqa: F811
    async with open_text() as text:
        top = text.view.scroll_offset.y
        await text.press("/", "s", "w")
        assert painted(text, "match") == ["sw"]
        assert "1 of 9" in text.reader.screen_text
        await text.press("i", "n", "g", "i", "n", "g")
        assert "1 of 1" in text.reader.screen_text and "(Swinging)" in text.text
        await text.press("escape")
        assert text.view.scroll_offset.y == top and text.status.startswith("TEXT")
        assert painted(text, "match") == []
        assert text.is_open


async def test_enter_stays_and_keys_go_from_match_to_match(open_text):  # noqa: F811
    async with open_text() as text:
        await text.type("/SUNDIAL")
        await text.press("enter")
        assert "1 of 3" in text.status
        tops = [text.view.scroll_offset.y]
        for key, position in ((".", "2"), (".", "3"), (".", "1"), (",", "3"), (",", "2")):
            await text.press(key)
            assert f"{position} of 3" in text.status
            assert len(painted(text, "match")) == 1
            tops.append(text.view.scroll_offset.y)
        assert len(set(tops)) > 1
        await text.press("escape")
        assert painted(text, "hit") == [] and text.is_open and "of 3" not in text.status
        await text.press("backspace")
        assert text.view.scroll_offset.y == 0
        await text.press(".")
        assert "No active search. Press / to search" in text.status


async def test_the_search_bar_moves_and_finds_nothing(open_text):  # noqa: F811
    async with open_text() as text:
        await text.type("/sundial")
        await text.press("down", "down", "down", "up")
        assert "3 of 3" in text.reader.screen_text
        await text.type("x")
        assert "no match" in text.reader.screen_text
        await text.press("enter", ".")
        assert "No match" in text.status


async def test_matches_are_found_across_formatting_and_line_ends(open_text):  # noqa: F811
    async with open_text() as text:
        for query, shown in (
            ("is not time", ["is ", "not", " time"]),
            ("ota et al", ["Ōta", "et al"]),
            ("10-6", ["10⁻⁶"]),
            ("名古", ["名古"]),
            ("80.4", ["80.4"]),  # at the right end of a wide table
        ):
            await text.press("/")
            await text.type(query)
            assert painted(text, "match") == shown
            await text.press("escape")


async def test_keys_take_effect_after_the_text_is_prepared(open_text, monkeypatch):  # noqa: F811
    may_prepare = threading.Event()
    prepare = finding._prepared
    monkeypatch.setattr(
        finding, "_prepared", lambda text: may_prepare.wait(TIMEOUT_SECONDS) and prepare(text)
    )
    async with open_text() as text:
        text.reader.send_keys("/", *"sundial", "down", "down", "tab")
        await wait_until(lambda: text.reader.app.screen.query_one("#find-input").value == "sundial")
        assert "No active search" not in text.reader.screen_text
        may_prepare.set()
        await text.reader.wait_until_idle()
        assert isinstance(text.reader.app.screen, PassageListDialog)
        await text.press("escape")
        assert "3 of 3" in text.reader.screen_text


async def test_all_matches_are_listed_with_their_lines(open_text, copied):  # noqa: F811
    async with open_text() as text:
        await text.type("/clocks")
        await text.press("tab")
        assert isinstance(text.reader.app.screen, PassageListDialog)
        shown = text.reader.screen_text
        assert (
            "matches of" in shown
            and "Clocks drift." in shown
            and "3       Table 1: Errors of clocks" in shown
        )
        await text.press("j", "y")
        assert copied == [copied[0]] and "clocks.example" in copied[0]
        await text.press("tab", "G", "k", "g", "space", "enter")
        assert text.status.startswith("TEXT") and len(painted(text, "match")) == 1
        await text.press("M", "escape")
        assert not isinstance(text.reader.app.screen, PassageListDialog)
        await text.press("backspace")
        assert text.view.scroll_offset.y == 0


async def test_matches_are_forgotten_with_the_text(open_text):  # noqa: F811
    async with open_text(size=(120, 40)) as text:
        await text.type("/sundial")
        await text.press("enter")
        await text.reader.pilot.resize_terminal(100, 30)
        await text.reader.wait_until_idle()
        assert painted(text, "match") and "1 of 3" in text.status
        text.screen.controllers.documents.open_paper(text.reader.paper.id, "Another one")
        await text.reader.wait_until_idle()
        assert painted(text, "match") == [] and "of 3" not in text.status

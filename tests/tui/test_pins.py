"""Figures and tables that are pinned next to a full text."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual import events

from paperreader.fulltext import Table
from paperreader.tui.dialogs.choice import ChoiceDialog, ChoiceLine
from paperreader.tui.dialogs.overview import OverviewDialog
from paperreader.tui.full_text.screen import FullTextScreen
from tests.fulltext.sample_paper import PAPER
from tests.tui.reader_driver import line_text

TO_RESULTS = ("enter", "enter", "J", "J", "J", "J")
"""Keys that lead to a screen with two tables."""


class PinDriver:
    """An open full text and its pin."""

    def __init__(self, reader):
        self.reader, self.press = reader, reader.press

    @property
    def screen(self):
        return next(each for each in self.reader.app.screen_stack if isinstance(each, FullTextScreen))

    @property
    def pin(self):
        return self.screen.widgets.pin

    @property
    def is_pinned(self):
        return self.pin.display and self.screen.has_class("-pinned")

    @property
    def lines(self):
        view = self.pin.view
        rendered = ("".join(segment.text for segment in view.render_line(y)) for y in range(view.size.height))
        return [line.strip() for line in rendered]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def place(self):
        """Where the pin is: `right` of the text or `below` it."""
        view, pin = self.screen.widgets.view.region, self.pin.region
        return (
            "right"
            if pin.x > view.right - 1 and pin.y == view.y
            else "below"
            if pin.y > view.bottom - 1
            else ""
        )

    async def pin_table(self, number):
        """Pin a table by its number from the list of what is visible."""
        await self.press("P")
        assert isinstance(self.reader.app.screen, ChoiceDialog)
        await self.press(str(number))


@pytest.fixture
def pinned(open_reader, library, monkeypatch):
    """Opens a reader in which every paper has the same full text."""
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    return open_reader


@pytest.fixture
def copied(monkeypatch):
    """The texts that were copied."""
    from paperreader.system import clipboard

    texts: list[str] = []
    result = clipboard.CopyResult("copied")
    monkeypatch.setattr(clipboard, "copy_text", lambda text, **_: texts.append(text) or result)
    return texts


async def test_what_is_pinned_stays_below_the_text_until_it_is_removed(pinned):
    async with pinned(size=(80, 24)) as reader:
        text = PinDriver(reader)
        await text.press(*TO_RESULTS, "P")
        assert [(line.label, line.text) for line in reader.app.screen.query(ChoiceLine)] == [
            ("Table 1", "Errors of clocks, smaller is better."),
            ("Table 2", "Swings in each hour of a day."),
        ]
        await text.press("2")
        assert text.is_pinned and text.place == "below" and "Table 2: Swings" in text.text
        assert text.pin.size.height <= 10 and "Pinned" in line_text(text.pin.title)
        lines, top = text.lines, text.screen.widgets.view.scroll_offset.y
        await text.press("j", "j", "space", "G", "g")
        assert text.lines == lines and text.screen.widgets.view.scroll_offset.y != top
        await text.press("P")
        assert not text.is_pinned and text.screen.mode == "text"
        # Also escape removes it, and then closes the text; and a key of the pin itself.
        await text.press("J", "J", "J", "J")
        await text.pin_table(1)
        await text.press("escape")
        assert not text.is_pinned and isinstance(reader.app.screen, FullTextScreen)
        await text.pin_table(1)
        await text.press("tab")
        assert text.screen.mode == "text-pin"
        await text.press("P")
        assert not text.is_pinned and text.screen.mode == "text"
        await text.press("q")
        assert not isinstance(reader.app.screen, FullTextScreen)


async def test_at_the_right_of_the_text_if_there_is_room(pinned):
    async with pinned(size=(120, 40)) as reader:
        text = PinDriver(reader)
        await text.press(*TO_RESULTS)
        await text.pin_table(1)
        assert text.place == "right" and text.screen.widgets.view.size.width == 79
        await text.press("c", "tab")  # the contents leave too little
        assert text.place == "below" and "noisy" in text.text
        await text.press("c", "escape")
        assert text.place == "right"
        for size, place in (((90, 30), "below"), ((200, 60), "right")):
            await reader.pilot.resize_terminal(*size)
            await reader.wait_until_idle()
            assert text.place == place and "Table 1: Errors" in text.text
        assert text.screen.widgets.view.size.width >= 85


async def test_the_target_of_a_link_is_pinned_from_its_overview(pinned):
    async with pinned(size=(100, 30)) as reader:
        text = PinDriver(reader)
        await text.press("enter", "enter")
        links = text.screen.controllers.links
        for target, words in {
            "#S2.F1": "Figure 1: A pendulum",
            "#S3.T2": "Table 2: Swings",
            "#S2.E1": "(1)",
        }.items():
            links.follow(target)
            await reader.wait_until_idle()
            await text.press("P")
            assert words in text.text  # instead of what was pinned before
        links.follow("#bib.bib1")
        await reader.wait_until_idle()
        await text.press("P")
        assert isinstance(reader.app.screen, OverviewDialog)


async def test_wide_tables_scroll_in_the_pin_and_are_copied(pinned, copied):
    async with pinned(size=(80, 24)) as reader:
        text = PinDriver(reader)
        await text.press(*TO_RESULTS)
        await text.pin_table(2)
        first = text.lines[2]
        assert first.startswith("City") and "Hour 12" not in text.text
        await text.press("tab", *["l"] * 20)
        assert text.lines[2].startswith("City") and "Hour 24" in text.text
        await text.press(*["h"] * 20)
        assert text.lines[2] == first
        await text.press("y")
        assert copied[0].startswith("City,Hour 1,Hour 2")
        before = text.screen.widgets.view.scroll_offset.y
        await text.press("enter")
        assert text.screen.mode == "text" and text.screen.widgets.view.scroll_offset.y != before
        await text.press("backspace")
        assert text.screen.widgets.view.scroll_offset.y == before
        await text.press("g", "l")  # where nothing else is wide
        assert "‹" in text.lines[2] and text.screen.mode == "text"


async def test_the_mouse_scrolls_resizes_and_removes_a_pin(pinned):
    async with pinned(size=(120, 40)) as reader:
        text, pilot = PinDriver(reader), reader.pilot
        await text.press(*TO_RESULTS)
        await text.pin_table(2)
        for shift, wheel in ((True, events.MouseScrollDown), (False, events.MouseScrollRight)):
            before = text.text
            await pilot._post_mouse_events([wheel], text.pin.view, (5, 2), shift=shift, button=0)
            await reader.wait_until_idle()
            assert text.text != before
        await pilot.mouse_down("#pin-splitter", offset=(0, 5))
        await pilot.hover(None, offset=(60, 10))
        await pilot.mouse_up(None, offset=(60, 10))
        await reader.wait_until_idle()
        assert text.pin.size.width == 59 and "Hour 5" in text.text
        width = text.pin.title.size.width
        await pilot.click(text.pin.title, offset=(width - 3, 0))
        await reader.wait_until_idle()
        assert not text.is_pinned


async def test_another_text_removes_the_pin_and_one_without_figures_says_so(pinned, library, monkeypatch):
    async with pinned(size=(100, 30)) as reader:
        text = PinDriver(reader)
        await text.press(*TO_RESULTS)
        await text.pin_table(1)
        bare = replace(
            PAPER, blocks=tuple(block for block in PAPER.blocks[:6] if not isinstance(block, Table))
        )
        monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: bare)
        documents = text.screen.controllers.documents
        await documents.open_stored(documents.text.paper, "Another one")
        await reader.wait_until_idle()
        assert not text.is_pinned
        await text.press("P")
        assert "This text has no figure and no table" in line_text(text.screen.widgets.status)

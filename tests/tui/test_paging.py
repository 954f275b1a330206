"""Pages on and back, in every place that has more than one; and a footer that tells the keys of the moment."""

from __future__ import annotations

import pytest

from paperreader.tui.commands.footer_hints import footer_hints


async def test_pages_of_the_list(reading):
    async with reading(size=(80, 16)) as desk:
        papers = desk.screen.papers
        await desk.press("pagedown")
        on = papers.position
        assert on > 1
        await desk.press("pageup")
        assert papers.position == 0
        await desk.press("end", "home")
        assert papers.position == 0


@pytest.mark.parametrize(("on", "back"), [("space", "minus"), ("pagedown", "pageup"), ("ctrl+d", "ctrl+u")])
async def test_pages_of_the_abstract(reading, on, back):
    async with reading(size=(80, 9)) as desk:
        detail = desk.screen.detail
        await desk.press("j", "j", "enter", on)
        assert detail.scroll_offset.y > 0
        await desk.press(back)
        assert detail.scroll_offset.y == 0
        assert desk.title.startswith("Café Chess")


async def test_pages_of_what_was_found(reading):
    async with reading(size=(80, 16)) as desk:
        await desk.press("/", *"the", "pagedown")
        assert desk.screen.papers.position > 1
        await desk.press("pageup")
        assert desk.screen.papers.position == 0
        assert (desk.mode, desk.query) == ("search", "the")


async def test_pages_of_the_help_and_of_what_was_found_in_it(reading):
    async with reading(size=(80, 24)) as desk:
        await desk.press("?")
        pane = desk.app.screen.query_one("#help-lines")
        for on, back in (("space", "minus"), ("pagedown", "pageup")):
            await desk.press(on)
            assert pane.scroll_offset.y > 10
            await desk.press(back)
            assert pane.scroll_offset.y == 0
        await desk.press("/", "e", "pagedown")
        assert pane.scroll_offset.y > 10
        await desk.press("pageup", "down", "up")
        assert pane.scroll_offset.y == 0


async def test_the_footer_tells_the_keys_of_the_moment(reading):
    async with reading(size=(80, 24)) as desk:
        for pressed, mode in (
            ((), "list"),
            (("v",), "select"),
            (("escape", "enter"), "detail"),
            (("escape", "/"), "search"),
            (("escape", "n"), "note"),
            (("escape", "t"), "tags"),
            (("escape", "x"), "choice"),
            (("escape", "T"), "trends"),
            (("escape", "i"), "prompt"),
        ):
            await desk.press(*pressed)
            first, *_, last = footer_hints(mode)
            footers = [
                line for line in desk.screen_text.splitlines() if f"{first.key} {first.label}  " in line
            ]
            assert footers, mode
            assert f"{last.key} {last.label}" in footers[-1]

"""Paging in list, detail, search results and help; and the footer of each mode."""

from __future__ import annotations

from paperreader.tui.commands.footer_hints import footer_hints


async def test_pages_of_the_list(open_reader):
    async with open_reader(size=(80, 16)) as reader:
        papers = reader.paper_list
        await reader.press("pagedown")
        on = papers.position
        assert on > 1
        await reader.press("pageup")
        assert papers.position == 0
        await reader.press("end", "home")
        assert papers.position == 0


async def test_pages_of_the_abstract(open_reader):
    async with open_reader(size=(80, 9)) as reader:
        detail = reader.detail
        await reader.press("j", "j", "enter")
        for on, back in (("space", "minus"), ("pagedown", "pageup"), ("ctrl+d", "ctrl+u")):
            await reader.press(on)
            assert detail.scroll_offset.y > 0
            await reader.press(back)
            assert detail.scroll_offset.y == 0
            assert reader.title.startswith("Café Chess")


async def test_pages_of_search_results(open_reader):
    async with open_reader(size=(80, 16)) as reader:
        await reader.press("/", *"the", "pagedown")
        assert reader.paper_list.position > 1
        await reader.press("pageup")
        assert reader.paper_list.position == 0
        assert (reader.mode, reader.query) == ("search", "the")


async def test_pages_of_the_help_and_its_filter(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("?")
        pane = reader.app.screen.query_one("#help-lines")
        for on, back in (("space", "minus"), ("pagedown", "pageup")):
            await reader.press(on)
            assert pane.scroll_offset.y > 10
            await reader.press(back)
            assert pane.scroll_offset.y == 0
        await reader.press("/", "e", "pagedown")
        assert pane.scroll_offset.y > 10
        await reader.press("pageup", "down", "up")
        assert pane.scroll_offset.y == 0


async def test_footer_shows_keys_of_the_current_mode(open_reader):
    async with open_reader(size=(80, 24)) as reader:
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
            await reader.press(*pressed)
            first, *_, last = footer_hints(mode)
            footers = [
                line for line in reader.screen_text.splitlines() if f"{first.key} {first.label}  " in line
            ]
            assert footers, mode
            assert f"{last.key} {last.label}" in footers[-1]

"""The tag picker: what it lists, what a tick does, and how to take it back."""

from __future__ import annotations

import pytest

from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.tui.dialogs.tag_picker import TagPicker
from tests.tui.library_pages import TITLES


@pytest.fixture
def tagged(library):
    """Tags on the first papers: `rl` on three, `rlhf` on two, `clocks` on one, `Échos` on another."""
    tags = [("rl", "rlhf"), ("rl", "clocks"), ("rl", "rlhf"), ("Échos",)]
    library.save_and_adopt(
        [
            MarkChange(paper.id, paper.title, tags=dict.fromkeys(names, True))
            for row, names in zip(library.table.newest, tags, strict=False)
            for paper in [library.paper(row)]
        ]
    )
    return library


def listed(desk):
    """The lines of the picker."""
    assert isinstance(desk.app.screen, TagPicker)
    return [line.strip(" ▌") for line in desk.screen_text.splitlines() if line.strip(" ▌").startswith("[")]


def tags_of(desk, title):
    rows = desk.library.table.newest
    return next(desk.library.mark(row).tag_names for row in rows if desk.library.paper(row).title == title)


async def test_the_papers_own_tags_come_first_then_the_most_used(reading, tagged):
    async with reading(tagged) as desk:
        await desk.press("j", "t")
        assert "Tags of Slow Rivers Remember" in desk.screen_text
        assert listed(desk) == ["[✓] rl  3", "[✓] clocks  1", "[ ] rlhf  2", "[ ] Échos  1"]
        await desk.type("RLH")
        assert listed(desk) == ["[ ] rlhf  2", "[ ] RLH  new tag"]
        await desk.press("ctrl+u")
        await desk.type("echo")
        assert listed(desk)[0] == "[ ] Échos  1"


async def test_space_ticks_and_unticks_at_once(reading, tagged):
    async with reading(tagged) as desk:
        await desk.press("j", "t", "down", "down", "space")
        assert tags_of(desk, TITLES[1]) == ("clocks", "rl", "rlhf")
        assert "▌ [✓] rlhf  3" in desk.screen_text, "the highlight stays on it"
        await desk.press("space")
        assert tags_of(desk, TITLES[1]) == ("clocks", "rl")
        await desk.type("clo")
        await desk.press("enter", "escape")
        assert tags_of(desk, TITLES[1]) == ("rl",)
        assert "No longer clocks: Slow Rivers Remember" in desk.status
        await desk.press("u")
        assert "Undone: tag clocks taken away, Slow Rivers" in desk.status
        await desk.press("u", "u")
        assert tags_of(desk, TITLES[1]) == ("clocks", "rl")


async def test_a_new_tag_is_made_by_typing_it(reading, library):
    async with reading() as desk:
        await desk.press("t")
        assert "No tags yet: type one" in desk.screen_text
        await desk.type("#to-try")
        assert listed(desk) == ["[ ] to-try  new tag"]
        await desk.press("enter")
        assert listed(desk) == ["[✓] to-try  1"]
        await desk.press("escape")
        assert "Tagged to-try: Sparse Lanterns" in desk.status
        assert tags_of(desk, TITLES[0]) == ("to-try",)
        assert "#to-try" in desk.screen_text, "in the row, or the detail"
    assert type(library).open().mark(library.table.newest[0]).tag_names == ("to-try",)


async def test_a_tag_of_two_words_is_typed_and_enter_twice_is_done(reading, library):
    async with reading() as desk:
        await desk.press("t")
        await desk.type("graph nets")
        assert listed(desk) == ["[ ] graph nets  new tag"]
        await desk.press("enter")
        assert listed(desk) == ["[✓] graph nets  1"]
        await desk.press("enter")
        assert not isinstance(desk.app.screen, TagPicker)
        assert tags_of(desk, TITLES[0]) == ("graph nets",)


async def test_tab_types_the_rest(reading, tagged):
    async with reading(tagged) as desk:
        await desk.press("t")
        await desk.type("cl")
        assert "clocks" in desk.app.screen.query_one("TagInput")._suggestion
        await desk.press("tab")
        assert desk.app.screen.query_one("TagInput").value == "clocks"
        assert listed(desk) == ["[ ] clocks  1"]


async def test_tags_of_several_papers_have_three_states(reading, tagged):
    async with reading(tagged) as desk:
        await desk.press("v", "j", "t")
        assert "Tags of 2 papers" in desk.screen_text
        assert listed(desk) == ["[✓] rl  3", "[–] rlhf  2", "[–] clocks  1", "[ ] Échos  1"]
        await desk.press("down", "space")
        assert listed(desk)[:2] == ["[✓] rl  3", "[✓] rlhf  3"]
        await desk.press("up", "space", "escape")
        assert tags_of(desk, TITLES[0]) == ("rlhf",)
        assert tags_of(desk, TITLES[1]) == ("clocks", "rlhf")
        assert "No longer rl: 2 papers" in desk.status
        await desk.press("u", "u")
        assert tags_of(desk, TITLES[1]) == ("clocks", "rl"), "some had it, and have it again"
        assert tags_of(desk, TITLES[0]) == ("rl", "rlhf")


async def test_more_tags_than_lines_scroll_with_the_highlight(reading, library):
    paper = library.paper(library.table.newest[5])
    library.save_and_adopt([MarkChange(paper.id, paper.title, tags={f"tag-{n:02}": True for n in range(30)})])
    async with reading() as desk:
        await desk.press("t")
        assert len(listed(desk)) == 10
        await desk.press(*["down"] * 20)
        assert "▌ [ ] tag-20  1" in desk.screen_text
        await desk.press(*["down"] * 20)
        assert "▌ [ ] tag-29  1" in desk.screen_text


async def test_tags_with_control_characters_stay_harmless(reading, library):
    paper = library.paper(library.table.newest[0])
    library.save_and_adopt([MarkChange(paper.id, paper.title, tags={"evil\x1b[2J[bold]": True})])
    async with reading() as desk:
        await desk.press("t")
        assert listed(desk)
        assert "\x1b" not in desk.screen_text
        assert "[bold]" in desk.screen_text


async def test_a_tick_that_cannot_be_saved_is_taken_back_in_the_picker_as_well(reading, library):
    (library.folder / "notebook.json").write_text('{"version": 99, "papers": {}}', encoding="utf-8")
    async with reading(Library.open()) as desk:
        await desk.press("t")
        await desk.type("rl")
        await desk.press("enter")
        assert any("Not saved" in toast for toast in desk.notifications)
        assert listed(desk) == []
        assert "No tags yet" in desk.screen_text

"""The tag picker: what it lists, toggling tags, and undo."""

from __future__ import annotations

from collections import Counter

import pytest

from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.tui.dialogs.tag_picker import TagPicker
from tests.tui.library_pages import TITLES


@pytest.fixture
def tagged(library):
    """Tags on the first papers: `rl` on three, `rlhf` on two, `clocks` on one, `Échos` on another."""
    tags = [("rl", "rlhf"), ("rl", "clocks"), ("rl", "rlhf"), ("Échos",)]
    library.save_and_apply(
        [
            MarkChange(paper.id, paper.title, tags=dict.fromkeys(names, True))
            for row, names in zip(library.table.newest, tags, strict=False)
            for paper in [library.paper(row)]
        ]
    )
    return library


def listed(reader):
    """The lines of the picker."""
    assert isinstance(reader.app.screen, TagPicker)
    return [line.strip(" ▌") for line in reader.screen_text.splitlines() if line.strip(" ▌").startswith("[")]


def tags_of(reader, title):
    rows = reader.library.table.newest
    return next(
        reader.library.mark(row).tag_names for row in rows if reader.library.paper(row).title == title
    )


async def test_tags_of_the_paper_come_first_then_the_most_used(open_reader, tagged):
    async with open_reader(tagged) as reader:
        await reader.press("j", "t")
        assert "Tags of Slow Rivers Remember" in reader.screen_text
        assert listed(reader) == ["[✓] rl  3", "[✓] clocks  1", "[ ] rlhf  2", "[ ] Échos  1"]
        await reader.type("RLH")
        assert listed(reader) == ["[ ] rlhf  2", "[ ] RLH  new tag"]
        await reader.press("ctrl+u")
        await reader.type("echo")
        assert listed(reader)[0] == "[ ] Échos  1"


async def test_space_toggles_tag_at_once(open_reader, tagged):
    async with open_reader(tagged) as reader:
        await reader.press("j", "t", "down", "down", "space")
        assert tags_of(reader, TITLES[1]) == ("clocks", "rl", "rlhf")
        assert "▌ [✓] rlhf  3" in reader.screen_text, "the highlight stays on it"
        await reader.press("space")
        assert tags_of(reader, TITLES[1]) == ("clocks", "rl")
        await reader.type("clo")
        await reader.press("enter", "escape")
        assert tags_of(reader, TITLES[1]) == ("rl",)
        assert "Tag clocks removed: Slow Rivers Remember" in reader.status
        await reader.press("u")
        assert "Undone: tag clocks removed, Slow Rivers" in reader.status
        await reader.press("u", "u")
        assert tags_of(reader, TITLES[1]) == ("clocks", "rl")


async def test_typing_creates_a_new_tag(open_reader, library):
    async with open_reader() as reader:
        await reader.press("t")
        assert "No tags yet. Type a name" in reader.screen_text
        await reader.type("#to-try")
        assert listed(reader) == ["[ ] to-try  new tag"]
        await reader.press("enter")
        assert listed(reader) == ["[✓] to-try  1"]
        await reader.press("escape")
        assert "Tagged to-try: Sparse Lanterns" in reader.status
        assert tags_of(reader, TITLES[0]) == ("to-try",)
        assert "#to-try" in reader.screen_text, "in the row, or the detail"
    assert type(library).open().mark(library.table.newest[0]).tag_names == ("to-try",)


async def test_tag_of_two_words_is_typed(open_reader, library):
    async with open_reader() as reader:
        await reader.press("t")
        await reader.type("graph nets")
        assert listed(reader) == ["[ ] graph nets  new tag"]
        await reader.press("enter")
        assert listed(reader) == ["[✓] graph nets  1"]
        await reader.press("enter")
        assert not isinstance(reader.app.screen, TagPicker)
        assert tags_of(reader, TITLES[0]) == ("graph nets",)


async def test_tab_completes_the_tag(open_reader, tagged):
    async with open_reader(tagged) as reader:
        await reader.press("t")
        await reader.type("cl")
        assert "clocks" in reader.app.screen.query_one("TagInput")._suggestion
        await reader.press("tab")
        assert reader.app.screen.query_one("TagInput").value == "clocks"
        assert listed(reader) == ["[ ] clocks  1"]


async def test_tags_of_several_papers_have_three_states(open_reader, tagged):
    async with open_reader(tagged) as reader:
        await reader.press("v", "j", "t")
        assert "Tags of 2 papers" in reader.screen_text
        assert listed(reader) == ["[✓] rl  3", "[–] rlhf  2", "[–] clocks  1", "[ ] Échos  1"]
        await reader.press("down", "space")
        assert listed(reader)[:2] == ["[✓] rl  3", "[✓] rlhf  3"]
        await reader.press("up", "space", "escape")
        assert tags_of(reader, TITLES[0]) == ("rlhf",)
        assert tags_of(reader, TITLES[1]) == ("clocks", "rlhf")
        assert "Tag rl removed: 2 papers" in reader.status
        await reader.press("u", "u")
        assert tags_of(reader, TITLES[1]) == ("clocks", "rl"), "some had it, and have it again"
        assert tags_of(reader, TITLES[0]) == ("rl", "rlhf")


async def test_long_tag_list_scrolls_with_the_highlight(open_reader, library):
    paper = library.paper(library.table.newest[5])
    library.save_and_apply([MarkChange(paper.id, paper.title, tags={f"tag-{n:02}": True for n in range(30)})])
    async with open_reader() as reader:
        await reader.press("t")
        assert len(listed(reader)) == 10
        await reader.press(*["down"] * 20)
        assert "▌ [ ] tag-20  1" in reader.screen_text
        await reader.press(*["down"] * 20)
        assert "▌ [ ] tag-29  1" in reader.screen_text


async def test_tags_with_control_characters_are_harmless(open_reader, library):
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, tags={"evil\x1b[2J[bold]": True})])
    async with open_reader() as reader:
        await reader.press("t")
        assert listed(reader)
        assert "\x1b" not in reader.screen_text
        assert "[bold]" in reader.screen_text


async def test_failed_save_is_shown_in_the_picker(open_reader, library):
    (library.folder / "notebook.json").write_text('{"version": 99, "papers": {}}', encoding="utf-8")
    async with open_reader(Library.open()) as reader:
        await reader.press("t")
        await reader.type("rl")
        await reader.press("enter")
        assert any("Not saved" in message for message in reader.notifications)
        assert listed(reader) == []
        assert "No tags yet" in reader.screen_text


async def test_a_tag_is_renamed_and_deleted_on_all_papers_and_undone(open_reader, library):
    papers = [library.paper(row) for row in library.table.newest[:3]]
    library.save_and_apply([MarkChange(paper.id, paper.title, tags={"rl": True}) for paper in papers])

    def counts():
        return Counter(name for mark in reader.library.marks.values() for name in mark.tag_names)

    async with open_reader() as reader:
        for keys, expected in (
            (("r", "ctrl+u", *"agents", "enter"), {"agents": 3}),
            (("d",), {}),
        ):
            await reader.press("ctrl+p", *"delete a tag")
            await reader.pilot.pause()
            await reader.press("enter")
            await reader.wait_until_idle()
            await reader.press("enter", *keys)
            assert counts() == expected
            assert "3 papers" in reader.status
        await reader.press("u", "u")
        assert counts() == {"rl": 3}
        await reader.press("U", "U", "ctrl+p", *"delete a tag")
        await reader.pilot.pause()
        await reader.press("enter")
        await reader.wait_until_idle()
        assert "No tags yet" in reader.status

"""What is told in a corner, and the ways out of it."""

from __future__ import annotations

import pytest
from textual.widgets._toast import Toast

from paperreader.tui.runtime import notifications
from tests.tui.reader_driver import ReaderDriver

LONG = "Cannot read " + "long-" * 200 + "name.txt: no such file or directory."
FAILED = (
    "Not saved: Cannot write notebook.json: no space left on device; nothing was changed."
    " Make room on the disk, and do it again."
)


async def warn(desk: ReaderDriver, *sentences: str) -> None:
    for sentence in sentences:
        desk.screen.warn(sentence)
    await desk.wait_until_idle()


async def test_two_notices_stand_there_at_most_and_none_twice(reading):
    async with reading() as desk:
        await warn(desk, "Nobody answers.", "Nobody answers.", "Try again.")
        assert desk.notifications == ["Nobody answers.", "Try again."]
        await warn(desk, "Nobody answers.")
        assert desk.notifications == ["Try again.", "Nobody answers."]
        await warn(desk, "The disk is full.")
        assert desk.notifications == ["Nobody answers.", "The disk is full."]
        assert desk.screen_text.count("Nobody answers.") == 1
        assert "Try again." not in desk.screen_text


async def test_what_nobody_asked_for_takes_no_error_away(reading):
    async with reading() as desk:
        desk.screen.complain("Cannot start the editor.")
        await warn(desk, "A copy was merged.", "Another was not.")
        assert desk.notifications == ["Cannot start the editor.", "Another was not."]
        desk.screen.complain("The disk is full.")
        await desk.settle()
        assert desk.notifications == ["Cannot start the editor.", "The disk is full."]
        desk.screen.complain("It is still full.")
        await desk.settle()
        assert desk.notifications == ["The disk is full.", "It is still full."]


async def test_the_first_escape_takes_them_away_and_does_nothing_else(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("river")
        await desk.press("enter")
        found = desk.titles
        await warn(desk, "Nobody answers.")
        await desk.press("escape")
        assert desk.notifications == []
        assert "Nobody answers." not in desk.screen_text
        assert (desk.query, desk.titles) == ("river", found)
        await desk.press("escape")
        assert desk.query == ""


async def test_in_a_line_and_in_front_escape_does_its_own_thing_as_well(reading):
    async with reading() as desk:
        for keys in (["/", "x"], ["s"], ["i"], ["t"], ["n"]):
            await desk.press(*keys)
            await warn(desk, "Nobody answers.")
            assert "Nobody answers." in desk.screen_text
            await desk.press("escape")
            assert desk.notifications == []
            assert "Nobody answers." not in desk.screen_text
            assert (desk.app.screen, desk.mode, desk.query) == (desk.screen, "list", "")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20)])
async def test_they_cover_neither_the_status_line_nor_what_one_types_in(reading, size):
    async with reading(size=size) as desk:
        for key in ("enter", "/", "n", "s", "i", "t", "?"):
            await desk.press(key)
            await warn(desk, FAILED, "Nobody answers.")
            front = desk.app.screen
            told = [toast.region for toast in front.query(Toast)]
            assert len(told) == notifications.MAX_NOTIFICATIONS
            free = [desk.screen.status, desk.screen.footer, desk.screen.bar]
            if front.focused not in (None, desk.screen.papers, desk.screen.detail):
                free.append(front.focused)
            for region in told:
                assert 0 < region.height <= 4
                assert front.region.contains_region(region)
                assert not [widget for widget in free if widget.region.overlaps(region)]
            assert desk.screen_text.count("Nobody answers.") == 1
            await desk.press("escape", "escape")


async def test_of_several_problems_the_first_is_told_and_how_many_others_there_are(reading):
    async with reading() as desk:
        asked = "No answer; is there a network?"
        for problems, told in (
            ([], []),
            (["absent.txt: no such file"], ["absent.txt: no such file."]),
            ([asked, asked], [asked]),
            ([asked, "b", asked], [f"{asked} 1 more problem: `paperreader fetch` tells all."]),
            ([asked, "b", "c"], [f"{asked} 2 more problems: `paperreader fetch` tells all."]),
        ):
            desk.screen.warn_of(problems, "paperreader fetch")
            await desk.settle()
            assert desk.notifications == told
            await desk.press("escape")


async def test_the_end_of_a_long_one_is_told_as_well(reading):
    async with reading() as desk:
        await warn(desk, LONG)
        assert "Cannot read long-" in desk.notifications[0]
        assert desk.notifications[0].endswith("no such file or directory.")
        assert len(desk.notifications[0]) <= notifications.MAX_MESSAGE_LENGTH


def test_what_takes_longer_to_read_stays_longer_but_never_long(monkeypatch):
    monkeypatch.undo()
    assert notifications.display_seconds("Nobody answers.") == 4
    assert (
        4
        < notifications.display_seconds("x" * 100)
        < notifications.display_seconds("x" * 140)
        <= notifications.display_seconds("x" * 900)
        == 8
    )


async def test_a_confirmation_goes_with_the_view_it_was_said_in(reading):
    async with reading() as desk:
        await desk.press("1")
        assert "All papers already" in desk.status
        await desk.press("j")
        assert "All papers already" in desk.status
        await desk.press("5")
        assert "already" not in desk.status
        assert "With code" in desk.status

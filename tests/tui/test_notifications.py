"""Tests of notifications."""

from __future__ import annotations

import pytest
from textual.widgets._toast import Toast

from paperreader.tui.controllers.library.imports import warn_problems
from paperreader.tui.runtime import notifications
from tests.examples import endurance
from tests.tui.reader_driver import ReaderDriver

LONG = "Cannot read " + "long-" * 200 + "name.txt: no such file or directory."
FAILED = (
    "Not saved: Cannot write notebook.json: no space left on device; nothing was changed."
    " Make room on the disk, and do it again."
)


async def warn(reader: ReaderDriver, *sentences: str) -> None:
    for sentence in sentences:
        reader.screen.ui.warn(sentence)
    await reader.wait_until_idle()


async def test_at_most_two_notifications_and_no_duplicates(open_reader):
    async with open_reader() as reader:
        await warn(reader, "No answer from arXiv.", "No answer from arXiv.", "Try again.")
        assert reader.notifications == ["No answer from arXiv.", "Try again."]
        await warn(reader, "No answer from arXiv.")
        assert reader.notifications == ["Try again.", "No answer from arXiv."]
        await warn(reader, "The disk is full.")
        assert reader.notifications == ["No answer from arXiv.", "The disk is full."]
        assert reader.screen_text.count("No answer from arXiv.") == 1
        assert "Try again." not in reader.screen_text


async def test_information_does_not_replace_an_error(open_reader):
    async with open_reader() as reader:
        reader.screen.ui.fail("Cannot start the editor.")
        await warn(reader, "A copy was merged.", "Another was not.")
        assert reader.notifications == ["Cannot start the editor.", "Another was not."]
        reader.screen.ui.fail("The disk is full.")
        await reader.wait_until_idle()
        assert reader.notifications == ["Cannot start the editor.", "The disk is full."]
        reader.screen.ui.fail("It is still full.")
        await reader.wait_until_idle()
        assert reader.notifications == ["The disk is full.", "It is still full."]


async def test_first_escape_only_dismisses_notifications(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("river")
        await reader.press("enter")
        found = reader.titles
        await warn(reader, "No answer from arXiv.")
        await reader.press("escape")
        assert reader.notifications == []
        assert "No answer from arXiv." not in reader.screen_text
        assert (reader.query, reader.titles) == ("river", found)
        await reader.press("escape")
        assert reader.query == ""


async def test_escape_in_inputs_and_dialogs_also_has_its_own_effect(open_reader):
    async with open_reader() as reader:
        for keys in (["/", "x"], ["s"], ["i"], ["t"], ["n"]):
            await reader.press(*keys)
            await warn(reader, "No answer from arXiv.")
            assert "No answer from arXiv." in reader.screen_text
            await reader.press("escape")
            assert reader.notifications == []
            assert "No answer from arXiv." not in reader.screen_text
            assert (reader.app.screen, reader.mode, reader.query) == (reader.screen, "list", "")


@pytest.mark.parametrize("size", [endurance((80, 24)), endurance((120, 40)), (50, 20)])
async def test_notifications_cover_neither_status_bar_nor_input(open_reader, size):
    async with open_reader(size=size) as reader:
        for key in ("enter", "/", "n", "s", "i", "t", "?"):
            await reader.press(key)
            await warn(reader, FAILED, "No answer from arXiv.")
            front = reader.app.screen
            expected = [message.region for message in front.query(Toast)]
            assert len(expected) == notifications.MAX_NOTIFICATIONS
            free = [reader.status_bar, reader.footer, reader.search_bar]
            if front.focused not in (None, reader.paper_list, reader.detail):
                free.append(front.focused)
            for region in expected:
                assert 0 < region.height <= 4
                assert front.region.contains_region(region)
                assert not [widget for widget in free if widget.region.overlaps(region)]
            assert reader.screen_text.count("No answer from arXiv.") == 1
            await reader.press("escape", "escape")


async def test_first_problem_and_number_of_others_are_shown(open_reader):
    async with open_reader() as reader:
        problem = "No answer; is there a network?"
        for problems, expected in (
            ([], []),
            (["absent.txt: no such file"], ["absent.txt: no such file."]),
            ([problem, problem], [problem]),
            ([problem, "b", problem], [f"{problem} 1 more problem. Run `paperreader fetch` to list them."]),
            ([problem, "b", "c"], [f"{problem} 2 more problems. Run `paperreader fetch` to list them."]),
        ):
            warn_problems(reader.screen.ui, problems, "paperreader fetch")
            await reader.wait_until_idle()
            assert reader.notifications == expected
            await reader.press("escape")


async def test_long_notification_keeps_its_end(open_reader):
    async with open_reader() as reader:
        await warn(reader, LONG)
        assert "Cannot read long-" in reader.notifications[0]
        assert reader.notifications[0].endswith("no such file or directory.")
        assert len(reader.notifications[0]) <= notifications.MAX_MESSAGE_LENGTH


def test_display_time_depends_on_length_and_is_limited(monkeypatch):
    monkeypatch.undo()
    assert notifications.display_seconds("No answer from arXiv.") == 4
    assert (
        4
        < notifications.display_seconds("x" * 100)
        < notifications.display_seconds("x" * 140)
        <= notifications.display_seconds("x" * 900)
        == 8
    )


async def test_message_is_cleared_when_the_view_changes(open_reader):
    async with open_reader() as reader:
        await reader.press("1")
        assert "Shown already: All papers" in reader.status
        await reader.press("j")
        assert "Shown already: All papers" in reader.status
        await reader.press("5")
        assert "already" not in reader.status
        assert "With code" in reader.status

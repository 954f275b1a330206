"""What is told in a corner and in the status line, and the ways out of it."""

from __future__ import annotations

from textual import events

from paperreader.library import Library


async def test_the_same_sentence_is_told_once_and_escape_takes_it_away_before_anything_else(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("river")
        await desk.press("enter")
        found = desk.titles
        for sentence in ("Nobody answers.", "Nobody answers.", "Try again."):
            desk.screen.warn(sentence)
        await desk.settle()
        assert desk.toasts == ["Nobody answers.", "Try again."]
        await desk.press("escape")
        assert desk.toasts == []
        assert (desk.query, desk.titles) == ("river", found)
        await desk.press("escape")
        assert desk.query == ""
        desk.screen.warn("Nobody answers.")
        await desk.settle()
        assert desk.toasts == ["Nobody answers."]


async def test_ctrl_c_says_in_the_status_line_what_quits(reading):
    async with reading() as desk:
        await desk.press("ctrl+c")
        assert "q quits" in desk.status
        assert desk.toasts == []


async def test_a_pasted_title_of_several_lines_is_searched_as_one(reading):
    async with reading() as desk:
        await desk.press("/")
        desk.app.post_message(events.Paste("Slow\r\nRivers:\nA Study\n"))
        await desk.settle()
        assert desk.query == "Slow Rivers: A Study"
        desk.app.post_message(events.Paste("\n"))
        await desk.settle()
        assert desk.query == "Slow Rivers: A Study"


async def test_another_sort_shows_its_first_paper_and_by_date_one_stays(reading, library: Library):
    async with reading() as desk:
        await desk.press("j", "j", "j", "s", "t")
        assert desk.title == desk.titles[0] == min(desk.titles, key=str.lower)
        await desk.press("j", "j")
        here = desk.title
        await desk.press("s", "d")
        assert desk.title == here

"""Every kind of change is reported with its paper and undone step by step."""

from __future__ import annotations

from paperreader.library import Library
from paperreader.models import MarkChange
from tests.tui.library_pages import TITLES

CHANGES = (
    (("b",), "Bookmarked: "),
    (("N",), "Marked as read: "),
    (("t", *"rl", "enter", "escape"), "Tagged rl: "),
    (("n", *"Hm", "ctrl+s"), "Note saved on "),
    (("N",), "Marked as unread: "),
    (("b",), "Bookmark removed: "),
    (("t", "space", "escape"), "Tag rl removed: "),
)
"""Keys, and what is said before the title."""


async def test_each_change_names_its_paper_and_can_be_undone_and_redone(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        row = reader.paper_list.cursor

        def state():
            mark = reader.library.mark(row)
            return mark.bookmarked, mark.is_read, mark.note_text, tuple(mark.tag_names)

        states = [state()]
        for keys, message in CHANGES:
            await reader.press(*keys)
            assert f"{message}{TITLES[0][:20]}" in reader.status
            states.append(state())
        assert len(set(states)) == len(CHANGES) + 1
        await reader.press("G")
        for key, message, expected in (("u", "Undone: ", states[-2::-1]), ("U", "Redone: ", states[1:])):
            for each in expected:
                await reader.press(key)
                assert state() == each
                assert reader.status.startswith(f"LIST   {message}")
                assert TITLES[0][:20] in reader.status
        await reader.press("U")
        assert reader.status.startswith("LIST   Nothing to redo")


async def test_what_something_else_changed_cannot_be_redone(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        paper = reader.paper
        other = Library.open()
        for change, expected in (
            (MarkChange(paper.id, bookmark=True), "something else has changed the paper"),
            (None, "the paper is not in the library any more"),
        ):
            await reader.press("b", "u")
            if change is not None:
                other.save_and_apply([change])
            else:
                other.removals.remove([paper.id])
            reader.controllers.sync.poll()
            await reader.wait_until_idle()
            await reader.press("U")
            assert f"Cannot redo bookmark: {expected}" in reader.status
            await reader.press("U")
            assert "Nothing to redo" in reader.status
            if change is not None:
                other.save_and_apply([MarkChange(paper.id, bookmark=False)])
                reader.controllers.sync.poll()
                await reader.wait_until_idle()

"""Ways out that people try from habit: `ctrl+c`, and `ctrl+z` where no shell waits."""

from __future__ import annotations

from paperreader.tui.dialogs.choice import ChoiceDialog


async def test_ctrl_c_says_in_the_status_line_what_quits(reading):
    async with reading(size=(120, 40)) as desk:
        for keys, said in (
            ([], "q quits"),
            (["enter"], "q quits"),
            (["v"], "q quits"),
            (["/"], "escape, then q quits"),
            (["n"], "escape, then q quits"),
        ):
            await desk.press(*keys)
            mode = desk.mode
            desk.screen.status.clear_message()
            await desk.press("ctrl+c")
            assert f"  {said}" in desk.status
            assert desk.notifications == []
            assert desk.mode == mode
            await desk.press("escape")


async def test_it_names_the_key_that_was_chosen(reading):
    async with reading(toml='[keys]\nquit = "ctrl+x"\nsearch-clear = "f2"\n') as desk:
        await desk.press("/", "ctrl+c")
        assert "  f2, then ctrl+x quits" in desk.status


async def test_ctrl_c_leaves_what_stands_in_front(reading):
    async with reading() as desk:
        for keys in (["s"], ["i", "x"], ["t"], ["?"], ["?", "/", "x"], ["T"], ["ctrl+p"]):
            await desk.press(*keys)
            assert desk.app.screen is not desk.screen
            await desk.press("ctrl+c")
            assert desk.app.screen is desk.screen
            assert desk.notifications == []


async def test_in_front_of_a_note_ctrl_c_leads_back_to_it(reading):
    async with reading() as desk:
        await desk.press("n", "x", "escape")
        assert isinstance(desk.app.screen, ChoiceDialog)
        await desk.press("ctrl+c")
        assert desk.mode == "note"
        assert desk.screen.note.written == "x"


async def test_what_is_selected_in_a_line_is_copied_as_ever(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("river")
        await desk.press("ctrl+shift+a", "ctrl+c")
        assert desk.app.clipboard == "river"
        assert "quits" not in desk.status


async def test_ctrl_z_where_no_shell_waits_says_so(reading):
    async with reading() as desk:
        await desk.press("ctrl+z")
        assert desk.notifications == ["There is no shell to go back to: this was not started from one."]
        await desk.press("j")
        assert desk.screen.papers.position == 1


async def test_in_a_note_ctrl_z_takes_back_what_was_typed(reading):
    async with reading() as desk:
        await desk.press("n")
        await desk.type("ab")
        await desk.press("ctrl+z")
        assert desk.screen.note.written != "ab"
        assert desk.notifications == []


async def test_a_key_that_is_taken_anywhere_is_taken_everywhere(reading):
    async with reading(toml='[keys]\nundo = "ctrl+z"\n') as desk:
        (told,) = desk.notifications
        assert "undo: ctrl+z means suspend already in list and detail" in told

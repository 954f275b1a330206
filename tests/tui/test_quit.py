"""Ways out that people try from habit: `ctrl+c`, and `ctrl+z` where no shell waits."""

from __future__ import annotations

from paperreader.tui.dialogs.choice import ChoiceDialog


async def test_ctrl_c_says_in_the_status_line_what_quits(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        for keys, said in (
            ([], "q quits"),
            (["enter"], "q quits"),
            (["v"], "q quits"),
            (["/"], "escape, then q quits"),
            (["n"], "escape, then q quits"),
        ):
            await reader.press(*keys)
            mode = reader.mode
            reader.status_bar.clear_message()
            await reader.press("ctrl+c")
            assert f"  {said}" in reader.status
            assert reader.notifications == []
            assert reader.mode == mode
            await reader.press("escape")


async def test_it_names_the_key_that_was_chosen(open_reader):
    async with open_reader(toml='[keys]\nquit = "ctrl+x"\nsearch-clear = "f2"\n') as reader:
        await reader.press("/", "ctrl+c")
        assert "  f2, then ctrl+x quits" in reader.status


async def test_ctrl_c_leaves_what_stands_in_front(open_reader):
    async with open_reader() as reader:
        for keys in (["s"], ["i", "x"], ["t"], ["?"], ["?", "/", "x"], ["T"], ["ctrl+p"]):
            await reader.press(*keys)
            assert reader.app.screen is not reader.screen
            await reader.press("ctrl+c")
            assert reader.app.screen is reader.screen
            assert reader.notifications == []


async def test_in_front_of_a_note_ctrl_c_leads_back_to_it(open_reader):
    async with open_reader() as reader:
        await reader.press("n", "x", "escape")
        assert isinstance(reader.app.screen, ChoiceDialog)
        await reader.press("ctrl+c")
        assert reader.mode == "note"
        assert reader.note_editor.value == "x"


async def test_what_is_selected_in_a_line_is_copied_as_ever(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("river")
        await reader.press("ctrl+shift+a", "ctrl+c")
        assert reader.app.clipboard == "river"
        assert "quits" not in reader.status


async def test_ctrl_z_where_no_shell_waits_says_so(open_reader):
    async with open_reader() as reader:
        await reader.press("ctrl+z")
        assert reader.notifications == ["Cannot suspend: the reader was not started from a shell."]
        await reader.press("j")
        assert reader.paper_list.position == 1


async def test_in_a_note_ctrl_z_takes_back_what_was_typed(open_reader):
    async with open_reader() as reader:
        await reader.press("n")
        await reader.type("ab")
        await reader.press("ctrl+z")
        assert reader.note_editor.value != "ab"
        assert reader.notifications == []


async def test_a_key_that_is_taken_anywhere_is_taken_everywhere(open_reader):
    async with open_reader(toml='[keys]\nundo = "ctrl+z"\n') as reader:
        (told,) = reader.notifications
        assert "undo: ctrl+z already means suspend in list and detail" in told

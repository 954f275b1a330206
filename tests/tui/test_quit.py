"""Keys that users expect to quit or suspend: `ctrl+c`, and `ctrl+z` without a shell."""

from __future__ import annotations

from paperreader.tui.dialogs.choice import ChoiceDialog


async def test_ctrl_c_shows_which_key_quits(open_reader):
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


async def test_ctrl_c_shows_the_configured_key(open_reader):
    async with open_reader(toml='[keys]\nquit = "ctrl+x"\nsearch-clear = "f2"\n') as reader:
        await reader.press("/", "ctrl+c")
        assert "  f2, then ctrl+x quits" in reader.status


async def test_ctrl_c_closes_a_dialog(open_reader):
    async with open_reader() as reader:
        for keys in (["s"], ["i", "x"], ["t"], ["?"], ["?", "/", "x"], ["T"], ["ctrl+p"]):
            await reader.press(*keys)
            assert reader.app.screen is not reader.screen
            await reader.press("ctrl+c")
            assert reader.app.screen is reader.screen
            assert reader.notifications == []


async def test_ctrl_c_in_a_dialog_over_a_note_returns_to_the_note(open_reader):
    async with open_reader() as reader:
        await reader.press("n", "x", "escape")
        assert isinstance(reader.app.screen, ChoiceDialog)
        await reader.press("ctrl+c")
        assert reader.mode == "note"
        assert reader.note_editor.value == "x"


async def test_ctrl_c_copies_selected_text(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("river")
        await reader.press("ctrl+shift+a", "ctrl+c")
        assert reader.app.clipboard == "river"
        assert "quits" not in reader.status


async def test_ctrl_z_without_shell_is_explained(open_reader):
    async with open_reader() as reader:
        await reader.press("ctrl+z")
        assert reader.notifications == ["Cannot suspend: the reader was not started from a shell."]
        await reader.press("j")
        assert reader.paper_list.position == 1


async def test_ctrl_z_in_a_note_undoes_typing(open_reader):
    async with open_reader() as reader:
        await reader.press("n")
        await reader.type("ab")
        await reader.press("ctrl+z")
        assert reader.note_editor.value != "ab"
        assert reader.notifications == []


async def test_global_key_cannot_be_bound_again(open_reader):
    async with open_reader(toml='[keys]\nundo = "ctrl+z"\n') as reader:
        (message,) = reader.notifications
        assert "undo: ctrl+z already means suspend in list and detail" in message

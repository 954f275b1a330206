"""Tests of the symbols in Unicode and ASCII."""

import pytest

from paperreader import subscriptions
from paperreader.library import Library
from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.glyphs import ASCII, UNICODE, select_glyphs


@pytest.mark.parametrize(
    ("environ", "encoding", "setting", "expected"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", "auto", UNICODE),
        ({"TERM": "xterm"}, "UTF8", "auto", UNICODE),
        ({}, "utf-8", "auto", UNICODE),
        ({"TERM": "xterm"}, "iso-8859-1", "auto", ASCII),
        ({"TERM": "xterm"}, "ANSI_X3.4-1968", "auto", ASCII),
        ({"TERM": "linux"}, "utf-8", "auto", ASCII),
        ({"TERM": "xterm", "PAPERREADER_ASCII": "1"}, "utf-8", "auto", ASCII),
        ({"TERM": "xterm", "PAPERREADER_ASCII": "0"}, "utf-8", "auto", UNICODE),
        ({"TERM": "linux"}, "ascii", "unicode", UNICODE),
        ({"TERM": "xterm"}, "utf-8", "ascii", ASCII),
    ],
)
def test_glyphs_match_the_terminal(environ, encoding, setting, expected):
    assert select_glyphs(setting=setting, environ=environ, encoding=encoding) == expected


def symbols(glyphs, field):
    """The symbols of a field: one, or three levels."""
    value = getattr(glyphs, field)
    return value if isinstance(value, tuple) else (value,)


def test_glyphs_have_the_expected_width():
    for field in UNICODE.__struct_fields__:
        for mark, plain in zip(symbols(UNICODE, field), symbols(ASCII, field), strict=True):
            assert plain.isascii()
            assert cell_width(mark) == (3 if field == "code" else 1)
            assert cell_width(plain) == {"code": 3, "ellipsis": 2}.get(field, 1)


def test_no_glyph_is_rendered_as_emoji():
    # These have an emoji presentation by default: two cells wide and colored.
    emoji = {chr(code) for code in (*range(0x1F000, 0x1FB00), 0x2B50, 0x2705, 0x26A1, 0x270F)}
    assert not emoji & {
        char for field in UNICODE.__struct_fields__ for char in "".join(symbols(UNICODE, field))
    }


@pytest.mark.endurance
async def test_ascii_reader_renders_ascii_only(open_reader, library):
    subscriptions.add_subscription("Clocks", "clocks")
    async with open_reader(size=(184, 24), toml='[appearance]\nmarks = "ascii"\n') as reader:
        reader.app.notify("A notification.", severity="error", timeout=600)
        await reader.wait_until_idle()
        assert "6 Clocks" in reader.screen_text
        assert not symbols_on_screen(reader)
        reader.app.clear_notifications()
        await reader.pilot.resize_terminal(70, 24)  # narrow enough to truncate texts
        for keys, shown in (
            (("b", "n", "x", "ctrl+s"), "Note saved"),
            (("/", *"clock"), "SEARCH"),
            (("enter", "?"), "Navigation"),
            (("/", *"palette"), "Undo the last import.."),
            (("escape", "escape", "Y"), "BibTeX"),
            (("escape", "t", *"new", "enter"), "[+] new"),
            (("escape", "0"), "Views"),
            (("escape", "s"), "Sort by"),
            (("escape", "x", "b", "f"), "to the file"),
            (("escape", "i", "/", "tab"), "Import"),
            (("escape", "v", "j"), "SELECT"),
            (("escape", "escape", "T"), "Papers per day"),
            (("escape", "/", *"qqq", "enter"), "escape back"),
            (("ctrl+p", *"no"), "Write a note"),
        ):
            reader.send_keys(*keys)
            await reader.wait_until_idle()
            await reader.pilot.pause()
            assert shown in reader.screen_text, keys
            assert not symbols_on_screen(reader), keys
            assert "~" not in reader.screen_text.replace("~/", ""), (
                "truncated text ends with two dots everywhere"
            )


def symbols_on_screen(reader):
    """Return the characters on the screen that are neither ASCII nor letters, which belong to the papers."""
    return {char for char in reader.screen_text if not (char.isascii() or char.isalpha())}


async def test_empty_library_text_in_ascii(open_reader, home, tmp_path):
    async with open_reader(
        Library.open(tmp_path / "empty"), toml='[appearance]\nmarks = "ascii"\n'
    ) as reader:
        assert reader.screen_text.isascii()
        await reader.press("ctrl+p")
        await reader.pilot.pause()
        assert reader.screen_text.isascii()
        await reader.press("escape", "?")
        assert reader.screen_text.isascii()

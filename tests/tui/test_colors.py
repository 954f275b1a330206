"""Tests of themes and readable contrast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.style import Style
from textual.color import Color

from paperreader.tui.app import ReaderApp
from paperreader.tui.terminal import colors as terminal_colors
from paperreader.tui.terminal.colors import (
    MIN_SHAPE_CONTRAST,
    MIN_TEXT_CONTRAST,
    contrast_ratio,
    with_readable_contrast,
)
from paperreader.tui.terminal.glyphs import UNICODE
from paperreader.tui.terminal.palette import nearest_color
from tests.examples import endurance
from tests.tui.fakes import LEAST_CONTRAST

DRAWN = UNICODE.vertical_line + UNICODE.horizontal_line + "▁▂▃▄▅▆▇█▔"
"""Lines between panes and ends of scrollbars, which need no text contrast."""

colors = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: Color(*parts))


def style(color, ground):
    return Style(color=color.rich_color, bgcolor=ground.rich_color, bold=True)


def parts(styled_texts):
    return Color.from_rich_color(styled_texts.color), Color.from_rich_color(styled_texts.bgcolor)


def test_known_contrast_ratios():
    black, white, grey = Color(0, 0, 0), Color(255, 255, 255), Color(118, 118, 118)
    assert contrast_ratio(black, white) == contrast_ratio(white, black) == 21
    assert contrast_ratio(grey, grey) == 1
    assert 4.5 < contrast_ratio(grey, white) < 4.6


@given(colors, colors)
def test_every_text_color_becomes_readable_on_its_background(color, ground):
    shown, on = parts(with_readable_contrast(style(color, ground)))
    assert on == ground
    assert contrast_ratio(shown, on) >= MIN_TEXT_CONTRAST


@given(colors, colors)
def test_readable_colors_are_unchanged(color, ground):
    given_style = style(color, ground)
    if contrast_ratio(color, ground) >= MIN_TEXT_CONTRAST:
        assert with_readable_contrast(given_style) == given_style
    assert with_readable_contrast(given_style).bold


def test_ansi_colors_are_unchanged():
    for given_style in (Style.parse("red on default"), Style.parse("yellow on white"), Style(bold=True)):
        assert with_readable_contrast(given_style) == given_style


# Every theme


def low_contrast_texts(reader, within=None):
    """Return texts on the screen with too little contrast, and their contrast ratios."""
    found = set()
    region = (within or reader.app.screen).region
    for y, strip in enumerate(reader.app.screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            x += segment.cell_length
            style, text = segment.style, segment.text.strip()
            inside = (
                region.x <= x - segment.cell_length and x <= region.right and region.contains(region.x, y)
            )
            if not (text and inside and style and style.color and style.bgcolor) or set(text) <= set(DRAWN):
                continue
            if style.color.type == style.bgcolor.type == ColorType.TRUECOLOR:
                on = contrast_ratio(*parts(style))
                if on < (MIN_SHAPE_CONTRAST if set(text) <= {UNICODE.cursor} else MIN_TEXT_CONTRAST):
                    found.add((text, round(on, 2)))
    return found


def styled_texts(reader):
    """Yield the texts on the screen with their styles."""
    for strip in reader.app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style and not set(segment.text.strip()) <= set(DRAWN):
                yield segment.text, segment.style


OWN_THEMES = tuple(theme.name for theme in terminal_colors.OWN_THEMES)


@pytest.mark.endurance
@pytest.mark.parametrize("themes", [OWN_THEMES + LEAST_CONTRAST, endurance(terminal_colors.theme_names())])
async def test_all_text_is_readable_in_every_theme(open_reader, themes):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("b", "/", *"clock", "enter", "n", "x")
        for severity in ("information", "warning", "error"):
            reader.app.notify("A notification.", severity=severity, timeout=600)
        await reader.wait_until_idle()
        for name in themes:
            reader.app.theme = name
            await reader.pilot.pause(0)
            assert not low_contrast_texts(reader), name


@pytest.mark.parametrize("themes", [OWN_THEMES, endurance(LEAST_CONTRAST)])
async def test_dialogs_are_readable(open_reader, themes):
    async with open_reader(size=(80, 24)) as reader:
        for key in ("?", "Y", "t", "i", "T", "ctrl+p"):
            await reader.press(key)
            await reader.pilot.pause()
            for name in themes:
                reader.app.theme = name
                await reader.pilot.pause(0)
                for box in reader.app.screen.children:
                    assert not low_contrast_texts(reader, box), (box, name)
            await reader.press("escape")


@pytest.mark.endurance
async def test_ansi_themes_use_terminal_colors_and_no_background_except_for_the_cursor(open_reader):
    # The values of ANSI colors are unknown. Readable are the default color on the default background, and black on
    # white. Other colors are used on the default background only.
    async with open_reader(size=(80, 24)) as reader:
        for keys, shown in (
            (("b", "n", "x", "ctrl+s", "/", *"clock"), "SEARCH"),
            (("enter", "Y"), "BibTeX"),
            (("escape", "t"), "Tags of"),
            (("escape", "?"), "Navigation"),
            (("escape", "T"), "Papers per day"),
            (("escape", "ctrl+p"), "Show all papers"),
        ):
            reader.send_keys(*keys)
            await reader.wait_until_idle()
            await reader.pilot.pause()
            assert shown in reader.screen_text, keys
            for reader.app.theme in ("ansi-dark", "ansi-light"):
                await reader.pilot.pause(0)
                for text, style in styled_texts(reader):
                    parts = (style.color, style.bgcolor)
                    assert all(part is None or part.type != ColorType.TRUECOLOR for part in parts), (
                        keys,
                        text,
                    )
                    color, ground = (part.number if part else None for part in parts)
                    assert ground is None or (color, ground) in {(0, 7), (15, 0)}, (keys, text)


@pytest.mark.parametrize("theme", terminal_colors.OWN_THEMES, ids=lambda theme: theme.name)
def test_own_themes_need_no_contrast_correction(theme):
    colors = theme.to_color_system().generate()
    grounds = [Color.parse(colors[name]) for name in ("background", "surface")]
    for role in (
        "foreground",
        "text-primary",
        "text-accent",
        "text-warning",
        "text-success",
        "text-error",
        "text-muted",
    ):
        for ground in grounds:
            tinted = ground.blend(Color.parse(colors["primary"]), 0.16)
            assert contrast_ratio(Color.parse(colors[role]), ground) >= MIN_TEXT_CONTRAST, role
            assert contrast_ratio(Color.parse(colors[role]), tinted) >= 4, role


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, terminal_colors.DARK),
        ({"TERM": "xterm-256color"}, terminal_colors.DARK),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, terminal_colors.LIGHT),
        ({"TERM": "xterm-kitty"}, terminal_colors.DARK),
        ({"TERM": "xterm"}, "ansi-dark"),
        ({"TERM": "xterm", "COLORTERM": "yes"}, "ansi-dark"),
        ({"TERM": "xterm-16color"}, "ansi-dark"),
        ({"TERM": "rxvt-16color", "COLORFGBG": "0;default;15"}, "ansi-light"),
        ({"TERM": "linux"}, "ansi-dark"),
        ({"TERM": "screen"}, "ansi-dark"),
        ({"TERM": "vt100"}, "ansi-dark"),
        ({"TERM": "screen", "COLORTERM": "24bit"}, terminal_colors.DARK),
    ],
)
def test_first_theme_suits_the_terminal(library, monkeypatch, environ, theme):
    for name in ("TERM", "COLORTERM", "COLORFGBG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert ReaderApp(library).theme == theme


@given(colors)
def test_colors_of_the_palette_are_similar(color):
    number = nearest_color(color.r, color.g, color.b)
    shown = Color.from_rich_color(RichColor.from_ansi(number))
    assert 16 <= number <= 255
    assert max(abs(shown.r - color.r), abs(shown.g - color.g), abs(shown.b - color.b)) <= 60


def test_dark_colors_become_no_bright_ones():
    for theme in terminal_colors.OWN_THEMES:
        for name in (theme.background, theme.surface, theme.panel):
            color = Color.parse(name)
            shown = Color.from_rich_color(RichColor.from_ansi(nearest_color(color.r, color.g, color.b)))
            assert contrast_ratio(color, shown) < 1.15

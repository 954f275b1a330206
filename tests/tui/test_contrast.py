"""Colours that can be read."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.color import Color

from paperreader.tui.contrast import TEXT, contrast, legible

colors = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: Color(*parts))


def style(color, ground):
    return Style(color=color.rich_color, bgcolor=ground.rich_color, bold=True)


def parts(painted):
    return Color.from_rich_color(painted.color), Color.from_rich_color(painted.bgcolor)


def test_known_contrasts():
    black, white, grey = Color(0, 0, 0), Color(255, 255, 255), Color(118, 118, 118)
    assert contrast(black, white) == contrast(white, black) == 21
    assert contrast(grey, grey) == 1
    assert 4.5 < contrast(grey, white) < 4.6


@given(colors, colors)
def test_every_text_becomes_legible_on_its_own_ground(color, ground):
    shown, on = parts(legible(style(color, ground)))
    assert on == ground
    assert contrast(shown, on) >= TEXT


@given(colors, colors)
def test_legible_colours_stay_as_they_are(color, ground):
    given_style = style(color, ground)
    if contrast(color, ground) >= TEXT:
        assert legible(given_style) == given_style
    assert legible(given_style).bold


def test_the_terminals_own_colours_are_left_alone():
    for given_style in (Style.parse("red on default"), Style.parse("yellow on white"), Style(bold=True)):
        assert legible(given_style) == given_style

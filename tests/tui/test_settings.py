"""Settings that are in force in the reader."""

from __future__ import annotations


async def test_a_file_with_mistakes_is_told_once_and_the_rest_is_in_force(reading):
    async with reading(toml='[appearance]\nlayout = "sideways"\nmarks = "ascii"\nthem = "nord"\n') as desk:
        (told,) = desk.toasts
        assert "config.toml:2: " in told
        assert "config.toml:4: " in told
        assert desk.screen.glyphs.bookmark == "*"
        await desk.press("j")
        assert desk.screen.papers.position == 1

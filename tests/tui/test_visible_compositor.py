"""What is painted of a screen that has changed in some regions is what a complete painting has there."""

from __future__ import annotations

import random

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widgets import Static

from paperreader.tui.runtime.covered_screen import CoveredScreen
from paperreader.tui.runtime.visible_compositor import VisibleCompositor

WIDTH, HEIGHT = 40, 12


class Layers(CoveredScreen):
    """Widgets beside, inside and in front of each other."""

    def compose(self) -> ComposeResult:
        yield Static("left\n" * 30, id="left")
        yield Static("right " * 50, id="right")
        yield Static("front", id="front")
        yield Static("line", id="line")


class LayersApp(App[None]):
    CSS = """
    Layers { layers: below above; }
    #left { width: 15; height: 1fr; overflow-y: scroll; }
    #right { width: 1fr; height: 1fr; padding: 1 2; }
    #front { layer: above; position: absolute; offset: 8 3; width: 20; height: 5; border: solid white; }
    #line { dock: bottom; height: 1; }
    """

    def get_default_screen(self) -> Layers:
        return Layers()


async def test_changed_regions_are_painted_as_in_a_complete_painting():
    app, rng = LayersApp(), random.Random(1)
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        compositor = app.screen._compositor
        assert isinstance(compositor, VisibleCompositor)
        expected = [strip.text for strip in compositor.render_strips()]
        assert any("front" in line and "left" in line for line in expected), expected
        for _ in range(60):
            compositor._dirty_regions = {random_region(rng) for _ in range(rng.randint(1, 3))}
            painted = [[""] * WIDTH for _ in range(HEIGHT)]
            update = compositor.render_partial_update()
            for y, first, end in update.spans:
                for piece_end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                    if x < end and piece_end > first:
                        painted[y][x:piece_end] = strip.text
                assert "".join(painted[y][first:end]) == expected[y][first:end]
        assert compositor.render_partial_update() is None


def random_region(rng: random.Random) -> Region:
    x, y = rng.randrange(WIDTH), rng.randrange(HEIGHT)
    return Region(x, y, rng.randint(1, WIDTH - x), rng.randint(1, HEIGHT - y))

"""The splitter between list and detail, for each arrangement of the panes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.geometry import Region, Size

from paperreader.tui.controllers.pane_layout import MIN_COLUMNS, PaneLayoutController


@pytest.fixture
def panes(ctx):
    """120 x 40 cells, half of the columns for the list."""
    pane = SimpleNamespace(
        styles=SimpleNamespace(width=None, height=None), outer_size=Size(60, 40), region=Region(0, 1, 60, 40)
    )
    ctx.widgets.panes = SimpleNamespace(size=Size(120, 40))
    ctx.widgets.list_pane = pane
    layout = PaneLayoutController(ctx)
    layout.apply_split()
    return layout, pane.styles


def test_each_key_moves_the_splitter_and_the_position_is_saved(ctx, panes):
    layout, styles = panes
    layout.resize_list(1)
    layout.resize_list(1)
    assert ctx.ui.message == "List: 68 columns"
    assert styles.width is not None
    again = PaneLayoutController(ctx)
    styles.width = None
    again.apply_split()
    assert styles.width is not None


def test_both_panes_keep_their_smallest_size(ctx, panes):
    layout, _ = panes
    layout.drag(0, 0, released=True)
    assert ctx.ui.message == f"List: {MIN_COLUMNS} columns"
    layout.drag(119, 0, released=True)
    assert ctx.ui.message == f"List: {120 - MIN_COLUMNS - 1} columns"


def test_reset_removes_the_saved_position(ctx, panes):
    layout, styles = panes
    layout.resize_list(-1)
    layout.reset()
    assert styles.width is None
    assert ctx.library.state.get("list_share") is None


def test_a_single_pane_has_no_splitter(ctx, panes):
    layout, styles = panes
    ctx.ui.arrangement = "single"
    layout.resize_list(1)
    assert ctx.ui.message == "Only one pane is visible"
    assert styles.width is None

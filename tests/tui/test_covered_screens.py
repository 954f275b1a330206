"""What covers the main screen is not painted again when nothing has changed, and leaves memory when it is closed."""

from __future__ import annotations

import gc
import weakref

import pytest

from tests.fulltext.sample_paper import PAPER


@pytest.mark.parametrize("keys", [["?"], ["enter", "enter"]], ids=["dialog", "full text"])
async def test_covered_screen_paints_what_has_changed_once(open_reader, library, monkeypatch, keys):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    async with open_reader(library) as reader:
        await reader.press(*keys)
        front, covered = reader.app.screen, reader.screen
        assert front is not covered
        covered._on_timer_update()  # what opening has left
        painted = []
        monkeypatch.setattr(front, "refresh", lambda *regions, **_: painted.extend(regions))
        covered.widgets.status_bar.refresh()
        await reader.wait_until_idle()
        for _ in range(3):
            covered._on_timer_update()
        # What a thread has found meanwhile may be painted as well, but not all of the screen, nor the same again.
        assert painted.count(covered.widgets.status_bar.region) == 1 and covered.region not in painted


@pytest.mark.parametrize("keys", [[], ["enter", "enter"]], ids=["list", "full text"])
async def test_closing_a_dialog_does_not_lay_out_what_it_covered(open_reader, library, monkeypatch, keys):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    async with open_reader(library) as reader:
        await reader.press(*keys)
        screen, requested = reader.app.screen, []
        await reader.press("?")
        assert reader.app.screen is not screen
        refresh = screen.refresh

        def recorded(*regions, **how):
            requested.append(how)
            return refresh(*regions, **how)

        monkeypatch.setattr(screen, "refresh", recorded)
        await reader.press("escape")
        assert reader.app.screen is screen and requested
        assert not any(how.get("layout") for how in requested)


@pytest.mark.parametrize("keys", [[], ["enter", "enter"]], ids=["list", "full text"])
async def test_moved_focus_is_shown_at_once_and_paints_no_more_than_changes(
    open_reader, library, monkeypatch, keys
):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    async with open_reader(library) as reader:
        await reader.press(*keys)
        screen, painted = reader.app.screen, []
        before = screen.widgets.footer.mode
        monkeypatch.setattr(screen, "refresh", lambda *regions, **how: painted.append((regions, how)))
        screen.set_focus(screen.widgets.find_bar.input if keys else screen.widgets.detail)
        assert screen.widgets.footer.mode != before
        assert not any(how.get("repaint", True) for _, how in painted)


async def test_a_closed_full_text_leaves_memory(open_reader, library, monkeypatch):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    async with open_reader(library) as reader:
        views = []
        for _ in range(2):  # the last one may still be known to the message that closed it
            await reader.press("enter", "enter")
            views.append(weakref.ref(reader.app.screen.widgets.view))
            await reader.press("escape")
            assert reader.app.screen is reader.screen
        gc.collect()
        assert views[0]() is None

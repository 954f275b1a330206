"""The hint of the first session."""

from __future__ import annotations

import pytest

from paperreader.tui.controllers.library.onboarding import HINT_KEYS, OnboardingController


@pytest.fixture
def onboarding(ctx):
    ctx.library.state.set("greeted", None)
    return OnboardingController(ctx)


def test_the_hint_disappears_after_some_keys_and_never_comes_back(ctx, onboarding):
    onboarding.show_hint()
    for _ in range(HINT_KEYS - 1):
        ctx.signals.key_pressed.emit(None)
    assert ctx.widgets.status_bar.hint
    ctx.signals.key_pressed.emit(None)
    assert not ctx.widgets.status_bar.hint
    onboarding.show_hint()
    assert not ctx.widgets.status_bar.hint


def test_the_hint_disappears_when_a_dialog_opens(ctx, onboarding):
    onboarding.show_hint()
    ctx.ui.is_in_front = False
    ctx.signals.key_pressed.emit(None)
    assert not ctx.widgets.status_bar.hint

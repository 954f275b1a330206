"""A fake context over the library of the reader's tests."""

from __future__ import annotations

import pytest

from tests.tui.controllers.fakes import fake_context


@pytest.fixture
def ctx(library):
    return fake_context(library)

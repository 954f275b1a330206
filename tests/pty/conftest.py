"""The program as it was installed, in a real terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.program import program
from tests.terminal import Terminal

Reader = Callable[..., Terminal]


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Reader:
    """Opens the program in a terminal that is closed after the test: `reader("--sample", rows=24, columns=80)`."""

    def opened(*arguments: str, **settings) -> Terminal:
        terminal = Terminal([*program(), *arguments], **settings)
        request.addfinalizer(terminal.close)
        return terminal

    return opened

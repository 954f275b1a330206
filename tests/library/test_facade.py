"""The names that the layers above import from the library."""

from __future__ import annotations

import paperreader.library


def test_every_public_name_can_be_imported():
    for name in paperreader.library.__all__:
        assert getattr(paperreader.library, name) is not None

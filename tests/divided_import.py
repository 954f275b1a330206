"""Workers divide the work of the first run in a new clone: pytest rewrites the assertions of each test module.

Each worker needs all modules. Without this, each one would rewrite all of them, at the same time as the others.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def import_own_part(config: pytest.Config) -> None:
    """Import the test modules of this worker's part first, so that the others find them rewritten."""
    given = getattr(config, "workerinput", None)
    if given is None:
        return
    number, count = int(given["workerid"].removeprefix("gw")), given["workercount"]
    for file in islice(_test_modules(config.args), number, None, count):
        with suppress(Exception, pytest.skip.Exception):  # reported when the module is collected
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def _test_modules(arguments: Sequence[str]) -> list[Path]:
    """Return the modules in the folders among the arguments of pytest."""
    folders = [folder.resolve() for folder in map(Path, arguments) if folder.is_dir()]
    return sorted({file for folder in folders for file in folder.rglob("test_*.py")})

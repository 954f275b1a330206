"""Arguments and a temporary home for the scripts of this folder."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def parse_arguments(
    about: str | None, *, seeded: bool = False, texts: Mapping[str, str] | None = None, **amounts: int
) -> argparse.Namespace:
    """Parse the command line.

    Args:
        about: description of the script.
        texts: options with a text, and their defaults.
        seeded: whether there is a `--seed`, chosen at random and printed by default.
        amounts: options with a number, and their defaults.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, text in (texts or {}).items():
        parser.add_argument(f"--{name}", default=text)
    for name, default in amounts.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    if seeded:
        parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    if seeded:
        print(f"seed {arguments.seed}", flush=True)
    return arguments


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Create a temporary folder with the platform's folders in it, for this process and its children."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder, name.lower()))
        yield Path(folder)

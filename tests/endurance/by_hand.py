"""What every script of this folder begins with when it is run by hand: its arguments, and a home of its own."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def arguments(about: str | None, *, seeded: bool = False, **amounts: int) -> argparse.Namespace:
    """The arguments of a script: how often it does what, by name, and what is chosen by chance, which is told."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in amounts.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    if seeded:
        parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    if seeded:
        print(f"seed {asked.seed}", flush=True)
    return asked


@contextmanager
def private_home() -> Iterator[Path]:
    """A folder that goes away again, with the platform's folders inside, for this process and every child."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder, name.lower()))
        yield Path(folder)

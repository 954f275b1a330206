"""Generates the man page `docs/paperreader.1` from the argument parser: `.venv/bin/python docs/man.py`."""

from __future__ import annotations

from pathlib import Path

from paperreader.cli.man_page import man_page
from paperreader.cli.parser import build_parser

PATH = Path(__file__).resolve().parent / "paperreader.1"


def page() -> str:
    """Return the text of the man page."""
    return man_page(build_parser())


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")

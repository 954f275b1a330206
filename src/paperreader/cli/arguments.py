"""Kinds of arguments that several commands take."""

from __future__ import annotations

import argparse


def iso_date(text: str) -> str:
    """An ISO day.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    from paperreader.text.dates import parse_iso

    found = parse_iso(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2025-10-03")
    return found

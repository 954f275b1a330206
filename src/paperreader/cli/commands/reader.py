"""No command: the reader."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import open_library
from paperreader.errors import PaperreaderError

if TYPE_CHECKING:
    from paperreader.library import Library


def run(arguments: argparse.Namespace) -> int:
    """Open the reader."""
    need_terminal()
    return start(open_library(arguments))


def need_terminal() -> None:
    """Get ready for the reader, which paints on the whole screen.

    Raises:
        PaperreaderError: there is none.
    """
    if not all(output.is_terminal(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise PaperreaderError(
            "The reader needs a terminal; `paperreader search` prints into pipes and files."
        )
    if os.environ.get("TERM") == "dumb":
        raise PaperreaderError(
            "The reader needs a terminal that can move its cursor, and this one says TERM=dumb."
        )
    # Start-up makes a great many objects and drops few: looking for garbage among them costs an eighth of it. The
    # reader turns this on again once it has painted.
    gc.disable()


def start(library: Library, *, start_row: int | None = None) -> int:
    """Run the reader over `library`, at the paper of row `at` if given."""
    # Textual paints at most so often, and lets up to two periods pass between a key's echo and what the key found.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from paperreader import config
    from paperreader.system.memory import use_single_heap
    from paperreader.tui.app import run as read  # Textual, 0.2 s: no other command waits for it

    use_single_heap()
    # A thread that searches lets go of the interpreter after so long, and not after 5 ms: a key has to wait for it.
    sys.setswitchinterval(0.001)
    read(library, start_row=start_row, loaded=config.read_settings())
    return exit_codes.SUCCESS

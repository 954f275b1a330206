"""The reader: without a command, and `open` at one paper."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import output
from paperreader.cli.library_access import open_folder, open_library
from paperreader.errors import PaperreaderError

if TYPE_CHECKING:
    import argparse

    from paperreader.cli.arguments import Subparsers
    from paperreader.library import Library
    from paperreader.tui.terminal.first_frame import FirstFrame

NO_TERMINAL = "The reader needs a terminal. Use `paperreader search` in pipes and scripts."


def add_parser(subparsers: Subparsers) -> None:
    """Declare `open`."""
    from paperreader.cli.arguments import add_command
    from paperreader.cli.paper_ids import IDS_HELP

    parser = add_command(
        subparsers,
        "open",
        "open the reader at one paper",
        examples=["paperreader open 2510.02297", "paperreader search | fzf | paperreader open -"],
    )
    parser.add_argument("id", metavar="ID", help=IDS_HELP)
    parser.set_defaults(run=run_open)


def run(arguments: argparse.Namespace) -> int:
    """Open the reader."""
    require_terminal()
    folder = paths.sample_library_folder() if arguments.sample else paths.library_folder(arguments.library)
    return _start_with_saved_frame(folder, lambda: open_library(arguments, must_exist=False))


def run_without_arguments() -> int:
    """Open the reader on the default library, without the parser of arguments, whose import takes 4 ms."""
    require_terminal()
    return _start_with_saved_frame(paths.library_folder(), lambda: open_folder(None))


def _start_with_saved_frame(folder: Path, opened: Callable[[], Library]) -> int:
    """Show the frame that was saved for the library in `folder`, open the library, and run the reader."""
    from paperreader.tui.terminal.first_frame import show_saved_frame

    frame = show_saved_frame(folder)
    try:
        return start(opened(), first_frame=frame)
    finally:
        if frame is not None:
            frame.restore()


def run_open(arguments: argparse.Namespace) -> int:
    """Open the reader at a paper: of several ids on standard input, at the first."""
    from paperreader.cli.paper_ids import STANDARD_INPUT, read_ids

    if arguments.id == STANDARD_INPUT:
        arguments.id = read_ids([arguments.id])[0]
        _read_from_terminal()
    require_terminal()
    library = open_library(arguments)
    return start(library, start_row=library.resolve(arguments.id))


def _read_from_terminal() -> None:
    """Make the terminal the standard input, which was a pipe with ids.

    Raises:
        PaperreaderError: this process has no terminal.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise PaperreaderError(NO_TERMINAL) from None
    os.dup2(terminal, 0)
    os.close(terminal)


def require_terminal() -> None:
    """Check that the reader can run, and pause garbage collection for its start.

    Raises:
        PaperreaderError: there is no suitable terminal.
    """
    if not all(output.is_terminal(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise PaperreaderError(NO_TERMINAL)
    if os.environ.get("TERM") == "dumb":
        raise PaperreaderError("The reader needs a terminal that can move its cursor, but TERM is dumb.")
    # Start-up creates many objects and drops few, so garbage collection would take an eighth of its time. The reader
    # enables it again after the first paint.
    gc.disable()


def start(library: Library, *, start_row: int | None = None, first_frame: FirstFrame | None = None) -> int:
    """Run the reader, with the cursor at `start_row` if given. Return the exit code.

    `first_frame` is what is on the terminal already.
    """
    # Textual paints at most this often. Results are painted at once, the echo of a key within a period.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from paperreader.tui.runtime.partial_imports import import_textual

    import_textual()  # before any module of the reader
    from paperreader import config
    from paperreader.system.memory import use_single_heap
    from paperreader.tui.app import run as run_reader  # 0.2 s for Textual, which no other command needs

    use_single_heap()  # before any thread starts: a heap that exists stays in use
    # Makes a search thread release the interpreter sooner than the default of 5 ms, so that keys are handled faster.
    sys.setswitchinterval(0.001)
    return run_reader(library, start_row=start_row, loaded=config.read_settings(), first_frame=first_frame)

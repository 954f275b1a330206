"""Everything that is printed goes through here: safe on a terminal, plain in a pipe.

Text of papers, file names and arguments may hold escape sequences; `printable` takes them out of every string that is
printed. Styles are put around the safe text, and only on a terminal that wants them.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from paperreader.errors import PaperreaderError

if TYPE_CHECKING:
    from paperreader.json_codec import JsonObject

TEXT_WIDTH = 80
"""Running text is wrapped at this many cells at most, as in the reader."""

Span = str | tuple[str, str]
"""A piece of a line: text, or text and the name of a style."""


class OutputError(PaperreaderError):
    """Standard output takes no more."""


_STYLES = {"strong": "1", "faint": "2", "mine": "33", "link": "34"}


def configure_streams() -> None:
    """Let a terminal of another encoding show `?` for what it lacks, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_line(*spans: Span) -> None:
    """Print one line of pieces on standard output."""
    styled = wants_style(sys.stdout)
    shown = []
    for span in spans:
        text, style = (span, "") if isinstance(span, str) else span
        safe = _sanitize(text)
        shown.append(f"\x1b[{_STYLES[style]}m{safe}\x1b[0m" if style and styled else safe)
    _write("".join(shown))


def print_json(value: JsonObject) -> None:
    """Print one object as a line of ASCII."""
    from paperreader.json_codec import to_json_line  # with the models 20 ms, and `--version` prints no papers

    _write(to_json_line(value, ascii_only=True))


def force_utf8() -> None:
    """Write what goes into a file or a pipe as UTF-8, which an export is, whatever the terminal's encoding."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not is_terminal(sys.stdout):
        sys.stdout.reconfigure(encoding="utf-8")


def print_raw(text: str) -> None:
    """Print a line that is fit for a terminal already (of an export or a digest), as it is."""
    _write(text)


def format_paper_count(count: int) -> str:
    """`1 paper`, `1,234 papers`."""
    return f"{count:,} paper{'' if count == 1 else 's'}"


def print_error(message: str) -> None:
    """Print one sentence on standard error."""
    if sys.stderr is not None:
        print(f"paperreader: {_sanitize(message)}", file=sys.stderr, flush=True)


def flush() -> None:
    """Hand over what is still held back, so that a closed pipe or a full disk shows before the exit code is chosen.

    Raises:
        OutputError: it cannot be written.
        BrokenPipeError: nobody reads it any more.
    """
    if sys.stdout is not None:
        with _translate_errors():
            sys.stdout.flush()


def finish_output() -> None:
    """Leave nothing held back. Python writes it when it ends, and would complain where nobody takes it."""
    try:
        flush()
    except (OutputError, BrokenPipeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person is looking."""
    return stream is not None and not stream.closed and stream.isatty()


def wants_style(stream: TextIO | None) -> bool:
    """Whether to send colours: to a terminal that knows them and whose owner has not set NO_COLOR."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO | None = None) -> int | None:
    """Cells a line may take on a stream (standard output); None in a pipe, where nothing is cut."""
    if not is_terminal(stream or sys.stdout):
        return None
    import shutil  # 5 ms

    return shutil.get_terminal_size().columns


def _write(text: str) -> None:
    with _translate_errors():
        print(text)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Standard output failed: a full disk behind a redirection, say."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        from paperreader.storage import os_error_message

        raise OutputError(f"The output could not be written: {os_error_message(error)}.") from error


def _sanitize(text: str) -> str:
    """`printable` folds white space, which at the ends of a piece is layout; printable ASCII needs none of it."""
    if text.isascii() and text.isprintable():
        return text
    start, end = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    return " " * start + _printable(text) + " " * end


def _printable(text: str) -> str:
    from paperreader.text.sanitize import single_line  # 10 ms, and `--version` prints plain ASCII

    return single_line(text)

"""Print text safely: without control characters, styled on a terminal, plain in a pipe.

Text of papers, file names and arguments may hold escape sequences; `single_line` and `clean_output` remove them from
every string that is printed. Styles are added afterwards, and only on a terminal that supports them.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from paperreader.errors import PaperreaderError
from paperreader.text.counts import format_count

if TYPE_CHECKING:
    from paperreader.json_codec import JsonObject

TEXT_WIDTH = 80
"""Maximum width of running text in cells, as in the reader."""

Span = str | tuple[str, str]
"""A part of a line: text, or text and the name of a style."""


class OutputError(PaperreaderError):
    """Standard output cannot be written."""


_STYLES = {"bold": "1", "muted": "2", "user": "33", "link": "34"}
"""SGR parameters. `user` marks what the user entered: marks, notes, settings."""


def configure_streams() -> None:
    """Print characters that the encoding of the terminal lacks as similar ones, and `?` in a pipe, without failing."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if is_terminal(stream):
            from paperreader.tui.terminal.encoding import REPLACE_ERRORS, terminal_encoding

            encoding = terminal_encoding(output_encoding=stream.encoding)
            stream.reconfigure(encoding=encoding, errors=REPLACE_ERRORS)
        else:
            stream.reconfigure(errors="replace")


def print_line(*spans: Span) -> None:
    """Print one line on standard output."""
    styled = wants_style(sys.stdout)
    parts = []
    for span in spans:
        text, style = (span, "") if isinstance(span, str) else span
        safe = _sanitize(text)
        parts.append(f"\x1b[{_STYLES[style]}m{safe}\x1b[0m" if style and styled else safe)
    _write("".join(parts))


def print_json(value: JsonObject) -> None:
    """Print one object as a line of ASCII JSON."""
    from paperreader.json_codec import to_json_line  # 20 ms with the models, which `--version` does not need

    _write(to_json_line(value, ascii_only=True))


def print_raw(text: str) -> None:
    """Print a line of an export, a digest or a script with its layout."""
    from paperreader.text.sanitize import clean_output

    _write(clean_output(text))


def print_error(message: str) -> None:
    """Print one sentence on standard error."""
    if sys.stderr is not None:
        print(f"paperreader: {_sanitize(message)}", file=sys.stderr, flush=True)


def ask(question: str) -> str:
    """Print a question on standard output without a line end, and return the line that the user enters."""
    from paperreader.text.sanitize import clean_output

    with _translate_errors():
        print(clean_output(question), end="", flush=True)
    return sys.stdin.readline()


def force_utf8() -> None:
    """Write to a file or a pipe as UTF-8, regardless of the locale: exports and digests are UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not is_terminal(sys.stdout):
        sys.stdout.reconfigure(encoding="utf-8")


def format_paper_count(count: int) -> str:
    """`1 paper`, `1,234 papers`."""
    return format_count(count, "paper")


def flush() -> None:
    """Write buffered output, so that a closed pipe or a full disk is noticed before the exit code is chosen.

    Raises:
        OutputError: it cannot be written.
        BrokenPipeError: the reading program has ended.
    """
    if sys.stdout is not None:
        with _translate_errors():
            sys.stdout.flush()


def finish_output() -> None:
    """Leave nothing buffered. Otherwise Python writes it at exit, and prints a traceback if that fails."""
    try:
        flush()
    except (OutputError, BrokenPipeError):
        null = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(null, sys.stdout.fileno())
        os.close(null)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is open and connected to a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


def wants_style(stream: TextIO | None) -> bool:
    """Whether to print colors: the stream is a terminal that supports them, and NO_COLOR is not set."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO | None = None) -> int | None:
    """Return the columns of the terminal behind a stream (standard output); None in a pipe, where nothing is cut."""
    if not is_terminal(stream or sys.stdout):
        return None
    import shutil  # 5 ms

    return shutil.get_terminal_size().columns


def _write(text: str) -> None:
    with _translate_errors():
        print(text)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise errors of standard output, such as a full disk, as `OutputError`; but not a closed pipe."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        from paperreader.storage import os_error_message

        raise OutputError(f"Cannot write the output: {os_error_message(error)}.") from error


def _sanitize(text: str) -> str:
    """Return one safe line. White space at both ends is layout and preserved; elsewhere it is collapsed."""
    if text.isascii() and text.isprintable():
        return text
    from paperreader.text.sanitize import single_line  # 10 ms, and `--version` prints only ASCII

    start, end = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    return " " * start + single_line(text) + " " * end

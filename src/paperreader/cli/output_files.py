"""Write documents to files: the options, the format that an extension means, and what may be replaced."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import output
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Parser
    from paperreader.library import Library


def add_output_options(parser: Parser) -> None:
    """Add the options that choose a file."""
    parser.add_argument(
        "--output",
        metavar="FILE",
        help="write to a file, replacing an earlier one (default: print to standard output)",
    )
    parser.add_argument("--no-clobber", action="store_true", help="fail if the file of --output exists")


def goes_to_file(arguments: argparse.Namespace) -> bool:
    """Return whether the document goes to a file, not to standard output."""
    return arguments.output not in {None, "-"}


def choose_format(
    arguments: argparse.Namespace,
    extensions: Mapping[str, str],
    formats: Sequence[str],
    *,
    default: str | None = None,
) -> str:
    """Return the format of `--format`, else that of the file's extension, else the default.

    Args:
        arguments: with `format` and `output`.
        extensions: the format of each extension, such as `.md`.
        formats: the names of all formats.
        default: the format of what goes to standard output, a pipe or a device.

    Raises:
        UsageError: nothing chooses a format.
    """
    if arguments.format:
        return str(arguments.format)
    to_file = goes_to_file(arguments)
    extension = Path(arguments.output).suffix.lower() if to_file else ""
    if extension in extensions:
        return extensions[extension]
    if default is not None and not (to_file and _may_be_regular_file(arguments.output)):
        return default
    known = _enumerate(formats)
    if extension:
        raise UsageError(
            f"Unknown extension {extension}; choose a format with --format ({known}), "
            f"or end the file name in {_enumerate(list(extensions))}."
        )
    ending = f", or end the file name in {_enumerate(list(extensions))}" if to_file else ""
    raise UsageError(f"Choose a format with --format: {known}{ending}.")


def check_destination(library: Library, arguments: argparse.Namespace) -> None:
    """Check that a document goes to no file of this program, and replaces none that must not be replaced.

    Raises:
        UsageError: it goes to a file of this program.
        PaperreaderError: there is such a file.
    """
    if not goes_to_file(arguments):
        with suppress(OSError, ValueError, AttributeError):  # closed, or no file
            library.exports.check_destination(sys.stdout.fileno())
        return
    path = paths.expand_path(arguments.output)
    library.exports.check_destination(path)
    if path.is_dir():
        raise PaperreaderError(f"{arguments.output} is a folder. Add the name of a file.")
    if arguments.no_clobber and path.is_file():
        raise PaperreaderError(f"{arguments.output} exists. Leave out --no-clobber to replace it.")


def write_document(library: Library, lines: Iterable[str], arguments: argparse.Namespace) -> str:
    """Write lines to the file, or print them.

    Returns:
        Where they were written, as the end of a sentence; empty for standard output.

    Raises:
        UsageError: the path is that of a file of this program. For standard output, call `check_destination` first.
        StorageError: the file cannot be written; an earlier one is unchanged.
    """
    if not goes_to_file(arguments):
        output.force_utf8()
        for line in lines:
            output.print_raw(line)
        return ""
    path = paths.expand_path(arguments.output)
    replaced = path.is_file()
    library.exports.write(path, lines)
    return f"written to {arguments.output}{', replacing the earlier file' if replaced else ''}"


def _may_be_regular_file(name: str) -> bool:
    path = paths.expand_path(name)
    return not path.exists() or path.is_file()


def _enumerate(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"

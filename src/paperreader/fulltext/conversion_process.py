"""The program of the child process that converts a page: its arguments are kind and URL of the page."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from importlib import import_module

import msgspec

from paperreader import paths
from paperreader.errors import NotAFullText, StorageError
from paperreader.fulltext.conversion import (
    CONVERTERS,
    MAX_MEMORY_BYTES,
    MAX_PAGE_BYTES,
    MAX_SECONDS,
    TOO_LARGE,
    Conversion,
    PageKind,
)
from paperreader.fulltext.document import Document
from paperreader.fulltext.text_file import pack_document
from paperreader.storage import append_private_file
from paperreader.system.limits import limit_resources
from paperreader.text.sanitize import clean_output


def convert(kind: PageKind, data: bytes, url: str) -> Document:
    """Convert a page in this process.

    Raises:
        NotAFullText: it is none.
    """
    converter = CONVERTERS[kind]
    function = getattr(import_module(f"paperreader.fulltext.{converter.module}"), converter.function)
    document = function(data, url)
    assert isinstance(document, Document)
    return document


def _log(error: Exception) -> None:
    trace = "".join(traceback.format_exception(error))
    with suppress(StorageError):  # the message says enough without the log
        append_private_file(paths.log_file(), clean_output(f"{trace}\n"), max_bytes=paths.MAX_LOG_BYTES)


def conversion_of(kind: PageKind, data: bytes, url: str) -> Conversion:
    """Convert a page in this process; an error is part of the result."""
    try:
        document = convert(kind, data, url)
        return Conversion(
            pack_document(document), document.source, document.arxiv, document.version, document.is_cut
        )
    except NotAFullText as error:
        return Conversion(error=str(error))
    except MemoryError:
        return Conversion(error=TOO_LARGE, is_failure=True)
    except Exception as error:  # the page costs its conversion only, and the log says why
        _log(error)
        message = "The converter failed on the page; the log has the details."
        return Conversion(error=message, is_failure=True)


def main(arguments: list[str]) -> int:
    """Convert standard input, and write a `Conversion` to standard output.

    Args:
        arguments: kind and URL of the page.
    """
    limit_resources(MAX_MEMORY_BYTES, int(MAX_SECONDS))
    kind, url = msgspec.convert(arguments[0], PageKind), arguments[1]
    data = sys.stdin.buffer.read(MAX_PAGE_BYTES[kind])
    sys.stdout.buffer.write(msgspec.msgpack.encode(conversion_of(kind, data, url)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

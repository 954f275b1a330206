"""From a page to a document: which converter reads what, in a child process with limits of time and memory.

Parsers of HTML need time with the square of the nesting, and memory of many times the size of the page. A page that
exceeds the limits costs its conversion, never the program that asked for it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from paperreader.fulltext.document import Document, SourceName
from paperreader.fulltext.errors import ConversionFailed, NotAFullText
from paperreader.fulltext.text_file import pack_document
from paperreader.storage import os_error_message
from paperreader.system.program_output import OutputTooLong, read_output
from paperreader.system.subprocesses import anonymous_file

PageKind = Literal["html", "markdown", "pdf"]

CONVERTER_VERSION = 1
"""To be increased when a converter improves: stored pages are then converted again, without a request."""

MAX_PAGE_BYTES = 16 << 20
"""A longer page is refused. The longest of real papers have 2 MB."""

MAX_SECONDS = 10.0
"""For a page. Real papers take less than a tenth of a second."""

MAX_MEMORY_BYTES = 1 << 30
"""Address space of the child process, where the system can limit it."""

_MAX_RESULT_BYTES = 64 << 20
_PROGRAM = (sys.executable, "-P", "-m", "paperreader.fulltext.conversion")


class Converter(NamedTuple):
    """A function `convert(data, url)` that returns a `Document`, imported in the child process."""

    module: str
    function: str


CONVERTERS: Mapping[PageKind, Converter] = {
    "html": Converter("html", "convert_page"),
    "markdown": Converter("markdown", "convert_markdown"),
    "pdf": Converter("pdf", "convert_pdf"),
}


class Page(Struct, frozen=True):
    """What a service sent, or what a user saved."""

    kind: PageKind
    data: bytes
    url: str
    """Where it came from; of a saved page, what it states; may be empty."""
    etag: str = ""
    fetched: str = ""
    """When (ISO, UTC)."""


class Conversion(Struct, frozen=True):
    """The result of converting a page: a packed document, and what has to be known without unpacking it."""

    document: bytes = b""
    source: SourceName = "arxiv-html"
    arxiv: str = ""
    version: int = 0
    error: str = ""
    """Why the page is not a full text."""


def convert_page_isolated(page: Page) -> Conversion:
    """Convert a page in a child process.

    Raises:
        NotAFullText: it is none.
        ConversionFailed: it exceeds a limit, or the converter failed.
    """
    if len(page.data) > MAX_PAGE_BYTES:
        raise ConversionFailed(f"The page is larger than {MAX_PAGE_BYTES >> 20} MB and is not converted.")
    try:
        with anonymous_file(page.data) as stdin:
            output = read_output(
                [*_PROGRAM, page.kind, page.url],
                timeout=MAX_SECONDS,
                stdin=stdin,
                max_bytes=_MAX_RESULT_BYTES,
                own_session=True,
            )
        result = msgspec.msgpack.decode(output.stdout, type=Conversion)
    except TimeoutError as error:
        raise ConversionFailed(
            f"Converting the page took longer than {MAX_SECONDS:g} seconds and was stopped."
        ) from error
    except (OutputTooLong, msgspec.DecodeError) as error:  # no result: the child ended at a limit
        raise ConversionFailed("The page needs too much memory or time, and is not converted.") from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the URL
        reason = os_error_message(error) if isinstance(error, OSError) else "its address is invalid"
        raise ConversionFailed(f"Cannot convert the page: {reason}.") from error
    if result.error:
        raise NotAFullText(result.error)
    return result


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


def available_sources() -> tuple[SourceName, ...]:
    """Return where full texts can be fetched from, the best first. That of a PDF needs an optional package."""
    has_pdf = find_spec("pypdfium2") is not None
    return ("arxiv-html", "pdf", "huggingface") if has_pdf else ("arxiv-html", "huggingface")


def _limit_resources() -> None:
    """Limit this process, where the system can do so. What inherits a lower limit keeps it."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, wanted in ((resource.RLIMIT_AS, MAX_MEMORY_BYTES), (resource.RLIMIT_CPU, int(MAX_SECONDS))):
        _, hard = resource.getrlimit(limit)
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (allowed, hard))


def main(arguments: list[str]) -> int:
    """Convert standard input, and write a `Conversion` to standard output.

    Args:
        arguments: kind and URL of the page.
    """
    _limit_resources()
    kind, url = arguments
    data = sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
    try:
        document = convert(msgspec.convert(kind, PageKind), data, url)
        result = Conversion(pack_document(document), document.source, document.arxiv, document.version)
    except NotAFullText as error:
        result = Conversion(error=str(error))
    sys.stdout.buffer.write(msgspec.msgpack.encode(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

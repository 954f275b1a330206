"""From a page to a document: which converter reads what, in a child process with limits of time and memory.

Parsers of HTML need time with the square of the nesting, and memory of many times the size of the page. A page that
exceeds the limits costs its conversion, never the program that asked for it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from paperreader.errors import NotAFullText
from paperreader.fulltext.document import SourceName
from paperreader.fulltext.errors import ConversionFailed
from paperreader.storage import os_error_message
from paperreader.system.program_output import OutputTooLong, read_output
from paperreader.system.subprocesses import anonymous_file

PageKind = Literal["html", "markdown", "pdf"]

CONVERTER_VERSION = 2
"""To be increased when a converter improves: stored pages are then converted again, without a request."""

MAX_PAGE_BYTES: Mapping[PageKind, int] = {"html": 16 << 20, "markdown": 16 << 20, "pdf": 64 << 20}
"""A longer page is refused. The longest pages of real papers have 2 MB."""

MAX_SECONDS = 10.0
"""For a page. Real papers take less than a tenth of a second."""

MAX_MEMORY_BYTES = 1 << 30
"""Address space of the child process, where the system can limit it."""

TOO_LARGE = "The page needs too much memory or time, and is not converted."

_MAX_RESULT_BYTES = 64 << 20
_PROGRAM = (sys.executable, "-P", "-m", "paperreader.fulltext.conversion_process")


class Converter(NamedTuple):
    """A function `convert(data, url)` that returns a `Document`, imported in the child process."""

    module: str
    function: str


CONVERTERS: Mapping[PageKind, Converter] = {
    "html": Converter("html", "convert_page"),
    "markdown": Converter("markdown", "convert_markdown"),
    "pdf": Converter("pdf", "convert_pdf"),
}
_KINDS: Mapping[SourceName, PageKind] = {"arxiv-html": "html", "pdf": "pdf", "huggingface": "markdown"}
"""The format of the pages of each source that can be asked for one."""


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
    is_cut: bool = False
    error: str = ""
    """Why the page is not a full text."""
    is_failure: bool = False
    """Whether the error is one of the converter."""


def convert_page_isolated(page: Page) -> Conversion:
    """Convert a page in a child process.

    Raises:
        NotAFullText: it is none.
        ConversionFailed: it exceeds a limit, or the converter failed.
    """
    if len(page.data) > MAX_PAGE_BYTES[page.kind]:
        megabytes = MAX_PAGE_BYTES[page.kind] >> 20
        raise ConversionFailed(f"The page is larger than {megabytes} MB and is not converted.")
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
    except (OutputTooLong, msgspec.DecodeError) as error:  # no result: the system ended it at a limit
        raise ConversionFailed(TOO_LARGE) from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the URL
        reason = os_error_message(error) if isinstance(error, OSError) else "its address is invalid"
        raise ConversionFailed(f"Cannot convert the page: {reason}.") from error
    if result.error:
        raise (ConversionFailed if result.is_failure else NotAFullText)(result.error)
    return result


def available_sources() -> tuple[SourceName, ...]:
    """Return where full texts can be fetched from, the best first. That of a PDF needs an optional package."""
    kinds = {kind for kind in CONVERTERS if kind != "pdf" or find_spec("pypdfium2") is not None}
    return tuple(source for source, kind in _KINDS.items() if kind in kinds)

"""Import a web page that was saved as HTML, with the importer of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TypeAlias, cast

from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.input.other_files import describe_markup, describe_page
from paperreader.models import ImportedEntry, Problem
from paperreader.page_formats import PAGE_FORMATS

_OTHER_PAGE = (
    "a web page, but none of arXiv or Hugging Face Papers with papers on it; "
    "save the page of the papers themselves, or export them as BibTeX"
)
PageReader: TypeAlias = Callable[[str, str, SourceOrigin], Iterator[ImportedEntry | Problem]]
"""`read_page(html, file, origin)`."""


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a saved page.

    Raises:
        UnsupportedContent: it is no page with papers, or contains too much.
    """
    row = next((row for row in PAGE_FORMATS if re.search(row.marker, text, re.IGNORECASE)), None)
    if row is None:
        raise UnsupportedContent(f"is {describe_markup(text) or describe_page(text) or _OTHER_PAGE}")
    reader = cast(PageReader, import_module(f"paperreader.importers.{row.reader_module}").read_page)
    yield from reader(text, file, origin)

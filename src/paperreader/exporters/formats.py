"""The formats that papers can be exported to, one row each.

To add a format, add a module that has a function `render` to this package, and a row here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from msgspec import Struct

from paperreader.errors import UsageError
from paperreader.exporters.clean_items import clean_paper, clean_value
from paperreader.models import Mark, Paper, SourceRecord
from paperreader.text.sanitize import clean_output


class ExportItem(Struct, frozen=True):
    """A paper with everything the library knows about it."""

    paper: Paper
    mark: Mark
    records: tuple[SourceRecord, ...]
    """What each source contains, from which the paper was merged."""


class ExportFormat(NamedTuple):
    """A format of exported files."""

    name: str
    """On the command line."""
    label: str
    description: str
    suffix: str
    """The file name extension."""
    shortcut: str
    """The key that chooses it in the export dialog."""
    module: str
    """Module of `paperreader.exporters` whose `render` writes it; imported when needed."""
    keeps_original: bool = False
    """Whether texts are written exactly as they were imported. The format has to escape all of them in ASCII."""


EXPORT_FORMATS = (
    ExportFormat("bibtex", "BibTeX", "for BibTeX: plain ASCII, accents as TeX", ".bib", "b", "bibtex"),
    ExportFormat("biblatex", "BibLaTeX", "for biber and Zotero: UTF-8, full dates", ".bib", "l", "biblatex"),
    ExportFormat("ris", "RIS", "for Zotero, EndNote and other reference managers", ".ris", "r", "ris"),
    ExportFormat("csv", "CSV", "a table for spreadsheets", ".csv", "c", "csv"),
    ExportFormat("csl-json", "CSL JSON", "for Pandoc, citeproc and Zotero", ".json", "z", "csl_json"),
    ExportFormat("markdown", "Markdown", "a reading list with your notes", ".md", "m", "markdown"),
    ExportFormat("html", "HTML", "a self-contained web page", ".html", "h", "html"),
    ExportFormat("jsonl", "JSON Lines", "all data, one JSON object per line", ".jsonl", "o", "jsonl", True),
)

FORMATS: Mapping[str, ExportFormat] = {row.name: row for row in EXPORT_FORMATS}
"""Every format by its name."""


def render(format: str, papers: Iterable[ExportItem]) -> Iterator[str]:
    """Return the papers in the format with this name, as lines without their ends (one may contain newlines).

    Regardless of the format, the lines contain nothing that controls a terminal or cannot be seen.

    Raises:
        UsageError: there is no such format.
    """
    known = FORMATS.get(format)
    if known is None:
        raise UsageError(f"There is no export format {format}; choose from {', '.join(FORMATS)}.")
    cleaned = papers if known.keeps_original else map(clean_item, papers)
    return map(clean_output, import_module(f"paperreader.exporters.{known.module}").render(cleaned))


def render_text(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Return the papers as plain text, in the same way."""
    from paperreader.exporters import plain_text

    return map(clean_output, plain_text.render(map(clean_item, papers)))


def clean_item(item: ExportItem) -> ExportItem:
    """Return an item without text that controls a terminal or cannot be seen (see `clean_items`)."""
    return ExportItem(clean_paper(item.paper), clean_value(item.mark), clean_value(item.records))

"""Ways out of the library: one module per format, each a generator of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

from paperreader.errors import UsageError
from paperreader.exporters.item import ExportItem


class ExportFormat(NamedTuple):
    """A format, as people choose it."""

    name: str
    """On the command line."""
    label: str
    description: str
    suffix: str
    """What names of such files end in."""
    shortcut: str
    """In a chooser."""
    module: str
    """Where it is written. Imported when it is wanted."""


_ALL = (
    ExportFormat("bibtex", "BibTeX", "for BibTeX: plain ASCII, accents as TeX", ".bib", "b", "bibtex"),
    ExportFormat("biblatex", "BibLaTeX", "for biber and Zotero: UTF-8, whole dates", ".bib", "l", "biblatex"),
    ExportFormat("ris", "RIS", "for Zotero, EndNote and other reference managers", ".ris", "r", "ris"),
    ExportFormat("csv", "CSV", "a table for spreadsheets", ".csv", "c", "csv"),
    ExportFormat("markdown", "Markdown", "a reading list with your notes", ".md", "m", "markdown"),
    ExportFormat("html", "HTML", "a page that needs nothing else", ".html", "h", "html"),
    ExportFormat("jsonl", "JSON Lines", "everything, one object a line", ".jsonl", "o", "jsonl"),
)

FORMATS: Mapping[str, ExportFormat] = {form.name: form for form in _ALL}
"""Every format by the name it has on the command line."""


def render(form: str, papers: Iterable[ExportItem]) -> Iterator[str]:
    """The papers in the format of that name, as lines without their ends (an item may hold several).

    Raises:
        UsageError: there is no such format.
    """
    known = FORMATS.get(form)
    if known is None:
        raise UsageError(f"There is no export format {form}; choose from {', '.join(FORMATS)}.")
    written: Iterator[str] = import_module(f"paperreader.exporters.{known.module}").lines(papers)
    return written


__all__ = ["FORMATS", "ExportFormat", "ExportItem", "render"]

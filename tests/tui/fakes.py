"""Papers in memory and an application for tests of single widgets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

import paperreader.tui
from paperreader.errors import StorageError
from paperreader.models import (
    CODE_FLAG,
    CatalogVersion,
    Link,
    Mark,
    NumericColumns,
    Paper,
    Source,
)
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.paper_list.widget import PaperList
from tests.search.conftest import MemoryTable

LEAST_CONTRAST = ("textual-light", "catppuccin-frappe", "nord")
"""The themes of Textual with the least contrast, which the suite tries; endurance runs try all."""

STYLE_SHEET = Path(paperreader.tui.__file__).with_name("styles") / "panes.tcss"


def make_paper(number: int = 0, **fields: Any) -> Paper:
    """Return a paper with a unique title, unless `fields` has another."""
    given: dict[str, Any] = {
        "id": f"2510.{number:05}",
        "arxiv": f"2510.{number:05}",
        "title": f"Paper number {number}",
        "listed": "2025-10-03",
        "sources": (Source("huggingface", "day.json", "2025-10-03", f"0123456789abcdef:{number}"),),
    }
    return Paper(**{**given, **fields})


def code_link(url: str) -> Link:
    return Link(url, "code", url.split("/")[2])


def read_mark(**fields: Any) -> Mark:
    return Mark(read=(True, 1), **fields)


class FakeTable:
    """A table of the papers in a list. Records which rows were requested."""

    def __init__(self, papers: Sequence[Paper], *, generation: int = 1, damaged: Iterable[int] = ()) -> None:
        self.papers = papers
        self.generation = generation
        self.damaged = frozenset(damaged)
        self.requested_rows: list[int] = []

    @property
    def newest(self) -> Sequence[int]:
        return range(len(self.papers))

    def __len__(self) -> int:
        return len(self.papers)

    def paper(self, row: int) -> Paper:
        self.requested_rows.append(row)
        if row in self.damaged:
            raise StorageError(f"Line {row} of the catalog is damaged; `check --repair` repairs it.")
        return self.papers[row]

    def is_live(self, row: int) -> bool:
        return 0 <= row < len(self.papers)

    def row_of(self, id: str) -> int | None:
        return next((row for row, paper in enumerate(self.papers) if paper.id == id), None)

    def day(self, row: int) -> str:
        return self.papers[row].date

    def votes(self, row: int) -> int | None:
        return self.papers[row].votes

    def comments(self, row: int) -> int | None:
        return self.papers[row].comments

    def stars(self, row: int) -> int | None:
        return self.papers[row].stars

    def flags(self, row: int) -> int:
        return CODE_FLAG if self.papers[row].has_link("code") else 0

    @property
    def columns(self) -> NumericColumns:
        return MemoryTable(tuple(self.papers)).columns

    @property
    def version(self) -> CatalogVersion:
        return CatalogVersion("fake", self.generation, 0, 0)

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        return None


def word_highlighter(query: str) -> Callable[[str], list[tuple[int, int]]]:
    """Return a highlighter for words that start with a word of the query."""
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\w*" for word in query.split()), re.IGNORECASE)
    return lambda text: [found.span() for found in pattern.finditer(text)]


class WidgetApp(App[None]):
    """An application with only the widgets under test and the reader's style sheet."""

    CSS_PATH = STYLE_SHEET
    CSS = "Screen > * { height: 1fr; }"

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.messages: list[Message] = []
        """Messages of the widgets, in order."""

    @on(PaperList.CursorMoved)
    @on(PaperList.Activated)
    @on(Detail.LinkClicked)
    def _record(self, message: Message) -> None:
        self.messages.append(message)

    def compose(self) -> ComposeResult:
        yield from self.widgets


def rendered_lines(widget: Widget) -> list[str]:
    """Return the lines that a widget renders, without trailing spaces."""
    width, height = widget.outer_size
    return [
        "".join(segment.text for segment in strip).rstrip()
        for strip in widget.render_lines(Region(0, 0, width, height))
    ]

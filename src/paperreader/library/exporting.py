"""Exports: select papers, write them in an export format, and cite one paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from paperreader.config.settings import PipeInput
from paperreader.errors import StorageError
from paperreader.exporters import formats
from paperreader.exporters.clean_items import clean_paper
from paperreader.exporters.formats import FORMATS, ExportFormat, ExportItem
from paperreader.json_codec import paper_to_public_json, to_json_line
from paperreader.library.lookup import resolve_row
from paperreader.library.own_files import check_output_descriptor, check_output_path
from paperreader.library.stores import Stores
from paperreader.models import EMPTY_MARK, Paper, SearchHits
from paperreader.storage import atomic_writer, new_file_mode, os_error_message
from paperreader.system.file_status import path_exists
from paperreader.text.sanitize import clean_output

__all__ = [
    "FORMATS",
    "ExportFormat",
    "ExportService",
    "cite_bibtex",
    "cite_markdown",
    "format_extensions",
]


_OTHER_EXTENSIONS = {".markdown": "markdown", ".htm": "html"}


class ExportService:
    """Exports papers of a library.

    Args:
        stores: the stores of the library.
        search: runs a query over them, like `Library.search`.
    """

    def __init__(self, stores: Stores, search: Callable[[str], SearchHits]) -> None:
        self._stores = stores
        self._search = search

    def select_rows(
        self,
        query: str = "",
        *,
        bookmarked: bool = False,
        tags: Sequence[str] = (),
        ids: Sequence[str] | None = None,
    ) -> Sequence[int]:
        """Return the rows of the papers that match the query, have a bookmark, all of the tags, and one of the ids.

        They are in the order of the ids, if given, else in that of the search.

        Raises:
            NotFound, Ambiguous: one of the ids does not identify a paper.
            StorageError: there is a query, and no usable index.
        """
        given = (
            None if ids is None else list(dict.fromkeys(resolve_row(self._stores.table, id) for id in ids))
        )
        if given is not None and not query.strip():
            rows: Sequence[int] = given  # hidden papers too, because they are named
        else:
            hits = self._search(query)
            rows = hits.rows[: hits.match_count]
        if given is not None:
            allowed = set(rows)
            rows = [row for row in given if row in allowed]
        if not bookmarked and not tags:
            return rows
        wanted = set(tags)
        marked = {
            row
            for row, mark in self._stores.live_marks.by_row.items()
            if (mark.bookmarked or not bookmarked) and wanted <= set(mark.tag_names)
        }
        return [row for row in rows if row in marked]

    def check_destination(self, destination: Path | int) -> None:
        """Check that the output goes to no file of this program.

        Args:
            destination: a path, or the descriptor of an open file, such as a redirected standard output.

        Raises:
            UsageError: it does.
        """
        if isinstance(destination, int):
            check_output_descriptor(destination, self._stores.folder)
        else:
            check_output_path(destination, self._stores.folder)

    def write(self, path: Path, lines: Iterable[str]) -> None:
        """Write a file completely or not at all. A pipe or device is written to directly.

        Raises:
            UsageError: it is a file of this program.
            StorageError: it cannot be written.
        """
        self.check_destination(path)
        _write_lines(path, lines)

    def lines(self, rows: Iterable[int], format_name: str) -> Iterator[str]:
        """Generate the papers in an export format, as lines without line ends.

        Raises:
            UsageError: there is no such format.
        """
        return formats.render(format_name, self._items(rows))

    def zotero_items(self, rows: Iterable[int]) -> list[dict[str, Any]]:
        """Return the papers as items of Zotero, with the user's tags and notes."""
        from paperreader.exporters.zotero_items import zotero_item

        return [zotero_item(formats.clean_item(item)) for item in self._items(rows)]

    def pipe_input(self, rows: Iterable[int], kind: PipeInput) -> str:
        """Return the papers as a command reads them, without control characters."""
        if kind == "none":
            return ""
        if kind == "json":
            lines: Iterable[str] = (
                to_json_line(paper_to_public_json(item.paper, item.mark), ascii_only=True)
                for item in self._items(rows)
            )
        else:
            lines = formats.render_text(self._items(rows)) if kind == "text" else self.lines(rows, kind)
        return clean_output("".join(f"{line}\n" for line in lines))

    def _items(self, rows: Iterable[int]) -> Iterator[ExportItem]:
        table, marks = self._stores.table, self._stores.live_marks.by_row
        for row in rows:
            yield ExportItem(table.paper(row), marks.get(row, EMPTY_MARK), table.paper_records(row))


def format_extensions() -> dict[str, str]:
    """Return the name of the format that each extension of a file chooses."""
    extensions = dict(reversed([(each.suffix, each.name) for each in FORMATS.values()]))  # the first one wins
    return {**dict(reversed(extensions.items())), **_OTHER_EXTENSIONS}


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    encoded = (f"{text}\n".encode() for text in lines)
    if path_exists(path) and not path.is_file():
        try:
            with path.open("wb") as device:
                device.writelines(encoded)
        except OSError as error:
            raise StorageError(f"Cannot write {path}: {os_error_message(error)}.") from error
        return
    with atomic_writer(path, mode=_file_mode(path)) as file:
        file.writelines(encoded)


def cite_markdown(paper: Paper) -> str:
    """Return `[Title](URL)` of a paper, or the title alone if it has no page."""
    from paperreader.exporters.markdown import markdown_link
    from paperreader.exporters.prose import plain_title
    from paperreader.text.paper_urls import landing_page

    return clean_output(markdown_link(plain_title(paper), landing_page(paper)))


def cite_bibtex(paper: Paper) -> str:
    """Return a BibTeX entry in ASCII with the fields that a citation needs."""
    from paperreader.exporters.bibtex import bibtex_entry

    return clean_output(bibtex_entry(clean_paper(paper)))


def _file_mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those that a new file gets."""
    return path.stat().st_mode & 0o7777 if path_exists(path) else new_file_mode()

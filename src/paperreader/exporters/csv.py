"""CSV, for spreadsheets and scripts (RFC 4180, but for line ends): one paper a row, a header first.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which is how spreadsheets mark text
themselves; a cell that already begins so gets one more, so that reading it back takes off what was put on. Not every
spreadsheet parts cells at commas: what would begin a cell behind a semicolon, a tab or a line end is marked as well.
https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from paperreader.exporters.item import Exported
from paperreader.text.clean import clean, printable
from paperreader.text.csv_cells import guarded
from paperreader.text.paper_urls import links_best_first, page_of

COLUMNS = (
    *("id", "title", "authors", "date", "published", "listed", "arxiv", "doi", "url", "links", "repo"),
    *("votes", "comments", "stars", "keywords", "summary", "abstract", "bookmarked", "read", "tags", "note"),
    *("journal", "booktitle"),
)


def lines(papers: Iterable[Exported]) -> Iterator[str]:
    """The header, then a row for each paper, which may hold line ends in its cells."""
    yield _row(COLUMNS)
    for item in papers:
        yield _row([guarded(cell) for cell in _cells(item)])


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().removesuffix("\n")


def _cells(item: Exported) -> list[str]:
    paper, mark = item.paper, item.mark
    return [
        paper.id,
        clean(paper.title),
        _joined(paper.authors),
        paper.date,
        paper.published or "",
        paper.listed or "",
        paper.arxiv,
        paper.doi,
        page_of(paper),
        " ".join(link.url for link in links_best_first(paper)),
        paper.repo,
        *("" if count is None else str(count) for count in (paper.votes, paper.comments, paper.stars)),
        _joined(paper.keywords),
        clean(paper.summary),
        clean(paper.abstract),
        "yes" if mark.bookmarked else "",
        "yes" if mark.is_read else "",
        _joined(mark.tag_names),
        clean(mark.note_text),
        clean(paper.journal),
        clean(paper.booktitle),
    ]


def _joined(words: Iterable[str]) -> str:
    """Words parted by semicolons, which no word keeps."""
    return "; ".join(filter(None, (printable(word).replace(";", ",") for word in words)))

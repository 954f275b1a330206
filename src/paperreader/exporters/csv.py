"""Export CSV for spreadsheets and scripts (RFC 4180, except for line ends): a header, then one paper a row.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, as spreadsheets mark text themselves. A
cell that already begins with one gets another, so that the import can remove it. Some spreadsheets split cells at other
delimiters, so what follows a semicolon, a tab or a line end is escaped as well.
https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from paperreader.exporters.formats import ExportItem
from paperreader.text.categories import find_categories
from paperreader.text.csv_cells import escape_formula
from paperreader.text.paper_urls import landing_page, links_by_priority
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode

COLUMNS = (
    *("id", "title", "authors", "date", "published", "listed", "arxiv", "doi", "url", "links", "repo"),
    *("votes", "comments", "stars", "keywords", "summary", "abstract", "bookmarked", "read", "tags", "note"),
    *("journal", "booktitle", "entry_type", "editors", "volume", "number", "pages", "edition", "publisher"),
    *("isbn", "issn", "school", "report_type", "categories"),
)


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield the header, then a row for each paper, whose cells may contain newlines."""
    yield _row(COLUMNS)
    for item in papers:
        yield _row([escape_formula(sanitize(cell)) for cell in _cells(item)])


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().removesuffix("\n")


def _cells(item: ExportItem) -> list[str]:
    paper, mark = item.paper, item.mark
    return [
        paper.id,
        single_line(tex_to_unicode(paper.title)),
        _join(map(tex_to_unicode, paper.authors)),
        paper.date,
        paper.published or "",
        paper.listed or "",
        paper.arxiv,
        paper.doi,
        landing_page(paper),
        " ".join(link.url for link in links_by_priority(paper)),
        paper.repo,
        *("" if count is None else str(count) for count in (paper.votes, paper.comments, paper.stars)),
        _join(map(tex_to_unicode, paper.keywords)),
        tex_to_unicode(paper.summary),
        tex_to_unicode(paper.abstract),
        "yes" if mark.bookmarked else "",
        "yes" if mark.is_read else "",
        _join(mark.tag_names),
        mark.note_text,
        tex_to_unicode(paper.journal),
        tex_to_unicode(paper.booktitle),
        paper.entry_type,
        _join(map(tex_to_unicode, paper.editors)),
        *(tex_to_unicode(text) for text in (paper.volume, paper.number, paper.pages, paper.edition)),
        *(tex_to_unicode(text) for text in (paper.publisher, paper.isbn, paper.issn, paper.school)),
        tex_to_unicode(paper.report_type),
        " ".join(find_categories(paper.categories)),
    ]


def _join(words: Iterable[str]) -> str:
    """Return words joined by semicolons; a word with a semicolon is in quotes, which are doubled inside."""
    return "; ".join(_quote(word) for word in map(single_line, words) if word)


def _quote(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"' if ";" in word or word.startswith('"') else word

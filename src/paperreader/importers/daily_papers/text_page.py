"""A Daily Papers page saved as text, in both layouts in which it is met.

Layout A parts its paragraphs by blank lines: the page's head (`new`, the mail banner, `Subscribe`, sometimes
`Daily Papers`, `byAK and the research community`), a day without a year, then title and abstract in turn. Layout B
has no blank lines and no day, and its first title is glued to `Subscribe`. A file may hold several pages, of either
layout.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice, pairwise

from paperreader.import_formats import TEXT_PAGE
from paperreader.importers.daily_papers.paragraph_labels import Label, is_clearly_a_paper, label_paragraphs
from paperreader.importers.daily_papers.paragraphs import (
    NON_BLANK_LINE,
    Page,
    PageDate,
    Paragraph,
    split_pages,
)
from paperreader.importers.input.content import Content, UnsupportedContent, content_hash, source_origin
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.cell_width import truncate_cells
from paperreader.text.dates import most_recent_date
from paperreader.text.sanitize import single_line
from paperreader.text.url_finder import find_links

SOURCE_KIND = TEXT_PAGE
GUESS_WARNING = (
    "has no sign of a Daily Papers page and was taken for papers by its text alone; "
    "`paperreader import --undo` takes them back"
)
"""What is said of a file that might be something else."""

MAX_LINES = 500_000
"""Lines with something on them; a page has some hundreds. Each costs memory and time, be it ever so short."""


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """The papers of a page, and every paragraph that is neither a part of one nor furniture, as a problem.

    Args:
        content: the page; its name and modification day give the listing day.
        date: the listing day (ISO) where the reader gave one; it overrules the page's.
        today: stands for the modification day where there is none.

    Raises:
        OSError: the file cannot be read.
        Refused: it is no such page, too long, or damaged.
    """
    data = content.read_all()
    decoded = content.decode(data)
    yield from content.encoding_problems(decoded)
    if _has_more_lines(decoded.text, MAX_LINES):
        raise UnsupportedContent(f"has more than {MAX_LINES:,} lines; split it into single pages")
    found = split_pages(decoded.text)
    readings = [(page, label_paragraphs(page.paragraphs)) for page in found]
    if not found:
        raise UnsupportedContent("holds no papers")
    sure = any(page.has_banner for page in found)
    if not (sure or _reads_as_papers(readings)):
        raise UnsupportedContent("does not look like a Daily Papers page; nothing was taken from it")
    origin = source_origin(content, content_hash(data), date=date, today=today)
    place = 0
    for page, labels in readings:
        listed = origin.stated_date or _listed(page.date, content.modified or today)
        for made in _papers(content.name, page.paragraphs, labels):
            if isinstance(made, Problem):
                yield made
                continue
            title, abstract = made
            source = origin.to_source(SOURCE_KIND, place, listed)
            links = find_links(f"{title}\n{abstract}")
            yield ImportedEntry((SourceRecord(title=title, source=source, abstract=abstract, links=links),))
            place += 1
    if not (sure or any(page.has_heading or page.date for page in found)):
        yield Problem(content.name, None, GUESS_WARNING)


def _has_more_lines(text: str, limit: int) -> bool:
    """Whether more than `limit` lines have something on them."""
    if text.count("\n") < limit:
        return False
    return next(islice(NON_BLANK_LINE.finditer(text), limit, None), None) is not None


def _reads_as_papers(readings: list[tuple[Page, list[Label]]]) -> bool:
    """Whether a file without a page's banner is worth believing, because most of it reads as papers.

    A reading as titles and abstracts is found for any text; source code, licences and tables have pairs, too, but few
    that look like papers; in prose paragraph follows paragraph.
    """
    labels = [name for _, names in readings for name in names]
    whole = labels.count("abstract")
    lost = labels.count("title") - whole + labels.count("nothing")
    if whole == 0 or lost > whole:
        return False
    if any(page.has_heading for page, _ in readings):
        return True
    plain = sum(_plain_papers(page.paragraphs, names) for page, names in readings)
    return plain * 2 > whole and plain * 2 >= labels.count("more")


def _plain_papers(paragraphs: list[Paragraph], labels: list[Label]) -> int:
    """How many titles stand right above an abstract, and look like a paper with it."""
    named = zip(paragraphs, labels, strict=True)
    return sum(
        (first, second) == ("title", "abstract") and is_clearly_a_paper(above.text, below.text)
        for (above, first), (below, second) in pairwise(named)
    )


def _listed(day: PageDate | None, not_after: datetime.date) -> str | None:
    if day is None:
        return None
    if day.year is not None:
        return datetime.date(day.year, day.month, day.day).isoformat()
    return most_recent_date(day.month, day.day, not_after)


def _papers(
    file: str, paragraphs: list[Paragraph], labels: list[Label]
) -> Iterator[tuple[str, str] | Problem]:
    """Title and abstract of each paper, and a problem for whatever is missing or left over."""
    title: Paragraph | None = None
    abstract = ""
    orphaned = False

    def finished() -> Iterator[tuple[str, str] | Problem]:
        if title is not None:
            yield title.text, abstract
            if not abstract:
                yield Problem(file, title.line, f"the paper “{_short(title.text)}” has no abstract")

    for paragraph, name in zip(paragraphs, labels, strict=True):
        if name == "title":
            yield from finished()
            title, abstract, orphaned = paragraph, "", False
        elif name == "nothing":
            yield Problem(file, paragraph.line, f"“{_short(paragraph.text)}” is no part of a paper")
        elif title is None or orphaned:
            orphaned = True
            yield Problem(file, paragraph.line, f"an abstract without a title: “{_short(paragraph.text)}”")
        elif abstract:
            abstract += ("\n" if paragraph.is_same_block else "\n\n") + paragraph.text
        else:
            abstract = paragraph.text
    yield from finished()


def _short(text: str) -> str:
    return truncate_cells(single_line(text), 60)

"""Import a Daily Papers page that was saved as text, in both of its layouts.

Layout A separates its paragraphs by blank lines: the header of the page (`new`, the mail banner, `Subscribe`, sometimes
`Daily Papers`, `byAK and the research community`), a date without a year, then titles and abstracts alternately.
Layout B has no blank lines and no date, and its first title follows `Subscribe` without a space. A file may contain
several pages of either layout.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import islice, pairwise

from paperreader.import_formats import TEXT_PAGE
from paperreader.importers.daily_papers import boilerplate, line_signs
from paperreader.importers.daily_papers.cards import UNCERTAIN_PAGE
from paperreader.importers.daily_papers.paragraph_labels import Label, is_clearly_a_paper, label_paragraphs
from paperreader.importers.daily_papers.paragraphs import (
    NON_BLANK_LINE,
    Page,
    PageDate,
    Paragraph,
    split_pages,
)
from paperreader.importers.input.content import Content, UnsupportedContent, content_hash, source_origin
from paperreader.importers.input.mail import is_mail
from paperreader.importers.input.other_files import describe_text
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.cell_width import truncate_cells
from paperreader.text.dates import most_recent_date
from paperreader.text.sanitize import single_line
from paperreader.text.url_finder import find_links

SOURCE_KIND = TEXT_PAGE
GUESS_WARNING = (
    "has no sign of a Daily Papers page and was read as papers because of its text alone; "
    "undo with `paperreader import --undo`"
)
"""Warning about a file that may be something else."""

_NO_PAGE = (
    "does not look like references or a Daily Papers page; export the papers as BibTeX, RIS or a CSV with a column "
    "“Title”, or save the page as HTML"
)

_OTHER_DATE = re.compile(
    r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}\.? (?:de )?[^\W\d]{3,12}\.?(?: (?:de )?[0-9]{4})?"
    r"|[^\W\d]{3,12}\.? [0-9]{1,2}(?:, [0-9]{4})?|[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{4})?"
)
"""The day of a page in another language (`14 mars`, `3月14日`), whose month is not understood."""

MIN_SIGNS = 3
"""Paragraphs such as `Log In` or `5 authors`, of which a page of titles and abstracts alone has none."""

MAX_LINES = 500_000
"""Lines that are not blank; a page has some hundreds. Each one costs memory and time, however short it is."""


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a page, and a problem for every paragraph that is neither part of one nor boilerplate.

    Args:
        content: the page; its name and its modification date determine the listing date.
        date: listing date (ISO) given by the user, which overrides that of the page.
        today: used if the modification date is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is no such page, too long, or damaged.
    """
    data = content.read_all()
    decoded = content.decode(data)
    yield from content.encoding_problems(decoded)
    if _has_more_lines(decoded.text, MAX_LINES):
        raise UnsupportedContent(f"has more than {MAX_LINES:,} lines; split it into single pages")
    found = split_pages(boilerplate.without_quotation(decoded.text))
    labelled_pages = [(page, _labels(page)) for page in found]
    if not found:
        raise UnsupportedContent("contains no papers")
    sure = any(page.has_banner for page in found)
    if not sure and (is_mail(data) or not _looks_like_papers(labelled_pages)):
        kind = describe_text(decoded.text)
        raise UnsupportedContent(f"is {kind}" if kind else _NO_PAGE)
    if _count_signs(found) >= MIN_SIGNS:
        raise UnsupportedContent(UNCERTAIN_PAGE)
    origin = source_origin(content, content_hash(data), date=date, today=today)
    index = 0
    for page, labels in labelled_pages:
        listed = origin.stated_date or _listing_date(page.date, content.modified or today)
        assumed = origin.stated_date is None and page.date is not None and page.date.year is None
        for made in _papers(content.name, page.paragraphs, labels):
            if isinstance(made, Problem):
                yield made
                continue
            title, abstract = made
            source = origin.to_source(SOURCE_KIND, index, listed, is_date_assumed=assumed)
            links = find_links(f"{title}\n{abstract}")
            yield ImportedEntry((SourceRecord(title=title, source=source, abstract=abstract, links=links),))
            index += 1
    if not (sure or any(page.has_heading or page.date for page in found)):
        yield Problem(content.name, None, GUESS_WARNING)


def _count_signs(pages: list[Page]) -> int:
    """Return how many paragraphs are what a page has around its papers, which only other readers can leave out."""
    texts = [paragraph.text for page in pages for paragraph in page.paragraphs]
    return sum(line_signs.sign_of(text) in ("submitted", "authors", "button") for text in texts)


def _labels(page: Page) -> list[Label]:
    """Return the labels of the paragraphs of a page, from which a date in another language is removed."""
    labels = label_paragraphs(page.paragraphs)
    if labels[:2] == ["title", "title"] and _OTHER_DATE.fullmatch(page.paragraphs[0].text):
        del page.paragraphs[0], labels[0]
    return labels


def _has_more_lines(text: str, limit: int) -> bool:
    """Whether more than `limit` lines are not blank."""
    if text.count("\n") < limit:
        return False
    return next(islice(NON_BLANK_LINE.finditer(text), limit, None), None) is not None


def _looks_like_papers(labelled_pages: list[tuple[Page, list[Label]]]) -> bool:
    """Whether most of a file without the banner of a page looks like papers.

    Any text can be labelled as titles and abstracts. Source code, licences and tables yield few pairs that look like
    papers, and prose yields many paragraphs that continue an abstract.
    """
    labels = [name for _, names in labelled_pages for name in names]
    complete = labels.count("abstract")
    lost = labels.count("title") - complete + labels.count("nothing")
    if complete == 0 or lost > complete:
        return False
    if any(page.has_heading for page, _ in labelled_pages):
        return True
    plain = sum(_count_clear_papers(page.paragraphs, names) for page, names in labelled_pages)
    return plain * 2 > complete and plain * 2 >= labels.count("more")


def _count_clear_papers(paragraphs: list[Paragraph], labels: list[Label]) -> int:
    """Return how many titles are directly followed by an abstract, and look like a paper with it."""
    named = zip(paragraphs, labels, strict=True)
    return sum(
        (first, second) == ("title", "abstract") and is_clearly_a_paper(above.text, below.text)
        for (above, first), (below, second) in pairwise(named)
    )


def _listing_date(day: PageDate | None, not_after: datetime.date) -> str | None:
    if day is None:
        return None
    if day.year is not None:
        return datetime.date(day.year, day.month, day.day).isoformat()
    return most_recent_date(day.month, day.day, not_after)


def _papers(
    file: str, paragraphs: list[Paragraph], labels: list[Label]
) -> Iterator[tuple[str, str] | Problem]:
    """Yield title and abstract of each paper, and a problem for whatever is missing or left over."""
    title: Paragraph | None = None
    abstract = ""
    orphaned = False

    def finished() -> Iterator[tuple[str, str] | Problem]:
        if title is not None:
            yield title.text, abstract
            if not abstract:
                yield Problem(file, title.line, f"the paper “{_shorten(title.text)}” has no abstract")

    for paragraph, name in zip(paragraphs, labels, strict=True):
        if name == "title":
            yield from finished()
            title, abstract, orphaned = paragraph, "", False
        elif name == "nothing":
            yield Problem(file, paragraph.line, f"“{_shorten(paragraph.text)}” is not part of a paper")
        elif title is None or orphaned:
            orphaned = True
            yield Problem(file, paragraph.line, f"an abstract without a title: “{_shorten(paragraph.text)}”")
        elif abstract:
            abstract += ("\n" if paragraph.is_same_block else "\n\n") + paragraph.text
        else:
            abstract = paragraph.text
    yield from finished()


def _shorten(text: str) -> str:
    return truncate_cells(single_line(text), 60)

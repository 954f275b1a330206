"""Import the page of a single paper of Hugging Face (`huggingface.co/papers/ID`) as text or Markdown.

The page has `arxiv:ID`, the title, `Published on DATE`, `Authors:` with names between commas, and `Abstract`, which on
newer pages begins with a generated summary. Votes, comments and similar papers around them are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from paperreader.checked_values import checked_date
from paperreader.import_formats import TEXT_PAGE
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.daily_papers import line_signs
from paperreader.importers.daily_papers.cards import join_lines
from paperreader.importers.daily_papers.renderings import breaks_at_hyphens, linked_segments
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.markdown.plain_text import plain
from paperreader.importers.references import fields
from paperreader.models import ImportedEntry, Problem
from paperreader.text.ids import parse_arxiv_id

SOURCE_KIND = TEXT_PAGE

MAX_NAME_CHARS = 80

_ID = re.compile(r"arxiv:\s*([0-9]{4}\.[0-9]{4,5}(?:v[0-9]{1,2})?)", re.IGNORECASE)
_PUBLISHED = re.compile(r"Published on ([A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4})")
_END = re.compile(
    r"(?:view arxiv page|view pdf|add to collection|project page|github|community)\b.{0,60}", re.I
)
_LINK = re.compile(r"\[(GitHub|Project page)\b[^\[\]\n]{0,40}\]\((https?://[^()\s]{1,300})\)", re.IGNORECASE)
_UNDERLINE = re.compile(r"[=-]{3,}")
_SUMMARY_END = "ai-generated summary"


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the paper of a page.

    Raises:
        UnsupportedContent: its title is not where it should be.
    """
    del file
    join = partial(join_lines, breaks_at_hyphens=breaks_at_hyphens(text))
    lines = [line_signs.strip_marks(line) for line in _without_links(text).split("\n")]
    at, name = next(
        ((at, id) for at, line in enumerate(lines) if (id := _arxiv_id(line))),
        (0, ""),
    )
    lines = lines[at + 1 :]
    title = plain(join(_title_lines(lines)))
    if not name or not line_signs.is_title(title):
        raise UnsupportedContent(
            "is the page of a paper of Hugging Face in a form whose title is not certain; use `paperreader add ID`"
        )
    authors, abstract = _index(lines, "authors:"), _index(lines, "abstract")
    written = lines[abstract + 1 :] if abstract is not None else []
    end = next((at for at, line in enumerate(written) if _END.fullmatch(line)), len(written))
    paragraphs = _paragraphs(written[:end])
    split = next((at for at, lines in enumerate(paragraphs) if lines[0].lower() == _SUMMARY_END), -1)
    names = " ".join(lines[authors + 1 : abstract]) if authors is not None and abstract is not None else ""
    day = next((found[1] for line in lines if (found := _PUBLISHED.match(line))), "")
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, 0),
        title=title,
        abstract="\n\n".join(map(join, paragraphs[split + 1 :])),
        authors=[
            " ".join(part.split()) for part in names.split(",") if 0 < len(part.strip()) <= MAX_NAME_CHARS
        ],
        ids=[name],
        urls=[url for _, url in _LINK.findall(text)],
        repository=next((url for label, url in _LINK.findall(text) if label.lower() == "github"), ""),
        published=first_version_date(checked_date(day), name),
    )
    yield ImportedEntry((replace(record, summary=" ".join(map(join, paragraphs[: max(split, 0)]))),))


def _arxiv_id(line: str) -> str:
    found = _ID.fullmatch(line)
    return parse_arxiv_id(found[1]) if found else ""


def _without_links(text: str) -> str:
    """Return a page with the texts of its links, in the lines they are in."""
    pieces: list[str] = []
    line = 1
    for segment in linked_segments(text):
        pieces += ["\n\n" if segment.line > line else " ", segment.text]
        line = segment.line + segment.text.count("\n")
    return "".join(pieces)


def _title_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines of the title: the first text, up to a blank line, an underline or the next field."""
    found: list[str] = []
    for line in lines:
        sign = line_signs.sign_of(line) if line else "empty"
        if sign == "text" and not _UNDERLINE.fullmatch(line):
            found.append(line)
        elif found or sign in ("date", "dot", "submitted", "authors"):
            break
    return found


def _index(lines: Sequence[str], word: str) -> int | None:
    return next((at for at, line in enumerate(lines) if line.lower() == word), None)


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of each paragraph; the note below a summary is a paragraph of its own."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.lower() == _SUMMARY_END:
            found += [[line], []]
        elif line and not _UNDERLINE.fullmatch(line):
            found[-1].append(line)
        else:
            found.append([])
    return [lines for lines in found if lines]

"""Recognise what stands around the papers of a Hugging Face page when a program turns it into text or Markdown.

A card of a paper is `Submitted by NAME`, the votes, the title, on some pages the abstract, then the organization or
`N authors`, a dot, on some pages a date, and counts of stars and comments.
"""

from __future__ import annotations

import re
from typing import Literal

from paperreader.importers.daily_papers import boilerplate
from paperreader.text.dates import MONTH_NAMES, month_day

Sign = Literal["votes", "submitted", "dot", "authors", "date", "button", "empty", "text"]
"""What a line is. `votes` is any number alone on a line, which may also count stars or comments; `button` is what can
be clicked; `empty` is only a mark of a list, an image or a check box; `text` is a title, a name or an abstract."""

WRAPPED_SIGNS: tuple[Sign, ...] = ("button", "votes", "date")
"""What the last line of a wrapped title or paragraph may look like."""

MAX_LINE_CHARS = 200
"""Longer lines are text."""

MAX_TITLE_CHARS = 300
"""Titles have at most 239."""

MAX_SENTENCE_CHARS = 120
"""A longer text of several sentences is an abstract."""

_SENTENCE_BREAK = re.compile(r"[a-z0-9)%][.!?] [A-Z]")

_MARKS = re.compile(
    r"(?:\s|[•*+◦▪□■☆★○●–—⁰](?=\s|\Z)|o(?= )|-(?= )|#{1,6}(?=\s|\Z)|>(?= )|\[[ \xa0xX-]?\](?!\()"
    r"|\[(?:IMG|INLINE|LINK|s|x|[0-9]{1,4})\]|\(BUTTON\)|\[!\[|!\[[^\]\n]{0,100}\](?:\([^)\n]{0,300}\))?)+"
)
_LEADING_MARK = re.compile(
    r"(?:[•*+◦▪□■☆★○●–—⁰](?=\s|\Z)|o(?= )|-(?= )|#{1,6}(?=\s|\Z)|>(?= )|\[[ \xa0xX-]?\](?!\()"
    r"|\[(?:[0-9]{1,4}|IMG|INLINE|LINK|s|x)\]|\(BUTTON\))"
)
_SUBMITTED = re.compile(r"submitted by\b", re.IGNORECASE)
_AUTHORS = re.compile(r"[·•]?\s*[0-9][0-9,.]* authors?", re.IGNORECASE)
_NUMBER = re.compile(r"(?:-|[0-9][0-9,.]{0,9}k?)(?:\s+[0-9][0-9,.]{0,9}k?){0,2}|\+[0-9]{1,4}", re.IGNORECASE)
_DATE = re.compile(
    r"(?:Published on )?([A-Z][a-z]{2,8} [0-9]{1,2}(?:, [0-9]{4})?|20[0-9]{2}-[0-9]{2}-[0-9]{2})(?:\s*[0-9]{1,4})?"
)
_BUTTONS = (
    *(
        "upvote",
        "github",
        "arxiv page",
        "view arxiv page",
        "view pdf",
        "project page",
        "code",
        "hf",
        "paper page",
    ),
    *(
        "copy markdown",
        "add to collection",
        "generate podcast",
        "search by .{0,40}",
        "submit a paper",
        "daily",
    ),
    *(
        "weekly",
        "monthly",
        "trending papers",
        "log ?in",
        "sign up",
        "models",
        "datasets",
        "spaces",
        "buckets",
    ),
    *(
        "buckets new",
        "docs",
        "enterprise",
        "pricing",
        "posts",
        "community",
        "website",
        "tasks",
        "huggingchat",
    ),
    *("collections", "blog", "learn", "discord", "forum", "languages", "organizations", "solutions"),
    *("link: .{0,60}", "hugging ?face.{0,12}"),
)
_BUTTON = re.compile(
    rf"(?:{'|'.join(_BUTTONS)})(?: +[0-9][0-9.,]{{0,9}}[km]?)?(?: arxiv page)?", re.IGNORECASE
)
_FOOTER = re.compile(
    r"previous|next|system theme|company|©.{0,20}hugging ?face.{0,40}|load more|view all", re.IGNORECASE
)
_YEAR = r"20[0-9]{2}"
_MONTH = rf"(?:{'|'.join(MONTH_NAMES)})"
_HEADER = re.compile(
    r"(?:daily|trending) papers|by\b.{0,24}\band the research community"
    r"|(?:\W*(?:daily|weekly|monthly|trending papers|submit a paper|search by arxiv id or title))+"
    rf"|week [0-9]{{1,2}}(?:\W+{_YEAR})?|(?:{_YEAR}\W+)?w(?:eek )?[0-9]{{1,2}}|{_MONTH}(?:\W+{_YEAR})?"
    rf"|{_MONTH} [0-9]{{1,2}}\s?[-–—]\s?(?:{_MONTH} )?[0-9]{{1,2}}(?:\W+{_YEAR})?",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[Sign, re.Pattern[str]], ...] = (
    ("votes", _NUMBER),
    ("authors", _AUTHORS),
    ("dot", re.compile(r"·.*")),
    ("submitted", re.compile(rf"{_SUBMITTED.pattern}.*", re.IGNORECASE)),
    ("button", _BUTTON),
)


def strip_marks(line: str) -> str:
    """Return a line without marks of lists, check boxes and images at its beginning."""
    line = boilerplate.strip_decoration(line)
    found = _MARKS.match(line)
    return line[found.end() :].strip() if found else line


def begins_with_mark(text: str) -> bool:
    """Whether a text begins with what may be a mark of a list or picture, or a part of the text itself."""
    return bool(_LEADING_MARK.match(boilerplate.strip_decoration(text)))


def sign_of(line: str) -> Sign:
    """Return what a line is, without the marks of lists at its beginning."""
    if len(line) > MAX_LINE_CHARS:
        return "text"
    plain = without_pictures(line)
    if not plain:
        return "votes" if line.strip() == "-" else "empty"
    if date_in(plain):
        return "dot" if plain.startswith("·") else "date"
    return next((sign for sign, pattern in _PATTERNS if pattern.fullmatch(plain)), "text")


def date_in(line: str) -> str:
    """Return the date of a paper in a line below its title (`· Published on Oct 4, 2026`); empty if there is none."""
    if len(line) > MAX_LINE_CHARS:
        return ""
    found = _DATE.fullmatch(without_pictures(line).lstrip("·").strip())
    return found[1] if found and month_day(found[1]) else ""


def without_pictures(line: str) -> str:
    """Return a line without marks, and without pairs of brackets, which is how pandoc writes a picture."""
    return strip_marks(line).replace("[]", " ").strip()


def is_footer(line: str) -> bool:
    """Whether a line is below the last card of a page."""
    return len(line) <= MAX_LINE_CHARS and bool(_FOOTER.fullmatch(strip_marks(line)))


def is_header(line: str) -> bool:
    """Whether a line belongs to the header of a page, above its first card."""
    plain = strip_marks(line)
    return len(line) <= MAX_LINE_CHARS and bool(_HEADER.fullmatch(plain) or boilerplate.starts_page(plain))


def is_heading(line: str) -> bool:
    """Whether a line is the heading above the cards, the last part of which names the community."""
    return len(line) <= MAX_LINE_CHARS and "research community" in line.lower()


def is_title(text: str) -> bool:
    """Whether a text may be a title, and is nothing that such a page has around its titles."""
    if not 2 < len(text) <= MAX_TITLE_CHARS or sign_of(text) != "text" or is_footer(text) or is_header(text):
        return False
    if len(text) <= MAX_SENTENCE_CHARS or text[-1] not in ".!?":
        return True
    return len(_SENTENCE_BREAK.findall(text)) < (1 if text.endswith(".") else 2)


def votes_in(text: str) -> int | None:
    """Return the votes in the text of the button to vote (`Upvote 19`, `101`); None if it is none."""
    found = re.search(r"(?<![0-9.,])([0-9]{1,6})\s*\Z", text)
    return int(found[1]) if found else None


_ABBREVIATIONS = ("Inc.", "Ltd.", "Co.", "Corp.", "e.V.")


def is_organization(text: str) -> bool:
    """Whether the last text of a card is the name of an organization and not the end of an abstract."""
    return len(text) <= 100 and (text[-1:] not in ".!?:;" or text.endswith(_ABBREVIATIONS))

"""What a Daily Papers page carries besides papers: banner, buttons, headings, the day."""

from __future__ import annotations

import re

from paperreader.text.dates import month_day

_BANNER = re.compile(r"get trending papers in your email inbox(?: once a day)?!?", re.IGNORECASE)
_OPENING = re.compile(
    r"new|subscribe|daily papers|trending papers|by ?ak and the research community|by|ak|and the research community",
    re.IGNORECASE,
)
"""Lines of a page's head. Alone on its line none of them can be a title or an abstract."""

_HEADING = re.compile(r"(?:daily|trending) papers|by ?ak and the research community", re.IGNORECASE)
"""What of a page's head hardly stands alone on a line anywhere else."""

_CLOSING = re.compile(
    r"previous|next|submitted by|upvote|view all|sign up|log in|load more|daily|weekly|monthly"
    r"|company|tos|privacy|about|careers|website|models|datasets|spaces|pricing|docs|© hugging face",
    re.IGNORECASE,
)
_GLUED_BANNERS = re.compile(
    r"(?:new(?=get trending))?(?:get trending papers in your email inbox(?: once a day)?!)+", re.I
)
_GLUED_AT_END = re.compile(
    r"(?:new)?get trending papers in your email inbox(?: once a day)?!\Z", re.IGNORECASE
)
_BUTTON = "subscribe"
_INVISIBLE = " \t\r\v\f\xa0\u200b\u2028\u2029\ufeff"


def strip_decoration(line: str) -> str:
    """A line without blanks, byte order marks and invisible separators at its ends."""
    return line.strip(_INVISIBLE).strip()


def is_heading(line: str) -> bool:
    """Whether this is the heading of a page of papers."""
    return bool(_HEADING.fullmatch(line))


def starts_page(line: str) -> bool:
    """Whether the line belongs to the head of a page, so that a page begins with it."""
    return len(line) <= 60 and bool(_BANNER.fullmatch(line) or _OPENING.fullmatch(line))


def is_banner(line: str) -> bool:
    """Whether the line is the invitation to subscribe: sure proof of a Daily Papers page."""
    return len(line) <= 60 and bool(_BANNER.fullmatch(line))


def ends_page(line: str) -> bool:
    """Whether the line is a button or a word of the page's foot."""
    return len(line) <= 20 and bool(_CLOSING.fullmatch(line))


def is_date_line(line: str) -> bool:
    """Whether the line is the day of the papers below it (`Mar 14`)."""
    return month_day(line) is not None


def is_button(line: str) -> bool:
    """Whether the line is the button that stands last in a page's head."""
    return line.lower() == _BUTTON


def strip_button(line: str) -> str:
    """A line without the button, and without the banners before it, that lost their line ends (`SubscribeA Title`)."""
    banners = _GLUED_BANNERS.match(line)
    rest = line[banners.end() :].lstrip() if banners else line
    return rest[len(_BUTTON) :].lstrip() if rest.lower().startswith(_BUTTON) else rest


def split_glued_banner(line: str) -> list[str]:
    """The line, and apart from it the banner of the next page where a file without a last line end precedes that."""
    glued = _GLUED_AT_END.search(line)
    return [line[: glued.start()].rstrip(), line[glued.start() :]] if glued and glued.start() else [line]


def end_of_previous_page(line: str) -> str | None:
    """Of the line above a banner what belongs to the page before; None where it holds no `new` of the banner's head.

    A file that ends without a line end has the next file's first word glued to its last.
    """
    rest = line[:-3]
    return rest if line.endswith("new") and rest == rest.rstrip() else None

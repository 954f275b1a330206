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

_CLOSING = re.compile(
    r"previous|next|submitted by|upvote|view all|sign up|log in|load more|daily|weekly|monthly"
    r"|company|tos|privacy|about|careers|website|models|datasets|spaces|pricing|docs|© hugging face",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?:new(?=get trending)|get trending papers in your email inbox(?: once a day)?!?|subscribe)", re.I
)
_INVISIBLE = " \t\r\v\f\xa0\u200b\u2028\u2029\ufeff"


def bare(line: str) -> str:
    """A line without blanks, byte order marks and invisible separators at its ends."""
    return line.strip(_INVISIBLE).strip()


def is_opening(line: str) -> bool:
    """Whether the line belongs to the head of a page, so that a page begins with it."""
    return len(line) <= 60 and bool(_BANNER.fullmatch(line) or _OPENING.fullmatch(line))


def is_banner(line: str) -> bool:
    """Whether the line is the invitation to subscribe: sure proof of a Daily Papers page."""
    return len(line) <= 60 and bool(_BANNER.fullmatch(line))


def is_closing(line: str) -> bool:
    """Whether the line is a button or a word of the page's foot."""
    return len(line) <= 20 and bool(_CLOSING.fullmatch(line))


def is_day(line: str) -> bool:
    """Whether the line is the day of the papers below it (`Mar 14`)."""
    return month_day(line) is not None


def without_glue(line: str) -> str:
    """A line of a page's head without the furniture that lost its line end (`SubscribeA Title`)."""
    while (found := _GLUED.match(line)) and found.end():
        line = line[found.end() :].lstrip()
    return line

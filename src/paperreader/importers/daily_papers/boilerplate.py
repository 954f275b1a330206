"""Recognise the boilerplate of a Daily Papers page: banner, buttons, headings, dates."""

from __future__ import annotations

import re

_BANNER = re.compile(r"get trending papers in your email inbox(?: once a day)?!?", re.IGNORECASE)
_HEADER_LINE = re.compile(
    r"new|subscribe|daily papers|trending papers|by ?ak and the research community|by|ak|and the research community",
    re.IGNORECASE,
)
"""Lines in the header of a page. On a line of its own, none of them can be a title or an abstract."""

_HEADING = re.compile(r"(?:daily|trending) papers|by ?ak and the research community", re.IGNORECASE)
"""Lines of the header that hardly occur alone on a line anywhere else."""

_FOOTER_LINE = re.compile(
    r"previous|next|submitted by|upvote|view all|sign up|log in|load more|daily|weekly|monthly"
    r"|company|tos|privacy|about|careers|website|models|datasets|spaces|pricing|docs|© hugging face",
    re.IGNORECASE,
)
_LEADING_BANNERS = re.compile(
    r"(?:new(?=get trending))?(?:get trending papers in your email inbox(?: once a day)?!)+", re.I
)
_TRAILING_BANNER = re.compile(
    r"(?:new)?get trending papers in your email inbox(?: once a day)?!\Z", re.IGNORECASE
)
_BUTTON = "subscribe"
_INVISIBLE = " \t\r\v\f\xa0\u200b\u2028\u2029\ufeff"


_QUOTED_LINE = re.compile(r"(?m)^[ \t]*>[> \t]*")
_NON_BLANK_LINE = re.compile(r"(?m)^[ \t]*[^\s]")
MIN_QUOTED_SHARE = 0.9
"""Share of quoted lines from which all of a text is taken for the quotation of a mail."""


def without_quotation(text: str) -> str:
    """Return a text that a mail quotes without the angle brackets before its lines; any other text unchanged."""
    quoted = len(_QUOTED_LINE.findall(text))
    if not quoted or quoted < MIN_QUOTED_SHARE * len(_NON_BLANK_LINE.findall(text)):
        return text
    return _QUOTED_LINE.sub("", text)


def strip_decoration(line: str) -> str:
    """Return a line without blanks, byte order marks and invisible separators at its ends."""
    return line.strip(_INVISIBLE).strip()


def is_heading(line: str) -> bool:
    """Whether the line is the heading of a page of papers."""
    return bool(_HEADING.fullmatch(line))


def starts_page(line: str) -> bool:
    """Whether the line is part of the header of a page, so that a page begins with it."""
    return len(line) <= 60 and bool(_BANNER.fullmatch(line) or _HEADER_LINE.fullmatch(line))


def is_banner(line: str) -> bool:
    """Whether the line is the invitation to subscribe, which only Daily Papers pages have."""
    return len(line) <= 60 and bool(_BANNER.fullmatch(line))


def ends_page(line: str) -> bool:
    """Whether the line is a button or a word in the footer of a page."""
    return len(line) <= 20 and bool(_FOOTER_LINE.fullmatch(line))


def is_button(line: str) -> bool:
    """Whether the line is the last button in the header of a page."""
    return line.lower() == _BUTTON


def strip_button(line: str) -> str:
    """Return a line without the button, and the banners before it, that lost their line ends (`SubscribeA Title`)."""
    banners = _LEADING_BANNERS.match(line)
    rest = line[banners.end() :].lstrip() if banners else line
    return rest[len(_BUTTON) :].lstrip() if rest.lower().startswith(_BUTTON) else rest


def split_glued_banner(line: str) -> list[str]:
    """Split off the banner of the next page, which follows directly where a file had no final newline."""
    banner = _TRAILING_BANNER.search(line)
    return [line[: banner.start()].rstrip(), line[banner.start() :]] if banner and banner.start() else [line]


def end_of_previous_page(line: str) -> str | None:
    """Return the part of the line above a banner that belongs to the previous page; None if no `new` ends it.

    If files were concatenated, a file without a final newline has the first word of the next one at its end.
    """
    rest = line[:-3]
    return rest if line.endswith("new") and rest == rest.rstrip() else None

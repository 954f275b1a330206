"""What programs do to a page when they turn it into text or Markdown, and how to undo it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from paperreader.importers.daily_papers.cards import IncompletePage, join_lines
from paperreader.importers.markdown.links import Segment, link_definitions, split_links

_REFERENCES = re.compile(r"(?m)^\s{0,9}References:?[ \t]*$")
_REFERENCE = re.compile(r"(?m)^[ \t]{0,9}(?:\[([0-9]{1,5})\]|([0-9]{1,5})\.)[ \t]+(\S{1,2000})[ \t]*$")
_MARK = re.compile(r"\[([0-9]{1,5})\]")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_URL_LINE = re.compile(r"(?m)^[ \t]*<?(https?://\S{1,2000}?)>?[ \t]*$")
_DEBIAN_HEADING = re.compile(r"(?m)^(\*{4,6}) (\S[^\n]*(?:\n(?!\*)[^\n]+){0,6}?)\s\*{4,6}$")
_DEBIAN_SPACE = re.compile(r"(?<=[^\s_])_(?=[^\s_])")
_DEBIAN_INDEX = re.compile(
    r"(?:^|[^\w'’]|_)(?:[B-HJ-Zb-z]|[^\W\x00-\x7f])_(?=\w)|\\[A-Za-z]{1,20}_|\}_(?=[\w{])"
)
"""What may be the index of a symbol (`L_2`) as well as two words."""

_HTML2TEXT_LIST = re.compile(r"(?m)^  \* \S")
_WRAPPED_AT_HYPHEN = re.compile(r"(?m)[A-Za-z0-9]-$")


def undo_debian_html2text(text: str) -> str:
    """Return the output of Debian's html2text with headings as in Markdown and blanks instead of underscores; any other
    text unchanged.

    Raises:
        IncompletePage: an underscore in a heading may be no blank.
    """
    headings = [found[2] for found in _DEBIAN_HEADING.finditer(text)]
    if not headings:
        return text
    if any(map(_DEBIAN_INDEX.search, headings)):
        raise IncompletePage
    text = _DEBIAN_SPACE.sub(" ", text)
    return _DEBIAN_HEADING.sub(_markdown_heading, text)


def _markdown_heading(found: re.Match[str]) -> str:
    title = join_lines(found[2].split("\n"), breaks_at_hyphens=True)
    return f"\n{'#' * (7 - len(found[1]))} {title}\n\n"


def breaks_at_hyphens(text: str) -> bool:
    """Whether the program that wrapped a text breaks words after their hyphens, as both programs html2text do."""
    is_debian = _DEBIAN_HEADING.search(text) is not None
    return is_debian or (
        _HTML2TEXT_LIST.search(text) is not None and _WRAPPED_AT_HYPHEN.search(text) is not None
    )


def linked_segments(text: str) -> list[Segment]:
    """Return the links and texts of a page: Markdown, links with numbers (lynx), or URLs on lines of their own."""
    references = list(_REFERENCES.finditer(text))
    if references:
        numbered = {
            found[1] or found[2]: found[3] for found in _REFERENCE.finditer(text, references[-1].end())
        }
        if numbered:
            return _numbered_links(text[: references[-1].start()], numbered)
    found: list[Segment] = []
    for segment in split_links(text, link_definitions(text)):
        found += [segment] if segment.url else _url_lines(segment)
    return found


def _numbered_links(text: str, urls: dict[str, str]) -> list[Segment]:
    """Return the links of a text in which each one begins with its number. It ends at the next one or a blank line.

    Programs number links in their order; a number in brackets that is not the next one is part of a text.

    Raises:
        IncompletePage: a number in a text is also that of the link.
    """
    found: list[Segment] = []
    done, line, counted = 0, 1, 0
    marks = list(_marks_in_order(text, urls))
    for index, mark in enumerate(marks):
        line += text.count("\n", counted, mark.start())
        counted = mark.start()
        if text[done : mark.start()].strip():
            found.append(Segment(text[done : mark.start()], "", line))
        following = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        end = _PARAGRAPH_END.search(text, mark.end(), following)
        done = end.start() if end else following
        found.append(Segment(text[mark.end() : done].strip(), urls[mark[1]], line))
    if text[done:].strip():
        found.append(Segment(text[done:], "", line))
    return found


def _marks_in_order(text: str, urls: Mapping[str, str]) -> Iterator[re.Match[str]]:
    expected = 0
    for mark in _MARK.finditer(text):
        number = int(mark[1])
        if number == expected - 1:
            raise IncompletePage
        if mark[1] in urls and expected in (0, number):
            yield mark
            expected = number + 1


def _url_lines(segment: Segment) -> Sequence[Segment]:
    """Return a text with URLs on lines of their own as links: each one belongs to the paragraph before it."""
    found: list[Segment] = []
    done, line = 0, segment.line
    for url in _URL_LINE.finditer(segment.text):
        before = segment.text[done : url.start()]
        *others, last = _PARAGRAPH_END.split(before.strip()) or [""]
        found += [Segment(text, "", line) for text in others if text.strip()]
        found.append(Segment(" ".join(last.split()), url[1], line))
        line += segment.text.count("\n", done, url.end())
        done = url.end()
    rest = segment.text[done:]
    return [*found, Segment(rest, "", line, segment.level)] if rest.strip() else found

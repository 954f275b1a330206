"""A reading list in Markdown (CommonMark), with links, tags, abstracts and notes.

Text of papers stands for itself, whatever signs it is made of; notes are Markdown already, and go in as quotations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.item import Exported
from paperreader.exporters.prose import abstract_of, byline, facts, links, parted, title_of
from paperreader.text.clean import clean, printable
from paperreader.text.markdown import escaped, without_tags


def lines(papers: Iterable[Exported]) -> Iterator[str]:
    """A heading, then a section for each paper."""
    yield "# Reading list\n"
    for item in papers:
        yield "\n".join(_section(item))


def link(title: str, page: str) -> str:
    """`[title](page)`, as a link where there is a page, the title alone where there is none."""
    return f"[{escaped(title)}]({_target(page)})" if page else escaped(title)


def _section(item: Exported) -> Iterator[str]:
    star = " ★" if item.mark.bookmarked else ""
    yield f"## {link(title_of(item.paper), links(item.paper)[0][1])}{star}\n"
    if names := byline(item.paper):
        yield f"{escaped(names)}  "
    yield f"{escaped(facts(item.paper))}\n"
    listed = [f"- {label}: <{url}>" for label, url in links(item.paper)[1:]]
    if listed:
        yield "\n".join(listed) + "\n"
    if tags := item.mark.tag_names:
        yield "Tags: " + ", ".join(escaped(printable(tag)) for tag in tags) + "\n"
    for paragraph in abstract_of(item.paper):
        yield f"{_paragraph(paragraph)}\n"
    if note := clean(item.mark.note_text).strip("\n"):
        yield "\n".join(f"> {line}".rstrip() for line in without_tags(note).split("\n")) + "\n"


def _paragraph(text: str) -> str:
    """Running text, with its addresses as links."""
    shown = []
    for part, url in parted(text):
        before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
        shown.append(f"<{url}>" if url else f"{before}{escaped(part)}{after if part.strip() else ''}")
    return "".join(shown)


def _target(page: str) -> str:
    """An address where a parenthesis would end it."""
    return f"<{page}>" if "(" in page or ")" in page else page

"""Export a reading list in Markdown (CommonMark), with links, tags, abstracts and notes.

Text of papers is escaped. Notes are Markdown already, and are inserted as quotations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.formats import ExportItem
from paperreader.exporters.prose import (
    abstract_paragraphs,
    author_line,
    generated_texts,
    labelled_links,
    metadata_line,
    plain_title,
    split_links,
)
from paperreader.text.markdown import escape_html_tags, escape_markdown
from paperreader.text.sanitize import sanitize, single_line


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield a heading, then a section for each paper."""
    yield "# Reading list\n"
    for item in papers:
        yield "\n".join(_section(item))


def markdown_link(title: str, page: str) -> str:
    """Return `[title](page)`, or only the title if there is no page."""
    return f"[{escape_markdown(title)}]({_target(page)})" if page else escape_markdown(title)


def _section(item: ExportItem) -> Iterator[str]:
    star = " ★" if item.mark.bookmarked else ""
    yield f"## {markdown_link(plain_title(item.paper), labelled_links(item.paper)[0][1])}{star}\n"
    if names := author_line(item.paper):
        yield f"{escape_markdown(names)}  "
    yield f"{escape_markdown(metadata_line(item.paper))}\n"
    listed = [f"- {label}: <{url}>" for label, url in labelled_links(item.paper)[1:]]
    if listed:
        yield "\n".join(listed) + "\n"
    if tags := item.mark.tag_names:
        yield "Tags: " + ", ".join(escape_markdown(single_line(tag)) for tag in tags) + "\n"
    for paragraph in abstract_paragraphs(item.paper):
        yield f"{_paragraph(paragraph)}\n"
    if note := sanitize(item.mark.note_text).strip("\n"):
        yield _quotation(escape_html_tags(note))
    for highlight in item.mark.passages:
        yield _quotation(f"«{escape_markdown(single_line(highlight.quote))}»")
        if comment := sanitize(highlight.comment).strip("\n"):
            yield f"{escape_html_tags(comment)}\n"
    for label, text in generated_texts(item.mark):
        yield f"*{escape_markdown(label)}*\n"
        yield _quotation(escape_html_tags(text))


def _quotation(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) + "\n"


def _paragraph(text: str) -> str:
    """Return running text with its URLs as links."""
    shown = []
    for part, url in split_links(text):
        before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
        shown.append(f"<{url}>" if url else f"{before}{escape_markdown(part)}{after if part.strip() else ''}")
    return "".join(shown)


def _target(page: str) -> str:
    """Return a link target, in angle brackets if it contains a parenthesis."""
    return f"<{page}>" if "(" in page or ")" in page else page

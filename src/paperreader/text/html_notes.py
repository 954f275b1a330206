"""Convert the HTML notes of other programs, such as Zotero, to Markdown.

A one-line tokenizer is enough: tags without a Markdown equivalent are dropped, and nothing is interpreted. A Markdown
note that looks like HTML is exported inside `<pre class="markdown">`, and imported unchanged.
"""

from __future__ import annotations

import re
from html import escape, unescape

from paperreader.text.urls import safe_url

_OPENING_TAG = re.compile(r"\s*<(p|div|h[1-6]|ul|ol|blockquote|pre)(?:\s[^<>]*)?>", re.IGNORECASE)
_EXPORTED_NOTE = re.compile(r"\s*<pre class=\"markdown\">([^<]*)</pre>\s*")
_NOTE_SEPARATOR = re.compile(r"(</(?:p|div|h[1-6]|ul|ol|blockquote|pre)>);(?=\s{0,9}<)", re.IGNORECASE)
"""Between several notes in one cell of a table."""
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/?>|[^<]+|<")
_HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")

_INLINE_MARKUP = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCK_TAGS = _HEADINGS | {"p", "div", "table", "pre", "ul", "ol", "blockquote"}
_LINE_TAGS = frozenset(("br", "tr", "li", "hr"))
_MAX_NESTING = 8
"""Levels of nested lists and quotations; deeper ones are indented like this one."""


def looks_like_html(note: str) -> bool:
    """Whether a note begins with an HTML element that is also closed."""
    begins = _OPENING_TAG.match(note)
    return begins is not None and f"</{begins[1].lower()}>" in note.lower()


def html_to_markdown(note: str) -> str:
    """Return an HTML note as Markdown; any other note unchanged."""
    if own := _EXPORTED_NOTE.fullmatch(note):
        return unescape(own[1])
    if not looks_like_html(note):
        return note
    builder = _MarkdownBuilder()
    for token in _TOKEN.finditer(_NOTE_SEPARATOR.sub(r"\1", note)):
        if not token[2]:
            builder.add_text(unescape(token[0]))
        elif token[1]:
            builder.end_tag(token[2].lower())
        else:
            builder.start_tag(token[2].lower(), token[3])
    return builder.text


def markdown_to_html_note(note: str) -> str:
    """Return a note for a program that interprets notes as HTML if they look like it."""
    return f'<pre class="markdown">{escape(note, quote=False)}</pre>' if looks_like_html(note) else note


class _MarkdownBuilder:
    """Builds lines of Markdown from the tags and the text of a note."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._lists: list[str] = []
        self._links: list[str] = []
        self._quotes, self._in_pre, self._line_prefix = 0, False, ""

    @property
    def text(self) -> str:
        lines = [*self._lines, "".join(self._line)]
        return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()

    def add_text(self, text: str) -> None:
        """Add text; white space is collapsed except in `<pre>`."""
        if self._in_pre:
            *lines, last = text.split("\n")
            for line in lines:
                self._line.append(line)
                self._end_line()
            self._line.append(last)
            return
        text = _WHITE_SPACE.sub(" ", text)
        if not self._line and (text := text.lstrip(" ")):
            self._line.append("> " * min(self._quotes, _MAX_NESTING) + self._line_prefix)
            self._line_prefix = ""
        if text:
            self._line.append(text)

    def start_tag(self, tag: str, attributes: str) -> None:
        if tag in _BLOCK_TAGS or tag in _LINE_TAGS:
            self._break(gap=tag in _BLOCK_TAGS and not self._lists)
        if tag in ("ul", "ol"):
            self._lists.append("- " if tag == "ul" else "1. ")
        elif tag == "li":
            depth = min(max(0, len(self._lists) - 1), _MAX_NESTING)
            self._line_prefix = "  " * depth + (self._lists[-1] if self._lists else "- ")
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._fence()
            self._in_pre = True
        elif tag in _HEADINGS:
            self._line_prefix = "#" * int(tag[1]) + " "
        elif tag == "a":
            found = _HREF.search(attributes)
            url = safe_url(unescape(found[1] or found[2] or "")) if found else None
            self._links.append(url or "")
            self.add_text("[" if url else "")
        else:
            self.add_text("  " if tag in ("td", "th") else _INLINE_MARKUP.get(tag, ""))

    def end_tag(self, tag: str) -> None:
        if tag == "a" and self._links:
            url = self._links.pop()
            self.add_text(f"](<{url}>)" if "(" in url or ")" in url else f"]({url})" if url else "")
        elif tag == "pre" and self._in_pre:
            self._in_pre = False
            self._fence()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "blockquote" and self._quotes:
            self._break(gap=True)
            self._quotes -= 1
        elif tag in _INLINE_MARKUP:
            self.add_text(_INLINE_MARKUP[tag])
        if tag in _BLOCK_TAGS:
            self._break(gap=not self._lists)

    def _break(self, *, gap: bool) -> None:
        """Start a new line, after an empty one if `gap`."""
        if self._line:
            self._end_line()
        if gap and self._lines and self._lines[-1]:
            self._lines.append("")

    def _fence(self) -> None:
        if self._line:
            self._end_line()
        self._lines.append("```")

    def _end_line(self) -> None:
        self._lines.append("".join(self._line))
        self._line = []

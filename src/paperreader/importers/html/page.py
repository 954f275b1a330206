"""Find elements of a page by tag and class, and get their text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from paperreader.importers.html.tokens import VOID, iter_tokens

_BLOCKS = frozenset(
    (
        *(
            "p",
            "div",
            "br",
            "li",
            "ul",
            "ol",
            "tr",
            "td",
            "th",
            "table",
            "dl",
            "dt",
            "dd",
            "section",
            "article",
        ),
        *(
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "figure",
            "header",
            "footer",
            "nav",
            "hr",
            "form",
        ),
    )
)
_URL_WORDS = re.compile(r"this \w{3,5} URL")
_SAVED_FROM = re.compile(r"(?:saved from url=\([0-9]{1,6}\)|\n\s{0,9}url:\s)(https?://[^\s<>\"]{1,500})")
"""A comment that browsers and SingleFile write into the pages they save."""

MAX_COMMENT_OFFSET = 4000

_WRAPPED_TEX = re.compile(r"%\s*\n\s*")


class Element(Struct, frozen=True):
    """An element of a page."""

    name: str
    attributes: Mapping[str, str]
    first: int
    """Index of its start tag among the tokens of the page."""
    end: int
    """Index of its end tag; that of its start tag if it is never closed."""

    def has_class(self, name: str) -> bool:
        return name in self.attributes.get("class", "").split()


class HtmlPage:
    """The elements of a page. One that is never closed is empty."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._tokens = list(iter_tokens(html))

    @cached_property
    def _ends(self) -> dict[int, int]:
        """The index of the end tag of each start tag. An end tag closes the last open element of its name."""
        found: dict[int, int] = {}
        opened: dict[str, list[int]] = {}
        for index, token in enumerate(self._tokens):
            if token.is_end:
                if opened.get(token.name):
                    found[opened[token.name].pop()] = index
            elif token.name and token.name not in VOID and not token.source.endswith("/"):
                opened.setdefault(token.name, []).append(index)
        return found

    @property
    def root(self) -> Element:
        """The whole page as an element, also if it was cut."""
        return Element("", {}, -1, len(self._tokens))

    @cached_property
    def metadata(self) -> Mapping[str, list[str]]:
        """The contents of the `meta` elements by their name or property in lower case, in their order."""
        found: dict[str, list[str]] = {}
        for element in self.find_all("meta"):
            attributes = element.attributes
            name = attributes.get("name") or attributes.get("property") or ""
            found.setdefault(name.lower(), []).append(attributes.get("content", "").strip())
        return found

    def find_all(self, *names: str, class_name: str = "", inside: Element | None = None) -> Iterator[Element]:
        """Yield the elements with one of the names (any, if none is given) and the class, in their order.

        Elements inside one of them are left out, so that reading the text of all takes linear time.
        """
        at, end = (inside.first + 1, inside.end) if inside else (0, len(self._tokens))
        while at < end:
            token = self._tokens[at]
            at += 1
            if not token.name or token.is_end or (names and token.name not in names):
                continue
            if class_name in token.source:
                found = Element(token.name, token.attributes, at - 1, self._ends.get(at - 1, at - 1))
                if not class_name or found.has_class(class_name):
                    yield found
                    at = max(found.end, at)

    def find(self, *names: str, class_name: str = "", inside: Element | None = None) -> Element | None:
        """Return the first element with one of the names and the class, or None."""
        return next(self.find_all(*names, class_name=class_name, inside=inside), None)

    def find_id(self, id: str) -> Element | None:
        """Return the element with this id, or None."""
        for at, token in enumerate(self._tokens):
            if id in token.source and not token.is_end and token.attributes.get("id") == id:
                return Element(token.name, token.attributes, at, self._ends.get(at, at))
        return None

    @property
    def addresses(self) -> Iterator[str]:
        """What may be the URL of the page, most reliable first: those it states, and where it was saved from."""
        for link in self.find_all("link"):
            if link.attributes.get("rel") == "canonical":
                yield link.attributes.get("href", "")
        yield from self.metadata.get("og:url", [])
        yield from (element.attributes.get("href", "") for element in self.find_all("base"))
        if found := _SAVED_FROM.search(self._html, 0, MAX_COMMENT_OFFSET):
            yield found[1]

    def text(self, element: Element | None, *, without: Collection[str] = ()) -> str:
        """Return the text of an element, one line for each block in it; empty for None.

        Formulas are their TeX between dollars, and a link named "this https URL" is its URL.

        Args:
            element: one of this page.
            without: names and classes of elements that are left out.
        """
        if element is None:
            return ""
        pieces: list[str] = []
        at = element.first + 1
        while at < element.end:
            token = self._tokens[at]
            end = self._ends.get(at, at)
            if not token.name:
                pieces.append(token.text.replace("\n", " "))
            elif token.name in _BLOCKS:
                pieces.append("\n")
            if token.name and not token.is_end and (shown := self._replacement(at, end, without)) is not None:
                pieces.append(shown)
                at = end
            at += 1
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def _replacement(self, at: int, end: int, without: Collection[str]) -> str | None:
        """Return what replaces an element in a text; None if that is its own text."""
        token = self._tokens[at]
        if token.name == "math" and "alttext" in token.source:
            return f"${_WRAPPED_TEX.sub('', token.attributes.get('alttext', '')).strip()}$"
        if token.name == "a" and end == at + 2 and _URL_WORDS.fullmatch(self._tokens[at + 1].text.strip()):
            return token.attributes.get("href")
        if without and (
            token.name in without or not set(token.attributes.get("class", "").split()).isdisjoint(without)
        ):
            return ""
        return None

"""Parse Atom, RSS and other XML into items, as a stream: the fields of each item by namespace and name."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator

from msgspec import Struct, field

from paperreader.importers.input.content import MAX_CONTENT_BYTES, Content, UnsupportedContent
from paperreader.importers.input.streams import read_xml
from paperreader.models import Problem
from paperreader.text.sanitize import single_line

ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
RSS = ("", "http://purl.org/rss/1.0/", "http://backend.userland.com/rss2")
"""RSS 2.0 has no namespace of its own."""

MAX_DEPTH = 50
MAX_ITEM_LENGTH = 4 * 1024 * 1024
"""Characters of one item; an abstract has two thousand, a list of a thousand authors thirty thousand."""
MAX_DAY_LENGTH = 60
MAX_FIELDS = 20_000
"""Elements of one item."""

_TERMS = frozenset(("category", "primary_category"))
"""Elements of Atom whose text is in the attribute `term`."""

_ROOTS = {(ATOM, "feed"), (ATOM, "entry"), ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "RDF")} | {
    (space, "rss") for space in RSS
}
_FEED_DAYS = frozenset(
    [*((space, name) for space in RSS for name in ("pubDate", "lastBuildDate")), (DUBLIN_CORE, "date")]
)
_ITEMS = {(ATOM, "entry")} | {(space, "item") for space in RSS}

Name = tuple[str, str]
"""Namespace and local name; the namespaces of RSS are replaced by the empty one."""


class XmlLayout(NamedTuple):
    """The elements of a format."""

    roots: Set[Name]
    items: Set[Name]
    unsupported: str
    """What a document with another root is."""
    text_items: Set[Name] = frozenset()
    """Items with nothing but a text, which is their only field."""


FEEDS = XmlLayout(_ROOTS, _ITEMS, "is XML, but neither an Atom nor an RSS feed")


class FeedItem(Struct):
    """One entry of a feed."""

    line: int
    fields: list[tuple[Name, str]] = field(default_factory=list)
    """Its elements in order, each with all its text; nested elements as well as those around them."""
    feed_day: str = ""
    """The day of the feed as it is written there, if that is before its entries."""

    def texts(self, space: str, name: str) -> list[str]:
        """Return the texts of the elements with this name."""
        return [text for found, text in self.fields if found == (space, name)]

    def text(self, space: str, name: str) -> str:
        """Return the text of the first element with this name, or empty."""
        return next(iter(self.texts(space, name)), "")


def parse_items(content: Content, layout: XmlLayout = FEEDS) -> Iterator[FeedItem | Problem]:
    """Yield the entries of a feed, and problems with its encoding and its XML, of which the damaged end is not read.

    Raises:
        UnsupportedContent: it is no feed, declares entities or a document type, or contains too much.
    """
    from xml.sax import SAXException, SAXParseException

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    handler = _Handler(parser, layout)
    parser.setContentHandler(handler)
    length = 0
    damage: tuple[int | None, str] | None = None
    try:
        for chunk in read_xml(content):
            if isinstance(chunk, Problem):
                yield chunk
                continue
            length += len(chunk)
            if length > MAX_CONTENT_BYTES:
                raise UnsupportedContent(
                    f"is longer than {MAX_CONTENT_BYTES >> 20} MB; what follows was not read"
                )
            parser.feed(chunk)
            yield from handler.pop_items()
        parser.close()
    except DefusedXmlException as error:
        raise UnsupportedContent(
            "declares a document type or entities, which no feed does; it was not read"
        ) from error
    except SAXParseException as error:
        damage = error.getLineNumber(), error.getMessage()
    except (SAXException, ValueError, LookupError):
        damage = None, "its encoding is unknown or invalid"
    yield from handler.pop_items()
    if damage:
        line, why = damage
        yield Problem(content.name, line, f"is not valid XML ({single_line(why)}); what follows was not read")


class _Handler(ContentHandler):
    """Collects items, and discards everything around them."""

    def __init__(self, parser: Locator, layout: XmlLayout) -> None:
        super().__init__()
        self._parser, self._layout = parser, layout
        self._depth = 0
        self._items: list[FeedItem] = []
        self._item: FeedItem | None = None
        self._item_depth = 0
        self._open: list[tuple[int, list[str]]] = []
        """The open elements of the item: the index of each among its fields, and its text so far."""
        self._length = 0
        self._feed_day = ""
        self._in_feed_day = False

    def pop_items(self) -> list[FeedItem]:
        """Return the items that were completed since the last call."""
        done, self._items = self._items, []
        return done

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        del qname
        here = (name[0] or "", name[1])
        if not self._depth and here not in self._layout.roots:
            raise UnsupportedContent(self._layout.unsupported)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnsupportedContent("has elements that are nested too deeply")
        if self._item is not None:
            term = str(attrs.get((None, "term"), "")) if here[1] in _TERMS else ""
            self._length += len(term)
            self._open.append((len(self._item.fields), [term] if term else []))
            self._item.fields.append((("" if here[0] in RSS else here[0], here[1]), ""))
            if len(self._item.fields) > MAX_FIELDS:
                raise UnsupportedContent("has an entry with far too many elements; what follows was not read")
        elif here in self._layout.items or here in self._layout.text_items:
            self._item = FeedItem(self._line(), feed_day=self._feed_day.strip())
            self._item_depth, self._length = self._depth, 0
            if here in self._layout.text_items:
                self._open.append((0, []))
                self._item.fields.append((here, ""))
        elif here in _FEED_DAYS and not self._feed_day:
            self._in_feed_day = True

    def characters(self, content: str) -> None:
        if self._in_feed_day:
            self._feed_day = (self._feed_day + content)[:MAX_DAY_LENGTH]
        if not self._open:
            return
        self._length += len(content)
        if self._length > MAX_ITEM_LENGTH:
            raise UnsupportedContent("has an entry that is far too long; what follows was not read")
        self._open[-1][1].append(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        del name, qname
        self._in_feed_day = False
        if self._item is not None and self._open:
            index, pieces = self._open.pop()
            text = "".join(pieces)
            self._item.fields[index] = (self._item.fields[index][0], text)
            if self._open:
                self._open[-1][1].append(text)
        if self._item is not None and self._depth == self._item_depth:
            self._items.append(self._item)
            self._item = None
        self._depth -= 1

    def _line(self) -> int:
        return int(self._parser.getLineNumber() or 1)

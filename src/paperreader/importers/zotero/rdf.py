"""Import Zotero RDF, which Zotero exports by default: items, with their journals and notes as resources of their own.

https://github.com/zotero/translators/blob/master/Zotero%20RDF.js. An item refers to its journal (`dcterms:isPartOf`)
and its notes (`dcterms:isReferencedBy`) by the URI in their `rdf:about`, or contains them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.zotero import items as zotero_items
from paperreader.importers.zotero.items import ZoteroItem
from paperreader.models import ImportedEntry, Problem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SOURCE_KIND = "zotero-rdf"

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_Z = "{http://www.zotero.org/namespaces/export#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_BIB = "{http://purl.org/net/biblio#}"
_FOAF = "{http://xmlns.com/foaf/0.1/}"
_PRISM = "{http://prismstandard.org/namespaces/1.2/basic/}"
_LINK = "{http://purl.org/rss/1.0/modules/link/}"

_SERIES = (f"{_BIB}Series", f"{_Z}Website")
_TEXTS = {
    "abstract": f"{_TERMS}abstract",
    "date": f"{_DC}date",
    "extra": f"{_DC}description",
    "pages": f"{_BIB}pages",
    "edition": f"{_PRISM}edition",
    "volume": f"{_PRISM}volume",
    "number": f"{_PRISM}number",
    "type": f"{_Z}type",
    "archive_id": f"{_Z}archiveID",
}


def read_entries(text: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the items of a library, with the user's notes and tags; one without a title is a problem.

    Raises:
        UnsupportedContent: it is not well-formed, or declares a document type.
    """
    document = _Document(_parse(text))
    index = 0
    for element in document.items:
        kind = _text(element, f"{_Z}itemType")
        if not _text(element, f"{_DC}title"):
            yield Problem(file, None, f"an item of the type “{kind[:40]}” has no title")
            continue
        yield zotero_items.to_entry(document.item(element, kind), SOURCE_KIND, origin, index)
        index += 1
    if count := document.separate_notes:
        yield Problem(file, None, f"notes that belong to no item were not imported: {count:,}")


def _parse(text: str) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(text.lstrip("\ufeff \t\r\n"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnsupportedContent(
            "declares a document type, which no export of Zotero does; it was not read"
        ) from error
    except ParseError as error:
        line, _ = error.position
        raise UnsupportedContent(f"is Zotero RDF, but damaged in line {line}; export it again") from error
    return root


class _Document:
    """The resources of a library by their URI."""

    def __init__(self, root: Element) -> None:
        self._resources = {about: element for element in root if (about := element.get(f"{_RDF}about"))}
        self._uses = Counter(
            target for part in root.iter(f"{_TERMS}isPartOf") if (target := part.get(f"{_RDF}resource"))
        )
        self.items = [
            element
            for element in root
            if (kind := _text(element, f"{_Z}itemType")) and kind not in zotero_items.NO_PAPERS
        ]
        memos = {about for about, element in self._resources.items() if element.tag == f"{_BIB}Memo"}
        used = {part.get(f"{_RDF}resource") for part in root.iter(f"{_TERMS}isReferencedBy")}
        self.separate_notes = len(memos - used)

    def item(self, element: Element, kind: str) -> ZoteroItem:
        """Return an item with what it refers to."""
        containers = self._containers(element)
        shared = {part.get(f"{_RDF}resource") for part in element.findall(f"{_TERMS}isPartOf")}
        own = [part for part in containers if all(self._uses[uri or ""] < 2 for uri in shared)]
        identifiers = [text for part in (element, *own) for text in _identifiers(part)]
        publications = [part for part in containers if part.tag not in _SERIES]
        texts = {
            name: next((text for part in (element, *containers) if (text := _text(part, tag))), "")
            if tag.startswith(_PRISM)
            else _text(element, tag)
            for name, tag in _TEXTS.items()
        }
        texts |= {name: _identifier(identifiers, name.upper()) for name in ("doi", "isbn", "issn")}
        texts["publisher"] = _text(element, f"{_DC}publisher/{_FOAF}Organization/{_FOAF}name")
        about = element.get(f"{_RDF}about", "")
        urls = [*_urls(element), about if about.startswith(("http://", "https://")) else ""]
        subjects = element.findall(f"{_DC}subject")
        return ZoteroItem(
            kind,
            _text(element, f"{_DC}title"),
            texts,
            authors=_people(element, f"{_BIB}authors") or _people(element, f"{_Z}presenters"),
            editors=_people(element, f"{_BIB}editors"),
            container=next((text for part in publications if (text := _text(part, f"{_DC}title"))), ""),
            conference=_text(element, f"{_BIB}presentedAt/{_BIB}Conference/{_DC}title"),
            urls=tuple(dict.fromkeys(filter(None, urls))),
            attachments=tuple(url for part in self._targets(element, f"{_LINK}link") for url in _urls(part)),
            tags=tuple(filter(None, ((subject.text or "").strip() for subject in subjects))),
            automatic_tags=tuple(
                filter(None, (_text(tag, f"{_Z}AutomaticTag/{_RDF}value") for tag in subjects))
            ),
            notes=tuple(
                _text(part, f"{_RDF}value") for part in self._targets(element, f"{_TERMS}isReferencedBy")
            ),
        )

    def _containers(self, element: Element) -> list[Element]:
        """Return journal, book and series, which may be inside each other."""
        direct = self._targets(element, f"{_TERMS}isPartOf")
        return [*direct, *(inner for part in direct for inner in self._targets(part, f"{_TERMS}isPartOf"))]

    def _targets(self, element: Element, tag: str) -> list[Element]:
        """Return the resources that an element contains or refers to under this tag."""
        found: list[Element] = []
        for reference in element.findall(tag):
            target = self._resources.get(reference.get(f"{_RDF}resource", ""))
            found += list(reference) if target is None else [target]
        return found


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _people(element: Element, tag: str) -> tuple[str, ...]:
    """Return names, given name first. A name without parts is a surname alone."""
    people = element.iterfind(f"{tag}/{_RDF}Seq/{_RDF}li/*")
    names = (
        " ".join(
            f"{_text(one, f'{_FOAF}givenName')} {_text(one, f'{_FOAF}surname') or _text(one, f'{_FOAF}name')}".split()
        )
        for one in people
    )
    return tuple(filter(None, names))


def _urls(element: Element) -> list[str]:
    return [
        text
        for one in element.iterfind(f"{_DC}identifier/{_TERMS}URI/{_RDF}value")
        if (text := (one.text or "").strip())
    ]


def _identifiers(element: Element) -> list[str]:
    return [(one.text or "").strip() for one in element.findall(f"{_DC}identifier")]


def _identifier(texts: list[str], name: str) -> str:
    """Return the value of `DOI 10.1000/x` for the name `DOI`, or empty."""
    return next((text[len(name) :].strip() for text in texts if text.startswith(f"{name} ")), "")

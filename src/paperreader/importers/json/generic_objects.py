"""Convert JSON objects of people's own scripts: a title, and what else is found under the usual names.

Among them are dumps of Python clients of arXiv (https://info.arxiv.org/help/api/user-manual.html) and of feedparser, of
tables of pandas, of bibtexparser, DBLP (https://dblp.org/faq/13501473.html), NASA ADS and Europe PMC. A field of an
unexpected type costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

from msgspec.structs import replace

from paperreader.checked_values import checked_date
from paperreader.importers.input.content import SourceOrigin
from paperreader.importers.json import fields
from paperreader.importers.references import fields as reference_fields
from paperreader.importers.references.entry_types import entry_type_of
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import authors_of
from paperreader.models import SourceRecord
from paperreader.text.dates import most_precise, parse_iso
from paperreader.text.field_names import FIELD_NAMES, name_key, urls_of_papers
from paperreader.text.ids import restore_arxiv_id
from paperreader.text.jats import remove_markup

MAX_URL_CHARS = 2000

OWN_KEYS = frozenset(
    name_key(name)
    for name in (
        *(
            "paperreader",
            "records",
            "mark",
            "aliases",
            "listed",
            "added",
            "bookmarked",
            "read",
            "dismissed",
            "hidden",
            "disliked",
            "queue",
            "note",
            "tags",
            "summaries",
        ),
        *("sources", "score", "match"),
    )
)
"""Keys of exported lines that are not fields of a record."""

KEYS_WITHOUT_REPORT = OWN_KEYS | frozenset(
    map(
        name_key,
        (
            *("updated", "primary_category", "published_parsed", "updated_parsed", "version"),
            *("journal info", "pmid"),
        ),
    )
)
"""Fields that need no report if they are not imported: those of exported lines, of responses of arXiv, and objects
whose parts are imported."""


_PUBLICATION_FIELDS = (
    *("volume", "number", "pages", "edition", "publisher", "isbn", "issn", "school", "report_type"),
)
"""Those under other names than the type and the venue."""

_WRAPPERS = frozenset(("value", "$date", "$oid", "$numberInt", "$numberLong", "#text", "@value", "_text"))
_JOURNAL_INFO = name_key("journal info")
_VENUE_KEYS = frozenset(
    key
    for field in ("volume", "number", "pages", "first_page", "last_page", "publisher", "isbn", "issn")
    for key in FIELD_NAMES[field]
)

_TEXT_KEYS = frozenset(
    key
    for field in ("title", "abstract", "summary", "journal", "booktitle", "authors")
    for key in FIELD_NAMES[field]
)
"""Keys of texts that may have entities of HTML."""
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
_DBLP = "dblp.org/rec/"
"""Part of the URLs of DBLP, which writes a full stop after titles, as PubMed does."""
_PROSE = ("title", "abstract", "summary", "one_line_summary")
_PLAIN = ("abstract", "summary", "one_line_summary", "votes", "comments", "stars")
"""Fields whose value is no list and no object."""

Fields = Mapping[str, Any]
"""The values of an object by the key of their name."""


def to_record(data: Mapping[str, Any], source_kind: str, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an object.

    Args:
        data: the object.
        source_kind: kind of its source.
        origin: where it was read.
        index: its index there, from 0.

    Raises:
        ValueError: it has no title.
    """
    named = {name_key(name): value for name, value in reversed([*data.items()]) if not _is_missing(value)}
    if any(isinstance(value, dict) for value in named.values()):
        named = _with_venue({name: _unwrapped(value) for name, value in named.items()})
    if not _is_public_json(named):
        named |= {key: _without_markup(value) for key, value in named.items() if key in _TEXT_KEYS}
    title = _text(named, "title")
    if not title.strip():
        raise ValueError("title is missing")
    if _DBLP in str(named.get("url", ""))[:MAX_URL_CHARS] or "pmid" in named:
        title = title.removesuffix(".")
    abstract, summary = _text(named, "abstract"), _text(named, "summary")
    if not abstract and "abstract" not in named:
        abstract, summary = summary, ""
    journal = _text(named, "journal")
    urls = [url for field in ("url", "repo") for value in _values(named, field) for url in _urls(value)]
    urls += [f"{_PUBMED}{text}/" for text in _texts(named.get("pmid")) if text.isdecimal()]
    record = reference_fields.to_record(
        origin.to_source(source_kind, index, parse_iso(fields.optional_text(named, "listed"))),
        title=title,
        abstract=abstract,
        authors=_names(named, "authors"),
        keywords=_keywords(named),
        ids=_ids(named),
        dois=[text for value in _values(named, "doi") for text in _texts(value)],
        urls=urls,
        prose="\n".join(value for value in _values(named, "remarks") if isinstance(value, str)),
        mentions=[text for value in _values(named, "journal") for text in _texts(value)],
        published=_published(named),
        repository=next((url for value in _values(named, "repo") for url in _urls(value)), ""),
        journal=journal,
        booktitle="" if journal == (book := _text(named, "booktitle")) else book,
        categories=[text for value in _values(named, "categories") for text in _texts(value)],
    )
    counts = {name: _text(named, name) for name in ("votes", "comments", "stars")}
    summary = _text(named, "one_line_summary") or summary
    record = reference_fields.with_counts(record, {**counts, "summary": summary})
    return with_journal_ref(_with_publication(record, named), _text(named, "journal_ref"))


def _with_publication(record: SourceRecord, named: Fields) -> SourceRecord:
    texts = {name: _text(named, name) for name in _PUBLICATION_FIELDS}
    kind, editors = _text(named, "entry_type"), _names(named, "editors")
    if _is_public_json(named):
        return replace(record, entry_type=kind, editors=tuple(editors), **texts)
    first, last = _text(named, "first_page"), _text(named, "last_page")
    texts["pages"] = texts["pages"] or (f"{first}-{last}" if first and last else first)
    if not (texts["volume"] or record.journal or record.booktitle):
        texts["number"] = ""  # of a row or an item
    return reference_fields.with_publication(record, entry_type=entry_type_of(kind), editors=editors, **texts)


def _with_venue(named: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an object with those of its journal, where that is an object with a volume or the like.

    As in `{"journal": {"name", "volume", "pages"}}`, and `{"journalInfo": {"volume", "journal": {…}}}` of Europe PMC.
    """
    for key in (*FIELD_NAMES["journal"], *FIELD_NAMES["booktitle"], _JOURNAL_INFO):
        venue = named.get(key)
        if not isinstance(venue, dict):
            continue
        inner = {name_key(name): value for name, value in venue.items() if not _is_missing(value)}
        if isinstance(journal := inner.get("journal"), dict):
            inner |= {name_key(name): value for name, value in journal.items() if not _is_missing(value)}
            named = {"journal": journal, **named}
        parts = {key: value for key, value in inner.items() if key in _VENUE_KEYS}
        named = {**parts, **named}
    return named


def _without_markup(value: Any) -> Any:
    """Return a text, or the texts of a list, without entities and tags of HTML."""
    if isinstance(value, list):
        return [remove_markup(item) if isinstance(item, str) else item for item in value]
    return remove_markup(value) if isinstance(value, str) else value


def _is_public_json(named: Fields) -> bool:
    """Whether an object was printed by `show --json` or `search --json`."""
    return "added" in named and "sources" in named


def _unwrapped(value: Any) -> Any:
    """Return the value inside an object with nothing else, as OpenReview and exports of databases have it."""
    while isinstance(value, dict) and len(value) == 1 and not _WRAPPERS.isdisjoint(value):
        (value,) = value.values()
    return value


def _is_missing(value: Any) -> bool:
    """Whether a value is null, or the NaN that pandas writes for it."""
    return value is None or (isinstance(value, float) and isnan(value))


def _values(named: Fields, field: str) -> list[Any]:
    return [named[key] for key in FIELD_NAMES[field] if key in named]


def _texts(value: Any) -> list[str]:
    """Return a text or a number as text, or those of a list."""
    if isinstance(value, list):
        return [text for item in value if not isinstance(item, list) for text in _texts(item)]
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return [str(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _text(named: Fields, field: str) -> str:
    """Return the first text of a field; what a list or an object contains, or a number, only where that is usual."""
    for value in _values(named, field):
        if isinstance(value, list) and field not in _PLAIN:
            value = value[0] if value else ""
        if isinstance(value, dict) and field not in _PLAIN:
            value = value.get("name") or value.get("title")
        if isinstance(value, str) and value.strip():
            return value
        if field not in _PROSE and not isinstance(value, list) and (texts := _texts(value)):
            return texts[0]
    return ""


def _names(named: Fields, field: str) -> list[str]:
    return next((names for value in _values(named, field) if (names := authors_of(value))), [])


def _keywords(named: Fields) -> list[str]:
    values = [named.get("keywords")] if _is_public_json(named) else _values(named, "keywords")
    return next((words for value in values if (words := _words(value))), [])


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return reference_fields.split_keywords(value)
    if not isinstance(value, list):
        return []
    words = (_word(item) if isinstance(item, dict) else item for item in value)
    return [word for word in words if isinstance(word, str)]


def _word(item: Mapping[str, Any]) -> Any:
    return next((item[name] for name in ("name", "term", "category", "display_name") if name in item), None)


def _published(named: Fields) -> str | None:
    """Return the most precise date. In the JSON of `show`, `date` is the date that the paper is listed under."""
    values = _values(named, "published")
    if _is_public_json(named):
        values = [named.get("published")]
    return most_precise(*(checked_date(text) for value in values for text in _texts(value)))


def _urls(value: Any) -> list[str]:
    """Return the URLs in a text, an object with a `url` or `href`, or URLs by their kind, or a list of them."""
    if isinstance(value, list):
        return [url for item in value if not isinstance(item, list) for url in _urls(item)]
    if isinstance(value, dict):
        named = [value[name] for name in ("url", "href") if isinstance(value.get(name), str)]
        others = (text for text in value.values() if isinstance(text, str) and text.startswith("http"))
        return [url for text in (named[:1] or others) for url in _urls(text)]
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS:
        return []
    return reference_fields.split_urls(value)


def _ids(named: Fields) -> Iterator[str]:
    """Yield the texts that may be an arXiv id: those of fields for it, then every URL that is all of a field."""
    for key in FIELD_NAMES["arxiv"]:
        for text in _texts(named.get(key)):
            yield restore_arxiv_id(text) if "arxiv" in key else text
    yield from urls_of_papers(named)

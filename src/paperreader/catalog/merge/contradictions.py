"""Decide whether two records can describe one work, although an identifier or the title says that they do.

An equal title is weak evidence: there are several works called "Deep learning". A pure function of two records.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from paperreader.catalog.merge.matching import KeyedRecord
from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.ids import title_key
from paperreader.text.sanitize import fold_for_search
from paperreader.text.tex_display import tex_to_unicode

_BOOK_TYPES = frozenset(("book", "mvbook", "proceedings", "mvproceedings", "collection", "mvcollection"))
_CHAPTER_TYPES = frozenset(("incollection", "inbook", "suppbook", "bookinbook", "inreference"))
_ARTICLE_TYPES = frozenset(("article", "inproceedings", "conference", "suppperiodical"))

_PREPRINT_DOI = lazy_pattern(
    r"10\.(?:"
    r"48550/"  # arXiv
    r"|1101/[0-9]|64898/"  # bioRxiv and medRxiv; 10.1101 with a letter is Cold Spring Harbor's journals
    r"|21203/rs\."  # Research Square
    r"|20944/preprints"  # Preprints.org
    r"|26434/chemrxiv"
    r"|2139/ssrn"
    r"|36227/techrxiv"
    r"|22541/au\."  # Authorea
    r"|31234/osf|31219/osf|31235/osf|31222/osf|31223/|31224/osf|35542/osf"  # PsyArXiv, OSF, SocArXiv, MetaArXiv …
    r"|1590/scielopreprints"
    r"|32388/"  # Qeios
    r")",
    re.IGNORECASE,
)
"""DOIs of preprint servers. A work has one of these in addition to that of its publication."""

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "et", "al"))
"""Words after a name that are not part of it, including those of "et al."."""

_PLAIN_NAME = lazy_pattern(r"[A-Za-z., -]+")
"""Contains nothing that has to be converted or removed before names are compared. This is the case of most names."""
_APOSTROPHE = lazy_pattern("['’`ʼ]")
_NOT_NAME = lazy_pattern(r"[\W_]+")
_UMLAUT = lazy_pattern(r"([aou])e")
"""`Mueller` is compared as `Muller`, which is what is left of `Müller` without the accent."""

_YEAR_LENGTH = 4


class AuthorName(Struct, frozen=True):
    """What is compared of the name of an author."""

    family: str
    words: frozenset[str]
    """All words, for names that one source gives in the reverse order."""

    def matches(self, other: AuthorName) -> bool:
        """Return whether both may be one person: equal family names, or the same words in another order."""
        return self.family == other.family or (len(self.words) > 1 and self.words == other.words)


class WorkIdentity(NamedTuple):
    """What a record states about which work it describes."""

    arxiv: str
    doi: str
    title: str
    """Key of the title."""
    authors: tuple[str, ...]
    year: str
    """Year of publication, or empty."""
    entry_type: str
    edition: str
    editors: tuple[str, ...]
    """Empty if it states authors: those say more about which work it is."""

    @property
    def publication_doi(self) -> str:
        """The DOI, unless it is that of a preprint."""
        return "" if is_preprint_doi(self.doi) else self.doi

    @property
    def author_names(self) -> tuple[AuthorName, ...]:
        return parse_author_names(self.authors)

    @property
    def name_keys(self) -> frozenset[str]:
        """Keys of which two lists of authors with a name in common share at least one."""
        return _name_keys(self.authors)

    @property
    def editor_keys(self) -> frozenset[str]:
        """The same for the editors of a work without authors."""
        return _name_keys(self.editors)


def work_identity(keyed: KeyedRecord) -> WorkIdentity:
    """Return what a record states about which work it describes."""
    record = keyed.record
    return WorkIdentity(
        record.arxiv,
        record.doi,
        keyed.title_key or title_key(record.title),
        record.authors,
        (record.published or "")[:_YEAR_LENGTH],
        record.entry_type.lower(),
        record.edition.strip().lower(),
        () if record.authors else record.editors,
    )


def is_preprint_doi(doi: str) -> bool:
    """Return whether a preprint server registered the DOI."""
    return _PREPRINT_DOI.match(doi) is not None


def contradiction(one: WorkIdentity, other: WorkIdentity) -> str:
    """Return why two records cannot describe one work; empty if nothing contradicts that. Symmetric."""
    if one.arxiv and other.arxiv:
        return "" if one.arxiv == other.arxiv else "different arXiv ids"
    types = {_work_type(one), _work_type(other)}
    if one.doi and one.doi == other.doi:
        return "" if one.title == other.title else _contradiction_within_book(one, other, types)
    if one.publication_doi and other.publication_doi and one.publication_doi != other.publication_doi:
        return "different DOIs"
    if not _have_author_in_common(one, other):
        return "no editor in common" if one.editors and other.editors else "no author in common"
    if _years_differ(one, other) and not _have_same_first_author(one, other):
        return f"different first {'editors' if one.editors and other.editors else 'authors'} and years"
    return _contradiction_of_types(one, other, types)


def any_contradiction(ones: Iterable[WorkIdentity], others: Collection[WorkIdentity]) -> bool:
    """Return whether one of the records contradicts one of the others."""
    return any(contradiction(one, other) for one in ones for other in others)


def _contradiction_of_types(one: WorkIdentity, other: WorkIdentity, types: set[str]) -> str:
    """Return why a book, a chapter or an article cannot be the other one."""
    if "book" in types and len(types - {""}) > 1:
        return "a book and a part of one"
    if types == {"book"} and (_years_differ(one, other) or _differ(one.edition, other.edition)):
        return "different editions of a book"
    if types == {"chapter"} and one.title != other.title:
        return "different chapters"
    return ""


def _contradiction_within_book(one: WorkIdentity, other: WorkIdentity, types: set[str]) -> str:
    """Return why two records with one DOI and different titles are different works: parts of a book have its DOI."""
    if types == {"chapter"}:
        return "different chapters"
    if "book" in types and len(types - {""}) > 1:
        return "a book and a part of one"
    return "" if _have_author_in_common(one, other) else "different titles and authors"


def _work_type(identity: WorkIdentity) -> str:
    if identity.entry_type in _BOOK_TYPES:
        return "book"
    if identity.entry_type in _CHAPTER_TYPES:
        return "chapter"
    return "article" if identity.entry_type in _ARTICLE_TYPES else ""


def _have_author_in_common(one: WorkIdentity, other: WorkIdentity) -> bool:
    """Return whether an author may be the same, or an editor if neither has authors. It may be if those of either are
    unknown.
    """
    ones, others = _compared_names(one, other)
    keys, other_keys = _name_keys(ones), _name_keys(others)
    return ones == others or not keys or not other_keys or not keys.isdisjoint(other_keys)


def _have_same_first_author(one: WorkIdentity, other: WorkIdentity) -> bool:
    ones, others = _compared_names(one, other)
    if ones == others:
        return True
    names, other_names = parse_author_names(ones), parse_author_names(others)
    return not names or not other_names or names[0].matches(other_names[0])


def _compared_names(one: WorkIdentity, other: WorkIdentity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors of both, or the editors of two works without authors."""
    if one.editors and other.editors:
        return one.editors, other.editors
    return one.authors, other.authors


def _years_differ(one: WorkIdentity, other: WorkIdentity) -> bool:
    return _differ(one.year, other.year)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


@lru_cache(maxsize=4096)
def parse_author_names(authors: tuple[str, ...]) -> tuple[AuthorName, ...]:
    """Return the names of authors in the form in which they are compared; those without letters are left out."""
    return tuple(filter(None, map(_parse_name, authors)))


@lru_cache(maxsize=4096)
def _name_keys(authors: tuple[str, ...]) -> frozenset[str]:
    names = parse_author_names(authors)
    return frozenset(key for name in names for key in (name.family, " ".join(sorted(name.words))))


def _parse_name(author: str) -> AuthorName | None:
    if _PLAIN_NAME.fullmatch(author):
        folded = author.lower()
    else:
        folded = _APOSTROPHE.sub("", fold_for_search(tex_to_unicode(author)))
    family, comma, given = _UMLAUT.sub(r"\1", folded).partition(",")
    if comma and _words(given) and not _SUFFIXES.issuperset(_words(given)):
        family_words, words = _words(family), _words(f"{given} {family}")
    else:
        family_words = words = _words(f"{family} {given}")
    if not family_words:
        return None
    return AuthorName(family_words[-1], frozenset(words))


def _words(name: str) -> list[str]:
    # DBLP numbers persons of the same name: "Wei Zhang 0001".
    words = [word for word in _NOT_NAME.split(name) if word and not word.isdecimal()]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return words

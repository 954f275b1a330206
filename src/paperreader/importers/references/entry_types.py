"""Types of publications under the names of BibTeX, from the names that other formats and tables use."""

from __future__ import annotations

import re

_NAMES = {
    "article": "article, journal article, article journal, electronic article, magazine article, newspaper article, "
    "article magazine, article newspaper, review, review article, letter, early access, data paper, short survey",
    "inproceedings": "inproceedings, conference, conference paper, paper conference, proceedings paper, "
    "proceedings article, conference proceedings, conference proceeding, meeting abstract, inproceeding",
    "incollection": "incollection, inbook, book chapter, book section, chapter, chapter in book, encyclopedia article, "
    "dictionary entry, entry encyclopedia, entry dictionary, reference entry, electronic book section",
    "book": "book, edited book, edbook, electronic book, ebook, monograph, mvbook, whole book, reference book",
    "proceedings": "proceedings, mvproceedings",
    "phdthesis": "phdthesis, phd thesis, thesis, dissertation, doctoral thesis, doctoral dissertation",
    "mastersthesis": "mastersthesis, masters thesis, master thesis",
    "techreport": "techreport, report, technical report, report component, tech report",
}
IN_BOOKS = ("inproceedings", "incollection")
"""Types whose venue is a book."""

AT_SCHOOLS = ("phdthesis", "mastersthesis", "techreport")
"""Types whose publisher is a school or another institution."""

_NOT_LETTERS = re.compile(r"[\W\d_]+")


def _key(name: str) -> str:
    return _NOT_LETTERS.sub("", name).lower()


_TYPES = {_key(name): kind for kind, names in _NAMES.items() for name in names.split(",")}


def entry_type_of(name: str) -> str:
    """Return the entry type of BibTeX for a name such as `Journal Article` or `bookSection`; empty for any other.

    Of several, as in `Article; Proceedings Paper`, the last one that is known says most.
    """
    found = (_TYPES.get(_key(part), "") for part in reversed(re.split(r"[;|]", name)))
    return next(filter(None, found), "")

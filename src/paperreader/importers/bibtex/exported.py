"""Read the texts of exported BibTeX and BibLaTeX entries exactly as the library had them.

Entries of other programs are TeX, of which more than one spelling means the same; exported ones are the result of
`to_latex_source`, which `from_latex_source` undoes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from paperreader.importers.bibtex.names import split_at_and
from paperreader.text.tex.braces import brace_content
from paperreader.text.tex.latex_source import from_latex_source

_HASH_AT_END = re.compile(r"(?:[a-z0-9]+-)?(?:[0-9a-f]{8}|[0-9a-f]{12})")
_NOT_IN_KEY = re.compile(r"[^A-Za-z0-9.]+")
_TEXTS = {
    **{name: name for name in ("title", "abstract", "summary", "journal", "booktitle")},
    **{
        name: name for name in ("volume", "number", "pages", "edition", "publisher", "school", "isbn", "issn")
    },
    "journaltitle": "journal",
    "institution": "school",
    "type": "report_type",
}
"""Fields of an entry, with those of a record."""
_NAMES = {"author": "authors", "editor": "editors"}


def is_exported(key: str, fields: Mapping[str, str]) -> bool:
    """Whether an entry is an export: its key ends with its id, and its title has braces around it.

    Args:
        key: the key of the entry.
        fields: its fields by name in lower case, as they are written.
    """
    title = fields.get("title", "")
    if brace_content(title) == title:
        return False
    id = _NOT_IN_KEY.sub("-", fields.get("eprint", "")).strip("-")
    return key.endswith(f"-{id}") if id else _HASH_AT_END.fullmatch(key) is not None


def exact_texts(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of the record of an exported entry: the texts and names that it has."""
    texts: dict[str, Any] = {
        name: from_latex_source(brace_content(fields[field]))
        for field, name in _TEXTS.items()
        if field in fields
    }
    return texts | {name: _names(fields[field]) for field, name in _NAMES.items() if field in fields}


def _names(text: str) -> tuple[str, ...]:
    parts = map(str.strip, split_at_and(text))
    return tuple(from_latex_source(brace_content(part)) for part in parts if part)

"""Cells of tables that scripts write: pandas and `csv` store lists and objects as the text of a literal.

What such a cell means depends on its column, so it becomes the text that a person would have written there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from paperreader.importers.references.names import MAX_LIST_CHARS, parse_list_text
from paperreader.text.field_names import FIELD_NAMES
from paperreader.text.jats import remove_markup

_MISSING = frozenset(("nan", "none", "null", "n/a", "<na>", "nat", "[]", "{}"))
"""Texts that programs write for a missing value."""

_WORD = re.compile(r"\s*(?:\"((?:[^\"]|\"\")*)\"\s*(?=;|\Z)|([^;]+))(?:;|\Z)")
_URL = re.compile(r"https?://[^\s'\"<>,)\]}]+")
_URL_KEYS = frozenset((*FIELD_NAMES["url"], *FIELD_NAMES["repo"]))
_NAME_KEYS = frozenset(key for field in ("journal", "booktitle", "keywords") for key in FIELD_NAMES[field])
_OBJECT_NAMES = ("name", "display_name", "title", "term", "category", "text")


def plain_cells(row: Mapping[str, str]) -> dict[str, str]:
    """Return a row, by the key of the column, without missing values and literals."""
    plain: dict[str, str] = {}
    for key, cell in row.items():
        text = cell.strip()
        if text.lower() in _MISSING and key not in FIELD_NAMES["title"]:
            continue
        plain[key] = remove_markup(_plain(key, text) if text[:1] in "[{" and text[-1:] in "]}" else cell)
        if key == "externalids":
            plain |= {name: value for name, value in _ids(text).items() if name not in row}
    return plain


def split_cell(cell: str) -> list[str]:
    """Split a list at its semicolons; exported words with a semicolon are in quotes."""
    found = (part[1].replace('""', '"') if part[1] is not None else part[2] for part in _WORD.finditer(cell))
    return [" ".join(word.split()) for word in found if word.strip()]


def _plain(key: str, text: str) -> str:
    if key in _URL_KEYS:
        return " ".join(dict.fromkeys(_URL.findall(text)))
    if key not in _NAME_KEYS or len(text) > MAX_LIST_CHARS:
        return text
    value = parse_list_text(text)
    names = [_name(item) for item in (value if isinstance(value, list | tuple | set) else [value])]
    return "; ".join(filter(None, names)) if value is not None else text


def _name(item: Any) -> str:
    if isinstance(item, dict):
        item = next((item[name] for name in _OBJECT_NAMES if item.get(name)), "")
    return str(item).strip() if isinstance(item, str) else ""


def _ids(text: str) -> dict[str, str]:
    """Return the ids in the column `externalIds` of Semantic Scholar."""
    value = parse_list_text(text)
    if not isinstance(value, dict):
        return {}
    return {name.lower(): found for name in ("ArXiv", "DOI") if isinstance(found := value.get(name), str)}

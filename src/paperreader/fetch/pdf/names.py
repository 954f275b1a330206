"""File names of PDFs, from a pattern of the settings: valid on every system, whatever the paper contains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from paperreader.models import Paper
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

SUFFIX = ".pdf"

MAX_COMPONENT_BYTES = 240
"""File systems allow 255 bytes for a name in a folder."""

MAX_VALUE_BYTES = 120
"""Bytes of one placeholder: a whole path has to fit into 260 characters on Windows."""

MAX_NUMBER = 99
"""The last number that is added to a name that other files have."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.I)
"""Names of devices on Windows, with any extension.
https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
"""
_SUFFIXES_OF_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def candidate_names(paper: Paper, pattern: str) -> Iterator[PurePosixPath]:
    """Yield paths below the folder: by the pattern, then with the id of the paper, then also with a number."""
    *folders, name = (_component(part, paper) for part in pattern.removesuffix(SUFFIX).split("/"))
    folder = PurePosixPath(*folders)
    id = safe_name(paper.arxiv or paper.id) or "paper"
    yield folder / _file_name(name, "")
    yield folder / _file_name(name, f"-{id}")
    for number in range(2, MAX_NUMBER + 1):
        yield folder / _file_name(name, f"-{id}-{number}")


def names_the_paper(path: PurePosixPath, paper: Paper) -> bool:
    """Return whether a file name contains the id of the paper, so that no other paper has the same name."""
    id = safe_name(paper.arxiv or paper.id)
    return bool(id) and (path.stem == id or path.stem.endswith(f"-{id}") or path.stem.startswith(f"{id}-"))


def safe_name(text: str, max_bytes: int = MAX_VALUE_BYTES) -> str:
    """Return a text as a part of a file name: letters, digits, `.`, `_`, `+` and `-`; at most `max_bytes` of UTF-8."""
    text = unicodedata.normalize("NFKC", single_line(tex_to_unicode(text)))
    parts = "".join(char if _is_allowed(char) else " " for char in text).split()
    return _cut("-".join(parts), max_bytes).strip("-.")


def _is_allowed(char: str) -> bool:
    return char in "._+-" or unicodedata.category(char)[0] in "LMN"


def _component(pattern: str, paper: Paper) -> str:
    """Return one part of the path, at most as long as a name may be."""
    text = pattern.format(**_values(paper))
    text = _cut(text, MAX_COMPONENT_BYTES).strip(" .") or "papers"
    return f"_{text}" if _RESERVED.match(text) else text


def _values(paper: Paper) -> dict[str, str]:
    values = {
        "year": _year(paper) or "undated",
        "first_author": _family_name(paper) or "anonymous",
        "title": paper.title or "untitled",
        "venue": paper.venue or "unpublished",
        "id": paper.arxiv or paper.id,
    }
    return {name: safe_name(value) or name for name, value in values.items()}


def _year(paper: Paper) -> str:
    return next((date[:4] for date in (paper.published, paper.listed) if date), "")


def _family_name(paper: Paper) -> str:
    """Return the family name of the first author, else of the first editor: the last word, as names are stored."""
    people = paper.authors or paper.editors
    if not people:
        return ""
    family, comma, _ = people[0].partition(",")
    words = [word for word in family.split() if word.strip(".").casefold() not in _SUFFIXES_OF_NAMES]
    return " ".join(words if comma else words[-1:])


def _file_name(stem: str, end: str) -> str:
    end += SUFFIX
    return _cut(stem, MAX_COMPONENT_BYTES - len(end.encode())).rstrip("-. ") + end


def _cut(text: str, max_bytes: int) -> str:
    """Return the text up to `max_bytes` of UTF-8, without half a character or, if possible, half a word."""
    data = text.encode("utf-8", "ignore")
    if len(data) <= max_bytes:
        return data.decode()
    kept = data[:max_bytes].decode("utf-8", "ignore")
    return kept.rpartition("-")[0] if "-" in kept[len(kept) // 2 :] else kept

"""Names of authors, as references spell them: order, suffixes, separators, affiliations."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from typing import Any

from paperreader.text.tex.braces import brace_content, strip_case_braces
from paperreader.text.tex_display import tex_to_unicode

MAX_LIST_CHARS = 200_000
"""A longer list of authors is no Python literal."""

_REPR = re.compile(r"\b[A-Z]\w*\((?:\w+=)?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
"""A name inside the representation of an object: `[arxiv.Result.Author('Ada Lee'), …]`."""
_ARRAY = re.compile(r"\[(?:\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))+\s*\]")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_OTHERS = re.compile(r"(?:and\s+)?(?:others|et\.?\s+al\.?|…|\.\.\.)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|esq|ph\.?\s?d|(?-i:M\.?D)|ii|iii|iv|[0-9](?:nd|rd|th))\.?", re.IGNORECASE)
_EXTENDED = re.compile(r"\s*\"?(?:family|given|prefix|suffix)(?:-i)?\s*=", re.IGNORECASE)
_PART = re.compile(r"([a-z-]+)\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)
_AFFILIATION = re.compile(
    r"\s*(?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])(?=\s*(?:[,;|&(\[]|and\b|\Z))", re.IGNORECASE
)
_FOOTNOTE = re.compile(
    r"(?<=[^\W\d])\s?(?:[*†‡§¶#]|[¹²³⁰⁴-⁹]|(?<=[a-zß-ÿ])[0-9]{1,2}(?:,[0-9]{1,2})*)+(?=\s|[,;|]|\Z)"
)
_LAST_AND = re.compile(r"\s*,\s*(?:and|&)\s+|\s+&\s+", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_PARTICLES = frozenset(
    (
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "el",
        "al",
        "ter",
        "ten",
    )
)
_NAME_KEYS = (
    *(
        "name",
        "full_name",
        "fullname",
        "fullName",
        "display_name",
        "author",
        "literal",
        "text",
        "raw_author_name",
    ),
    *("#text", "$", "au", "authname"),
)
_LIST_KEYS = ("author", "authors", "name")
_GIVEN_KEYS = (
    "given",
    "given_name",
    "first",
    "first_name",
    "firstname",
    "firstName",
    "givenName",
    "forenames",
)
_FAMILY_KEYS = ("family", "family_name", "last", "last_name", "lastname", "lastName", "familyName")


def given_name_first(name: str) -> str:
    """Return `Shi, Yichen` as `Yichen Shi`; `King, Jr., Martin Luther` and `King, Martin Luther, Jr.` end with `Jr.`"""
    parts = [" ".join(part.split()) for part in name.split(",")]
    parts = [part for part in parts if part]
    suffixes = [part for part in parts[1:] if _SUFFIX.fullmatch(part)]
    names = [part for part in parts if part not in suffixes]
    if len(names) > 2:
        return ", ".join(parts)
    return " ".join([*reversed(names), *suffixes])


def parse_bibtex_names(text: str) -> list[str]:
    """Return the names in a field of BibTeX, given name first, without `and others`. Text in braces is one name."""
    content = brace_content(text.strip())
    inside = _AND.split(content)
    # Some programs put the whole list into braces.
    if content != text and len(inside) > 1 and all("," in part for part in inside):
        text = content
    parts = [part.strip().strip(",").strip() for part in split_at_and(text)]
    named = [part for part in parts if part and not _OTHERS.fullmatch(part)]
    # `A. Lee, B. Chen and C. River` has commas where BibTeX has `and`.
    mixed = len(named) < 2 or (len(named) == 2 and "," not in named[1])
    return [name for part in named for name in _bibtex_names(part, commas_separate=mixed) if name]


def split_authors(text: str) -> list[str]:
    """Return the names in a text, given name first: `A, B and C`, `A; B`, `Last, First; …`, `['A', 'B']`, `A|B`.

    Affiliations in parentheses or brackets, footnote marks and "et al." are dropped.
    """
    text = text.strip()
    if (
        text[:1] in "[{"
        and text[-1:] in "]}"
        and len(text) <= MAX_LIST_CHARS
        and (listed := parse_list_text(text))
    ):
        return authors_of(listed)
    text = remove_affiliations(text)
    for separator in (";", "|", "\n"):
        if separator in text:
            return _names(text.split(separator))
    parts = _AND.split(text)
    if len(parts) > 1 and _is_family_first_list(parts):
        return _names(parts)
    text = re.sub(r"\s+and\s+", ", ", _LAST_AND.sub(", ", text), flags=re.IGNORECASE)
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    return _names(_join_pieces(pieces, single=len(parts) == 1))


def split_name_line(line: str) -> list[str]:
    """Return the names of a line for one name, given name first: some programs write all of them into one."""
    parts = line.split(" and ")
    if len(parts) > 1 and all("," in part for part in parts):
        return [given_name_first(name) for name in parts]
    return split_authors(line) if ";" in line or line.count(",") > 2 else [given_name_first(line)]


def remove_affiliations(text: str) -> str:
    """Return names without affiliations in parentheses or brackets, and without footnote marks."""
    return _FOOTNOTE.sub("", _AFFILIATION.sub("", text))


def authors_of(value: Any) -> list[str]:
    """Return the names in a JSON value: a text, a list of texts, or objects such as `{"name": …}`."""
    if isinstance(value, str):
        return split_authors(value)
    if isinstance(value, dict):
        # DBLP and XML as JSON have the list inside an object, or one object instead of a list.
        value = next((value[key] for key in _LIST_KEYS if isinstance(value.get(key), list | dict)), [value])
        value = [value] if isinstance(value, dict) else value
    if not isinstance(value, list):
        return []
    found = [_object_name(item) if isinstance(item, dict) else item for item in value]
    texts = [" ".join(name.split()) for name in found if isinstance(name, str)]
    return _names(texts) if len(texts) != 1 else split_authors(texts[0])


def _object_name(author: dict[str, Any]) -> str:
    def first(names: Iterable[str]) -> str:
        return next(
            (text for name in names if isinstance(text := author.get(name), str) and text.strip()), ""
        )

    given, family = first(_GIVEN_KEYS), first(_FAMILY_KEYS)
    return f"{given} {family}".strip() if family else first(_NAME_KEYS)


def parse_list_text(text: str) -> Any:
    """Return the list in a text: a literal of Python or JSON, an array of NumPy, or the representation of objects.

    None if it is no such text.
    """
    quoted = _REPR.findall(text) or (_QUOTED.findall(text) if _ARRAY.fullmatch(text) else [])
    if quoted:
        text = f"[{', '.join(quoted)}]"
    for parse in (ast.literal_eval, json.loads):
        try:
            return parse(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def _names(parts: Iterable[str]) -> list[str]:
    texts = (part.strip().strip(",").strip() for part in parts)
    return [given_name_first(text) for text in texts if text and not _OTHERS.fullmatch(text)]


def _is_family_first_list(parts: list[str]) -> bool:
    """Whether the texts between `and` are single names, of which some are `Last, First`."""
    if all(part.count(",") == 1 for part in parts):
        return True
    for part in parts:
        pieces = [piece for piece in part.split(",") if piece.strip()]
        pieces = [piece.strip() for piece in pieces if not _SUFFIX.fullmatch(piece.strip())]
        if len(pieces) > 2:
            return False
        if len(pieces) == 2 and not _is_family_first(*pieces):
            return False
        if len(pieces) == 1 and " " not in pieces[0] and any("," in other for other in parts):
            return False
    return True


def _is_family_first(family: str, given: str) -> bool:
    words = family.split()
    if len(words) == 1 or words[0] in _PARTICLES or _INITIALS.fullmatch(given):
        return True
    return " " not in given


def _join_pieces(pieces: list[str], *, single: bool) -> list[str]:
    """Join what the commas of one list of names have separated: `Last`, `F.` pairs, and suffixes."""
    joined: list[str] = []
    for piece in pieces:
        if joined and _SUFFIX.fullmatch(piece):
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    given = joined[1::2]
    if len(joined) % 2 == 0 and given and all(map(_INITIALS.fullmatch, given)):
        return [f"{family}, {name}" for family, name in zip(joined[::2], given, strict=True)]
    if single and len(joined) == 2 and _is_family_first(*joined):
        return [f"{joined[0]}, {joined[1]}"]
    return joined


def split_at_and(text: str) -> list[str]:
    """Split `text` at each `and` outside braces."""
    parts, start, depth, done = [], 0, 0, 0
    for separator in _AND.finditer(text):
        for brace in _BRACE.finditer(text, done, separator.start()):
            depth += (brace[0] == "{") - (brace[0] == "}")
        done = separator.start()
        if depth <= 0:
            parts.append(text[start : separator.start()])
            start = separator.end()
    return [*parts, text[start:]]


def _bibtex_names(part: str, *, commas_separate: bool) -> list[str]:
    """Return the name in a part of a list of authors, or several, if it does not separate them with `and`."""
    content = brace_content(part)
    # A name in braces stays unchanged: that of a group, or one that contains a comma or an "and".
    if content != part:
        return [" ".join(tex_to_unicode(content).split())]
    if _EXTENDED.match(part):
        return [_extended_name(part)]
    name = tex_to_unicode(strip_case_braces(part))
    if ";" in name:
        return split_authors(name)
    pieces = [piece for piece in name.split(",") if piece.strip() and not _SUFFIX.fullmatch(piece.strip())]
    # `A. Lee, B. Chen` is a list; so is what has more commas than one name.
    if len(pieces) > 2 or (
        commas_separate and len(pieces) == 2 and not _is_family_first(*map(str.strip, pieces))
    ):
        return split_authors(name)
    return [given_name_first(name)]


def _extended_name(part: str) -> str:
    """Return a name in the format of BibLaTeX, `family=Oord, given=Aaron, prefix=van den`, given name first."""
    values: dict[str, str] = {}
    depth = start = 0
    for offset, char in enumerate(f"{part},"):
        depth += (char == "{") - (char == "}")
        if char == "," and depth <= 0:
            if found := _PART.fullmatch(part[start:offset].strip().strip('"').strip()):
                values[found[1].lower()] = found[2].strip().strip('"')
            start = offset + 1
    ordered = (values.get(name, "") for name in ("given", "prefix", "family", "suffix"))
    return " ".join(tex_to_unicode(strip_case_braces(" ".join(filter(None, ordered)))).split())

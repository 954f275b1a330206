"""Names of authors, as references spell them: order, suffixes, separators, affiliations."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from typing import Any

from paperreader.importers.references.initials import has_initials_last, reverse_initials
from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.tex.braces import brace_content

MAX_LIST_CHARS = 200_000
"""A longer list of authors is no Python literal."""

_REPR = lazy_pattern(r"\b[A-Z]\w*\((?:\w+=)?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
"""A name inside the representation of an object: `[arxiv.Result.Author('Ada Lee'), …]`."""
_ARRAY = lazy_pattern(r"\[(?:\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))+\s*\]")
_QUOTED = lazy_pattern(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
AND = lazy_pattern(r"\s+and\s+", re.IGNORECASE)
OTHERS = lazy_pattern(r"(?:and\s+)?(?:others|et\.?\s+al\.?|…|\.\.\.)", re.IGNORECASE)
SUFFIX = lazy_pattern(r"(?:jr|sr|esq|ph\.?\s?d|(?-i:M\.?D)|ii|iii|iv|[0-9](?:nd|rd|th))\.?", re.IGNORECASE)
COMPANY = lazy_pattern(r"(?:Inc|Ltd|GmbH|Corp)\.?|LLC|L\.L\.C\.")
"""What follows the comma in the name of a company."""
_AFFILIATION = lazy_pattern(
    r"\s*(?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])(?=\s*(?:[,;|&(\[]|and\b|\Z))", re.IGNORECASE
)
_FOOTNOTE = lazy_pattern(
    r"(?<=[^\W\d])\s?(?:[*†‡§¶#]|\^\{?[0-9*]{1,3}(?:,[0-9*]{1,3}){0,9}\}?|[¹²³⁰⁴-⁹]"
    r"|(?<=[a-zß-ÿ])[0-9]{1,2}(?:,[0-9]{1,2})*|(?<=[a-zß-ÿ] )[0-9](?:,\s?[0-9]){0,9})+(?=\s|[,;|]|\Z)"
)
_ADDRESS = lazy_pattern(r"\s*<[^<>\s]{1,99}@[^<>\s]{1,99}>")
_INSTITUTION = lazy_pattern(
    r"\s*(?:(?-i:[A-Z]{3,}\Z)|(?:.*\s)?(?:univ|institut|lab|laborator|college|school|dep(?:t|artment)|inc|ltd|gmbh|corp|academ"
    r"|cent(?:er|re)|hospital|research|faculty)(?:\b|[a-zé]))",
    re.IGNORECASE,
)
_OTHERS_AT_END = lazy_pattern(r"[,;]?\s+(?:(?:and|&)\s+others|et\.?\s+al\.?)\s*\Z", re.IGNORECASE)
_LAST_INITIALS = lazy_pattern(r"\s[^\W\d_a-z]{1,4}\.\Z")
_SEPARATORS = str.maketrans({"，": ",", "、": ",", "；": ";"})
_SIGN_BETWEEN = lazy_pattern(r"\s[/·•]\s")
_IDEOGRAPHS = lazy_pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,}")
_LAST_AND = lazy_pattern(r"\s*,\s*(?:and|&)\s+|\s+&\s+", re.IGNORECASE)
_INITIALS = lazy_pattern(r"(?:[^\W\d_\u3040-\u9fff\uac00-\ud7a3]\.?[\s-]?){1,4}")
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
_DBLP_KEY, _DBLP_NUMBER = "@pid", lazy_pattern(r" [0-9]{4}\Z")
_ARXIV_PARTS = ("family", "given", "suffix")
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
    if "," not in name:
        return " ".join(name.split())
    parts = [" ".join(part.split()) for part in name.split(",")]
    parts = [part for part in parts if part]
    suffixes = [part for part in parts[1:] if SUFFIX.fullmatch(part)]
    names = [part for part in parts if part not in suffixes]
    if len(names) > 2 or (len(names) == 2 and COMPANY.fullmatch(names[1])):
        return ", ".join(parts)
    return " ".join([*reversed(names), *suffixes])


def split_authors(text: str) -> list[str]:
    """Return the names in a text, given name first: `A, B and C`, `A; B`, `Last, First; …`, `['A', 'B']`, `A|B`.

    Affiliations in parentheses or brackets, footnote marks and "et al." are dropped.
    """
    text = text.strip()
    if text[:1] in "[{" and text[-1:] in "]}" and len(text) <= MAX_LIST_CHARS:
        listed = parse_list_text(text) or parse_list_text(f"[{text}]")
        if listed and not isinstance(listed, set):  # a set has lost the order
            return authors_of(list(listed) if isinstance(listed, tuple) else listed)
        text = brace_content(text).replace('"', "")
    text = _SIGN_BETWEEN.sub("; ", remove_affiliations(text.translate(_SEPARATORS)))
    text = _OTHERS_AT_END.sub("", text)
    ends_list = text.count(".") == 1 and _LAST_INITIALS.search(text) is not None  # as PubMed ends it
    text = text[:-1] if ends_list else text
    for separator in (";", "|", "\n"):
        if separator in text:
            return _names(text.split(separator), ends_list=ends_list)
    parts = [part for part in AND.split(text) if part.strip()]
    if len(parts) > 1 and _is_family_first_list(parts):
        return _names(parts, ends_list=ends_list)
    text = re.sub(r"\s+and\s+", ", ", _LAST_AND.sub(", ", text), flags=re.IGNORECASE)
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    return _names(_join_pieces(pieces, single=len(parts) == 1), ends_list=ends_list)


def split_name_lines(lines: Iterable[str]) -> list[str]:
    """Return the names of lines for one name each, given name first; see `split_name_line`."""
    lines = [line for line in lines if line.strip()]
    names = [name for line in lines for name in split_name_line(line)]
    is_separated = any("," in line or ";" in line for line in lines)
    return names if is_separated else reverse_initials(names)


def split_name_line(line: str) -> list[str]:
    """Return the names of a line for one name, given name first: some programs write all of them into one."""
    if line.endswith(",") and _is_group(line):
        return [line[:-1].replace(",,", ",")]
    parts = line.split(" and ")
    if COMPANY.fullmatch(line.rpartition(",")[2].strip()) and line.count(",") == 1:
        return [" ".join(line.split())]
    if len(parts) > 1 and all("," in part for part in parts):
        return [given_name_first(name) for name in parts]
    if ";" in line or line.count(",") > 2:
        return split_authors(line)
    first, _, second = line.partition(",")
    if " " in first and " " in second.strip() and has_initials_last(*line.split(",")):
        return split_authors(line)
    return [] if OTHERS.fullmatch(line.strip()) else [given_name_first(line)]


def _is_group(line: str) -> bool:
    """Whether a name with a comma at its end is that of a group with commas inside, as EndNote marks it."""
    first = line.partition(",")[0].split()
    return len(first) > 1 and first[0] not in _PARTICLES


def remove_affiliations(text: str) -> str:
    """Return names without affiliations in parentheses or brackets, and without footnote marks."""
    return _FOOTNOTE.sub("", _AFFILIATION.sub("", _ADDRESS.sub("", text)))


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
    found = [
        _object_name(item)
        if isinstance(item, dict)
        else _listed_name(item)
        if isinstance(item, list)
        else item
        for item in value
    ]
    texts = [" ".join(name.split()) for name in found if isinstance(name, str)]
    return _names(texts) if len(texts) != 1 else split_authors(texts[0])


def _object_name(author: dict[str, Any]) -> str:
    def first(names: Iterable[str]) -> str:
        return next(
            (text for name in names if isinstance(text := author.get(name), str) and text.strip()), ""
        )

    given, family = first(_GIVEN_KEYS), first(_FAMILY_KEYS)
    if family:
        return f"{given} {family}".strip()
    inner = next((author[name] for name in _NAME_KEYS if isinstance(author.get(name), dict)), None)
    if _DBLP_KEY in author:
        return _DBLP_NUMBER.sub("", first(_NAME_KEYS))
    return first(_NAME_KEYS) or (
        _object_name(inner) if inner and not isinstance(inner.get("name"), dict) else ""
    )


def _listed_name(parts: list[Any]) -> str:
    """Return a name that is a list: of one text, or of family name, given name and suffix, as in dumps of arXiv."""
    texts = [text.strip() for text in parts if isinstance(text, str)]
    if len(texts) == len(_ARXIV_PARTS):
        family, given, suffix = texts
        return " ".join(filter(None, (given, family, suffix)))
    return texts[0] if len(texts) == 1 else ""


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


def _names(parts: Iterable[str], *, ends_list: bool = False) -> list[str]:
    texts = (part.strip().strip(",").strip() for part in parts)
    names = [_without_institution(text) for text in texts if text and not OTHERS.fullmatch(text)]
    if any("," in name for name in names):
        return [given_name_first(name) for name in names]
    return reverse_initials([given_name_first(name) for name in names], ends_list=ends_list)


def _without_institution(name: str) -> str:
    """Return a name without the institution after its last comma: `Ada Lee, Univ. of Lampton`."""
    first, *rest = name.split(",")
    if len(rest) == 1 and COMPANY.fullmatch(rest[0].strip()):
        return name
    while rest and not first.isupper() and _INSTITUTION.match(rest[-1]):
        rest.pop()
    return ",".join([first, *rest])


def _is_family_first_list(parts: list[str]) -> bool:
    """Whether the texts between `and` are single names, of which some are `Last, First`."""
    if all(part.count(",") == 1 for part in parts):
        return True
    for part in parts:
        pieces = [piece for piece in part.split(",") if piece.strip()]
        pieces = [piece.strip() for piece in pieces if not SUFFIX.fullmatch(piece.strip())]
        if len(pieces) > 2:
            return False
        if len(pieces) == 2 and not is_family_first(*pieces):
            return False
        if len(pieces) == 1 and " " not in pieces[0] and any("," in other for other in parts):
            return False
    return True


def is_family_first(family: str, given: str) -> bool:
    if _IDEOGRAPHS.fullmatch(family):
        return False
    words = family.split()
    if len(words) == 1 or words[0] in _PARTICLES or _is_initials(given):
        return not has_initials_last(family, given)
    return " " not in given


def _is_initials(text: str) -> bool:
    return _INITIALS.fullmatch(text) is not None and text.isupper()


def _join_pieces(pieces: list[str], *, single: bool) -> list[str]:
    """Join what the commas of one list of names have separated: `Last`, `F.` pairs, and suffixes."""
    joined: list[str] = []
    for piece in pieces:
        if joined and (SUFFIX.fullmatch(piece) or COMPANY.fullmatch(piece)):
            joined[-1] += f", {piece}"
        else:
            joined.append(piece)
    given = joined[1::2]
    if len(joined) % 2 == 0 and given and all(map(_is_initials, given)):
        return [f"{family}, {name}" for family, name in zip(joined[::2], given, strict=True)]
    if single and len(joined) == 2 and is_family_first(*joined):
        return [f"{joined[0]}, {joined[1]}"]
    return joined

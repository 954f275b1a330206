"""Names in fields of BibTeX and BibLaTeX: separated by `and`, in braces, or in extended format."""

from __future__ import annotations

import re

from paperreader.importers.references.initials import reverse_initials
from paperreader.importers.references.names import (
    AND,
    OTHERS,
    SUFFIX,
    given_name_first,
    is_family_first,
    remove_affiliations,
    split_authors,
)
from paperreader.text.tex.braces import brace_content, strip_case_braces
from paperreader.text.tex_display import tex_to_unicode

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_EXTENDED = re.compile(r"\s*\"?(?:family|given|prefix|suffix)(?:-i)?\s*=", re.IGNORECASE)
_PART = re.compile(r"([a-z-]+)\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)


def parse_bibtex_names(text: str) -> list[str]:
    """Return the names in a field of BibTeX, given name first, without `and others`. Text in braces is one name."""
    content = brace_content(text.strip())
    inside = AND.split(content)
    # Some programs put the whole list into braces.
    if content != text and len(inside) > 1 and all("," in part for part in inside):
        text = content
    parts = [part.strip().strip(",").strip() for part in split_at_and(f" {text} ")]
    named = [part for part in parts if part and not OTHERS.fullmatch(part)]
    # `A. Lee, B. Chen and C. River` has commas where BibTeX has `and`.
    mixed = len(named) < 2 or (len(named) == 2 and "," not in named[1])
    names = [name for part in named for name in _bibtex_names(part, commas_separate=mixed) if name]
    return names if re.search("[,{=]", text) else reverse_initials(names)


def split_at_and(text: str) -> list[str]:
    """Split `text` at each `and` outside braces."""
    parts, start, depth, done = [], 0, 0, 0
    for separator in AND.finditer(text):
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
        return [" ".join(tex_to_unicode(strip_case_braces(content)).split())]
    if _EXTENDED.match(part):
        return [_extended_name(part)]
    name = remove_affiliations(tex_to_unicode(strip_case_braces(part)))
    if ";" in name or " & " in name:
        return split_authors(name)
    pieces = [piece for piece in name.split(",") if piece.strip() and not SUFFIX.fullmatch(piece.strip())]
    # `A. Lee, B. Chen` is a list; so is what has more commas than one name.
    if len(pieces) > 2 or (
        commas_separate and len(pieces) == 2 and not is_family_first(*map(str.strip, pieces))
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

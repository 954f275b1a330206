"""Names with the family name first and initials behind it, without a comma: `Lee AB`, `van der Berg J.`, as in PubMed.

Nothing in one such name tells it from a given name first, so that a whole list is looked at.
"""

from __future__ import annotations

import re

from paperreader.lazy_pattern import lazy_pattern

_CAPITAL = "[A-ZÀ-ÖØ-ÞΑ-ΩА-Я]"
_WORD = r"(?:[^\W\d_]{2,}(?:['’-][^\W\d_]+)*|[^\W\d_](?:['’-][^\W\d_]+)+)"
_NAME = lazy_pattern(
    rf"({_WORD}(?:\s+{_WORD})*)\s+({_CAPITAL}(?:[.\s-]{{0,2}}{_CAPITAL}){{0,3}}\.?)"
    r"(\s+(?:Jr|Sr|II|III|IV|[2-9](?:nd|rd|th))\.?)?"
)
"""Family name, initials, suffix."""

_INITIAL_LAST = lazy_pattern(rf"(?:{_CAPITAL}|\.)\Z")
_MAX_NAME_CHARS = 100
_MAX_LETTERS = 3
"""Initials of one name; more of them without points are an acronym."""

_PUBMED_LETTERS = 2
"""Initials that PubMed gives at most."""

_ACRONYMS = frozenset(("AI", "ML", "USA", "UK", "EU", "NLP", "CNRS", "MIT", "IBM"))
"""Ends of names of organizations, such as `Google AI`, that look like initials."""


def reverse_initials(names: list[str], *, ends_list: bool = False) -> list[str]:
    """Return names with initials at their beginning if all of a list have them at their end; otherwise unchanged.

    `Lee A, Chen BC` becomes `A Lee, BC Chen`. Names of groups may be among them; a name of two words such as `Ada Lee`
    means that the family name is last. A single name with one letter and no point is unchanged: `Weinan E` is a name.

    Args:
        names: names without a comma.
        ends_list: whether a full stop followed the last name, as in PubMed.
    """
    if not any(map(_INITIAL_LAST.search, names)):
        return names
    found = [_parts(name) for name in names]
    reversed_names = [parts for parts in found if parts]
    if not reversed_names or any(
        not parts and len(name.split()) == 2 for name, parts in zip(names, found, strict=True)
    ):
        return names
    letters = [re.sub(r"[.\s-]", "", initials) for _, initials, _ in reversed_names]
    if all(text in _ACRONYMS for text in letters) or min(map(len, letters)) > _PUBMED_LETTERS:
        return names
    if len(names) == 1 and not ends_list and len(letters[0]) == 1 and "." not in reversed_names[0][1]:
        return names
    return [
        " ".join(filter(None, (parts[1], parts[0], parts[2]))) if parts else name
        for name, parts in zip(names, found, strict=True)
    ]


def has_initials_last(*names: str) -> bool:
    """Whether every one of these names may have its initials last."""
    return all(map(_parts, names))


def _parts(name: str) -> tuple[str, str, str] | None:
    """Return family name, initials and suffix of a name that may have its initials last; None for any other."""
    name = name.strip()
    found = _NAME.fullmatch(name) if len(name) <= _MAX_NAME_CHARS else None
    if not found:
        return None
    family, initials, suffix = found[1], found[2], (found[3] or "").strip()
    letters = re.sub(r"[.\s-]", "", initials)
    is_dotted = "." in initials or " " in initials
    if len(letters) > _MAX_LETTERS and not is_dotted:
        return None
    # In `LEE AN` the given name may be spelled out.
    if family.isupper() and len(letters) > 1 and not is_dotted:
        return None
    return family, initials, suffix

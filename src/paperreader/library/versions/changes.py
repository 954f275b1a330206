"""What changed between two versions of a paper, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from msgspec import Struct

from paperreader.models import PaperVersion
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_WORDS = 20_000
"""Words of both texts together. Longer ones are compared as a whole."""


class TextPart(NamedTuple):
    """Words that both versions have, or only one of them."""

    kind: Literal["same", "removed", "added"]
    text: str

    @property
    def marked_text(self) -> str:
        """The words with the marks of `git diff --word-diff`, so that they can be told apart without color."""
        if self.kind == "same":
            return self.text
        return f"[-{self.text}-]" if self.kind == "removed" else f"{{+{self.text}+}}"


class FieldChanges(Struct, frozen=True):
    """How one field differs."""

    name: str
    """`Title`, `Authors` or `Abstract`."""
    parts: tuple[TextPart, ...]

    @property
    def is_changed(self) -> bool:
        return any(part.kind != "same" for part in self.parts)


def compare_versions(older: PaperVersion, newer: PaperVersion) -> tuple[FieldChanges, ...]:
    """Return what changed in title, authors (if both state them) and abstract, as they are displayed."""
    fields = [FieldChanges("Title", compare_words(_shown(older.title), _shown(newer.title)))]
    if older.authors and newer.authors:
        names = (", ".join(map(_shown, each.authors)) for each in (older, newer))
        fields.append(FieldChanges("Authors", compare_words(*names)))
    fields.append(FieldChanges("Abstract", compare_words(_shown(older.abstract), _shown(newer.abstract))))
    return tuple(fields)


def compare_words(old: str, new: str) -> tuple[TextPart, ...]:
    """Return the words of two texts in the order of the new one; removed words precede those that replace them.

    Parts are separated by blanks.
    """
    return tuple(part for part in _parts(old.split(), new.split()) if part.text)


def version_label(version: PaperVersion) -> str:
    """Return `v2`, or `an earlier version` if its number is not known."""
    return f"v{version.number}" if version.number else "an earlier version"


def _parts(old: Sequence[str], new: Sequence[str]) -> Iterator[TextPart]:
    if len(old) + len(new) > MAX_WORDS and old != new:
        yield from (TextPart("removed", " ".join(old)), TextPart("added", " ".join(new)))
        return
    for kind, first, last, new_first, new_last in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield TextPart("same", " ".join(old[first:last]))
            continue
        yield TextPart("removed", " ".join(old[first:last]))
        yield TextPart("added", " ".join(new[new_first:new_last]))


def _shown(text: str) -> str:
    return single_line(tex_to_unicode(text))

"""Tell the user's notes in RIS from those of publishers, which write into `N1` what they like, also HTML.

The program that wrote a reference is recognised by the names and the order of its fields, not by the text of its notes.
Zotero writes the fields of all types in nearly the same order, and notes in HTML:
https://github.com/zotero/translators/blob/master/RIS.js
"""

from __future__ import annotations

from collections.abc import Mapping

from paperreader.paths import APP_NAME
from paperreader.text.html_notes import html_to_markdown, looks_like_html

Fields = dict[str, list[str]]
"""The lines of a reference by their field, in the order of the first of each."""

_EXPORTED_FIELDS = frozenset(
    ("TY", "ID", "TI", "AU", "T2", "PY", "DA", "AB", "KW", "LB", "AN", "DO", "UR", "N1", "M2", "DP")
)
"""The fields of references that were exported before `DP` marked them."""

_ZOTERO_NOTE = ("<div data-schema-version=", '<div class="zotero-note')
"""How notes begin in newer versions of Zotero."""

_ZOTERO_ORDER = (
    *("TY", "TI", "AU", "AB", "CY", "DA", "PY", "DO", "DP", "ET", "VL", "IS", "SP", "LA", "PB", "SN", "ST"),
    *("UR", "N1", "KW"),
)
"""The order of the most common fields in Zotero's references."""

_ZOTERO_UNDATED = frozenset(("DP", "ST", "Y2"))
"""Fields of references without a date that others rarely have; one of them is needed."""


def is_exported(fields: Fields, extra: Mapping[str, str]) -> bool:
    """Whether a reference is an export of this program.

    Args:
        fields: its fields.
        extra: what `M2` has of the fields that exports store there.
    """
    if extra or APP_NAME in fields.get("DP", ()):
        return True
    # Earlier exports without any extra field have no sign but their fields and the order of the first.
    return has_exported_order(fields) and fields.keys() <= _EXPORTED_FIELDS


def has_exported_order(fields: Fields) -> bool:
    """Whether a reference begins as exports do, so that its texts are exact. Hardly any other program does so."""
    return [*fields][1:3] == ["ID", "TI"]


def user_note(fields: Fields, *, exported: bool) -> str:
    """Return the user's note: what `export` or Zotero wrote, HTML as Markdown; any other is the publisher's."""
    note = "\n".join(fields.get("N1", ()))
    if exported or (looks_like_html(note) and _is_from_zotero(fields, note)):
        return html_to_markdown(note)
    return ""


def _is_from_zotero(fields: Fields, note: str) -> bool:
    """Whether Zotero wrote a reference: by its note, or by the order of its fields, with `PY` directly after `DA`."""
    if note.lstrip().startswith(_ZOTERO_NOTE):
        return True
    names = [*fields]
    places = [_ZOTERO_ORDER.index(name) for name in names if name in _ZOTERO_ORDER]
    if names[:2] != ["TY", "TI"] or places != sorted(places):
        return False
    if "PY" in fields:
        return names[names.index("PY") - 1] == "DA"
    return not _ZOTERO_UNDATED.isdisjoint(fields)

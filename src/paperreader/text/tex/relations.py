"""Set the blanks around the relations of a formula, as TeX does."""

from __future__ import annotations

from paperreader.lazy_pattern import lazy_pattern

_OPENING, _CLOSING = frozenset("([{⟨⌈⌊"), frozenset(")]}⟩⌉⌋")
_SIGNS = "[=<>≤≥≠≈≡∼≃≅∝≪≫→←↔⇒⇐⇔↦∈∉∋⊂⊆⊃⊇≜≔]"
_RELATION = lazy_pattern(_SIGNS)
_SCRIPTS = r"(?:[\u2070-\u209c\u1d2c-\u1dbf\u02b0-\u02e1²³¹]+|[_^](?:\([^()]*\)|\w+))*"
_RELATION_OR_BRACKET = lazy_pattern(rf"[(\[{{⟨⌈⌊)\]}}⟩⌉⌋]|[:!]?{_SIGNS}+{_SCRIPTS}")


def space_relations(shown: str) -> str:
    """Return a formula on one line with blanks around its relations, except inside brackets and scripts."""
    if not _RELATION.search(shown):
        return shown
    parts: list[str] = []
    depth = end = 0
    for found in _RELATION_OR_BRACKET.finditer(shown):
        sign, start = found[0], found.start()
        depth = max(0, depth + (sign in _OPENING) - (sign in _CLOSING))
        before, after = shown[start - 1 : start], shown[found.end() : found.end() + 1]
        parts.append(shown[end:start])
        end = found.end()
        if depth or sign in _CLOSING or not before or not after or before in "_^":
            parts.append(sign)
        else:
            parts.append(f"{' ' * (before != ' ')}{sign}{' ' * (after != ' ')}")
    return "".join((*parts, shown[end:]))

"""The parts of names of persons, as CSL defines them.

https://docs.citationstyles.org/en/stable/specification.html#names
"""

from __future__ import annotations

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


def name_parts(name: str) -> dict[str, str]:
    """Return the parts of a name: what precedes the last word is given, and `van den` a particle."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".").lower() in _SUFFIXES else ""
    if len(words) < 2 or "," in name:
        return {"literal": name}
    first = next(
        (at for at in range(1, len(words) - 1) if all(map(str.islower, words[at:-1]))), len(words) - 1
    )
    parts = {
        "given": " ".join(words[:first]),
        "non-dropping-particle": " ".join(words[first:-1]),
        "family": words[-1],
        "suffix": suffix,
    }
    return {part: text for part, text in parts.items() if text}

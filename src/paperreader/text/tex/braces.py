"""Remove the braces that only protect capitals in a bibliography."""

from __future__ import annotations

import re

from paperreader.text.tex.scanner import brace_pairs

_PART = re.compile(r"\\[a-zA-Z]+\s*|\\.|[\^_]\s*|[{}$]|[^\\^_{}$]+|\\", re.DOTALL)


def strip_case_braces(text: str) -> str:
    r"""Return `text` without braces that only protect capitals (`{BERT}`); others (`\"{u}`, `x^{2}`, `$…$`) stay."""
    result: list[str] = []
    closing: list[str] = []
    in_math = belongs = False
    parts = [found[0] for found in _PART.finditer(text)]
    for offset, part in enumerate(parts):
        if part == "{":
            following = parts[offset + 1] if offset + 1 < len(parts) else ""
            keep = in_math or belongs or following.startswith("\\")
            closing.append("}" if keep else "")
            result.append("{" if keep else "")
        elif part == "}" and closing:
            result.append(closing.pop())
        else:
            in_math ^= part == "$"
            result.append(part)
        # A command's second argument follows the brace of the first.
        belongs = part[0] in "\\^_" or (part == "}" and result[-1] == "}")
    return "".join(result)


def brace_content(text: str) -> str:
    """Return the content of the one pair of braces around all of `text`; `text` if there is none."""
    around = text[:1] == "{" and text[-1:] == "}" and brace_pairs(text).get(0) == len(text) - 1
    return text[1:-1] if around else text

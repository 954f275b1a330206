r"""Undo TeX in texts that are no prose: DOIs and URLs, which many programs escape (`a\_b`, `{\_}`, `$\sim$`)."""

from __future__ import annotations

import re

_REPLACEMENTS = (
    # A backslash that a program has escaped as well: `$\\backslash$\_`.
    (re.compile(r"\{?\$?\\(?:backslash|textbackslash)(?:\{\}|\b\s?)\$?\}?"), ""),
    (re.compile(r"\\string(?=~)"), ""),
    (
        re.compile(r"\{?\\(?:textasciitilde|sim|~)(?:\s*\{\s*\}|\s)?\}?|\{?\$\s*\{?\\sim\}?\s*\$\}?|\{~\}"),
        "~",
    ),
    (re.compile(r"\{?\\(?:textless|lt)(?:\{\}|\b\s?)\}?|\{?\$<\$\}?"), "<"),
    (re.compile(r"\{?\\(?:textgreater|gt)(?:\{\}|\b\s?)\}?|\{?\$>\$\}?"), ">"),
    (re.compile(r"\{?\\textunderscore(?:\{\}|\b\s?)\}?|\{?\$\\?_\$\}?"), "_"),
    (re.compile(r"\{?\\(?:textasciicircum|\^)(?:\{\})?\}?"), "^"),
    (re.compile(r"\{\\([_%&#$])\}|\\([_%&#$])|\{([_%&#=?./~-])\}"), ""),
)
_LEFT_BRACES = re.compile(r"[{}]")


def unescape_verbatim(text: str) -> str:
    r"""Return a DOI or a URL as it is meant: `a\_b`, `a{\_}b` as `a_b`, `\~{}x`, `$\sim$x` as `~x`, `$<$` as `<`."""
    if not any(sign in text for sign in "\\${"):
        return text
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(
            lambda found, by=replacement: by or next(filter(None, found.groups()), ""),  # type: ignore[misc]
            text,
        )
    return _LEFT_BRACES.sub("", text).replace("$", "")

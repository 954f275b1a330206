"""What can be subscribed to at arXiv: a category, an archive, or a query."""

from __future__ import annotations

import re

from paperreader.text.categories import is_category, parse_subject
from paperreader.text.query.category_names import categories_with_subject, exists, nearest_category

MAX_SUBSCRIPTION_LENGTH = 300
"""Characters of a query of arXiv that is subscribed to."""

_LIKE_CATEGORY = re.compile(r"(?:cat:\s*)?[\w*-]*[.:/][\w*-]*|cat:\s*\S*|[A-Z]{2}", re.ASCII)
_TWO_LETTERS = 2
_FIELD = re.compile(r"(?:all|ti|abs|au|co|jr|rn|id|doi|msc_class|acm_class):", re.ASCII)
"""The fields of queries, other than `cat:` (https://info.arxiv.org/help/api/user-manual.html)."""
_ONE_NAME = re.compile(r"([a-z-]+)[ _-]([a-z-]+)", re.IGNORECASE | re.ASCII)


def parse_subscription(text: str) -> str:
    """Return what to subscribe to at arXiv: a category or an archive in its usual spelling, else a query.

    Raises:
        ValueError: it is empty, not printable, or a category that does not exist. The message is a sentence without
            its full stop.
    """
    query = " ".join(text.split())
    if not query:
        raise ValueError("a subscription is empty")
    if not query.isprintable():
        raise ValueError("a subscription contains characters that cannot be printed")
    if len(query) > MAX_SUBSCRIPTION_LENGTH:
        raise ValueError(f"a subscription has more than {MAX_SUBSCRIPTION_LENGTH} characters")
    name = query.removeprefix("cat:").strip()
    subject = parse_subject(name)
    if subject is not None and exists(subject):
        return subject
    if subject is not None and name != query:
        return query  # possibly a newer category
    if subject is not None or _is_like_category(query, name):
        raise ValueError(f"{query} is not a category of arXiv; use {_alternatives(query, name)}")
    return query


def _alternatives(query: str, name: str) -> str:
    """Return what to write in place of a category that does not exist."""
    nearest = nearest_category(name)
    meant = [f'"{nearest}"'] if nearest else []
    if name == query and len(name) == _TWO_LETTERS:
        meant.append(f'"all:{name}" for papers with this word')
    return ", or ".join(meant) or "the form cs.CL or stat.ML"


def _is_like_category(query: str, name: str) -> bool:
    """Return whether a query is more likely a misspelt category: `CL`, `.CL`, `cs:CL`, `csCL`, `cs CL`, `cat:x`."""
    if is_category(name) or _FIELD.match(query):
        return False  # possibly a newer one, or an archive of the past
    is_two_letters = len(name) == _TWO_LETTERS and bool(categories_with_subject(name))
    found = _ONE_NAME.fullmatch(name)
    is_joined = parse_subject(f"{found[1]}.{found[2]}") is not None if found else _is_joined(name)
    return is_two_letters or is_joined or _LIKE_CATEGORY.fullmatch(query) is not None


def _is_joined(name: str) -> bool:
    """Return whether a text is a category without its dot: `csCL`."""
    return any(parse_subject(f"{name[:at]}.{name[at:]}") for at in range(2, min(len(name), 9)))

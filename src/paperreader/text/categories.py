"""Categories of arXiv (https://arxiv.org/category_taxonomy), such as `cs.CL` and `hep-th`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from paperreader.lazy_pattern import lazy_pattern

_CATEGORY = lazy_pattern(
    r"(?:cs|econ|eess|math|nlin|q-bio|q-fin|stat|astro-ph)\.[A-Z]{2}"
    r"|(?:cond-mat|physics)\.[a-z]{2,6}(?:-[a-z]{2,6})?"
    # Archives without subject classes, and names that archives had before they were divided.
    r"|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph|astro-ph|cond-mat|cmp-lg|q-bio|q-alg|alg-geom"
    r"|chao-dyn|solv-int|patt-sol|adap-org|comp-gas|chem-ph|funct-an|dg-ga|supr-con|mtrl-th|acc-phys|atom-ph"
    r"|ao-sci|bayes-an|plasm-ph",
    re.ASCII,
)
PHYSICS_ARCHIVES = frozenset(
    (
        *(
            "astro-ph",
            "cond-mat",
            "gr-qc",
            "hep-ex",
            "hep-lat",
            "hep-ph",
            "hep-th",
            "math-ph",
            "nlin",
            "nucl-ex",
        ),
        *("nucl-th", "physics", "quant-ph"),
    )
)
"""The archives of the group of physics. Every other one is a group of its own."""

_ARCHIVES = PHYSICS_ARCHIVES | {"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"}
"""The archives that accept papers."""

_SEPARATOR = lazy_pattern(r"[\s,;()\[\]]+")
_MAX_CACHED_LENGTH = 100
_OLD_ARCHIVE = lazy_pattern("[a-z-]+", re.ASCII)


class _Categorized(Protocol):
    @property
    def arxiv(self) -> str: ...
    @property
    def categories(self) -> tuple[str, ...]: ...
    @property
    def keywords(self) -> tuple[str, ...]: ...


def is_category(text: str) -> bool:
    """Return whether a text is a category of arXiv, in its usual spelling."""
    return _CATEGORY.fullmatch(text) is not None


def parse_subject(text: str) -> str | None:
    """Return a category or a whole archive that papers are submitted to, in its usual spelling; None if it is neither.

    `CS.cl` is `cs.CL`, and `cs.*` is `cs`.
    """
    archive, dot, subject = text.strip().partition(".")
    archive = archive.lower()
    if archive not in _ARCHIVES:
        return None
    if not dot or subject == "*":
        return archive
    category = f"{archive}.{subject.upper() if len(subject) == 2 else subject.lower()}"
    return category if is_category(category) else None


def find_categories(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the categories among the words of texts, each once: of `cs.CL cs.LG 68T07`, or `Learning (cs.LG)`."""
    found: dict[str, None] = {}
    for text in texts:
        # Those of one paper, which are those of many others.
        is_short = len(text) <= _MAX_CACHED_LENGTH
        found.update(dict.fromkeys(_cached_categories(text) if is_short else _categories_in(text)))
    return tuple(found)


def _categories_in(text: str) -> tuple[str, ...]:
    return tuple(filter(is_category, _SEPARATOR.split(text)))


_cached_categories = lru_cache(4096)(_categories_in)


def all_categories(paper: _Categorized) -> tuple[str, ...]:
    """Return the categories of a paper, the primary one first: as stored, else as its keywords or its old id tell."""
    known = find_categories((*paper.categories, *paper.keywords))
    archive, slash, _ = paper.arxiv.partition("/")
    has_archive = slash and _OLD_ARCHIVE.fullmatch(archive)
    return known if known or not has_archive else (archive,)


def format_category(folded: str) -> str:
    """Return a category in its usual spelling: `cs.CL` for `cs.cl`."""
    archive, dot, subject = folded.partition(".")
    capitals = f"{archive}{dot}{subject.upper()}"
    return capitals if is_category(capitals) else folded

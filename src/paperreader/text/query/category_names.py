"""The categories of arXiv by name: those with a subject class, and the one that a text was probably meant to be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.categories import is_category

# https://arxiv.org/category_taxonomy
_SUBJECTS: Mapping[str, str] = {
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC"
    " SD SE SI SY",
    "stat": "AP CO ME ML OT TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "econ": "EM GN TH",
    "nlin": "AO CD CG PS SI",
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph"
    " geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    **dict.fromkeys(
        ("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"), ""
    ),
}
"""Subject classes by archive; the archives of machine learning first."""

_CATEGORIES: Mapping[str, str] = {
    category.lower(): category
    for archive, subjects in _SUBJECTS.items()
    for category in (archive, *(f"{archive}.{subject}" for subject in subjects.split()))
}
"""Every archive and category by its lower case."""

_SEPARATORS = lazy_pattern(r"[^a-z-]+")
_CUTOFF = 0.6
"""Similarity from which on a category is suggested (see `difflib`)."""


def categories_with_subject(text: str) -> tuple[str, ...]:
    """Return the categories with a subject class in lower case: `cs.cv` and `math.cv` of `CV`, `.cv` or `*.CV`."""
    return _with_subject(text.lower().lstrip("*.")) if len(text) <= 20 else ()


@lru_cache(maxsize=256)
def _with_subject(subject: str) -> tuple[str, ...]:
    return tuple(name for name in _CATEGORIES if name.partition(".")[2] == subject) if subject else ()


def exists(category: str) -> bool:
    """Return whether a category or archive, in its usual spelling, is in the taxonomy of arXiv."""
    return _CATEGORIES.get(category.lower()) == category


def is_known(text: str, *, is_prefix: bool) -> bool:
    """Return whether a text is a category, an archive or a subject class, in any case, or the beginning of one."""
    name = text.lower().lstrip("*.")
    is_retired = is_category(text) and "." not in text
    if name in _CATEGORIES or is_retired or _with_subject(name):
        return True
    names = (part for known in _CATEGORIES for part in (known, known.partition(".")[2]))
    return is_prefix and any(known.startswith(name) for known in names)


def nearest_category(text: str) -> str:
    """Return the category that a text was probably meant to be; empty if it is like none."""
    from difflib import get_close_matches  # imported only for a category that does not exist

    name = _SEPARATORS.sub(".", text.lower()[:40]).strip(".-")
    if exact := _CATEGORIES.get(name) or next(map(_CATEGORIES.get, _with_subject(name)), None):
        return exact
    joined = {known.replace(".", "").replace("-", ""): known for known in reversed(tuple(_CATEGORIES))}
    if same := joined.get(name.replace(".", "").replace("-", "")):
        return _CATEGORIES[same]
    archive, dot, subject = name.partition(".")
    own = [known for known in _CATEGORIES if known.startswith(f"{archive}.")] if dot and subject else []
    if own:
        return _CATEGORIES[(get_close_matches(name, own, n=1, cutoff=0) or own)[0]]
    if not dot:
        subjects = {known.partition(".")[2]: known for known in reversed(tuple(_CATEGORIES)) if "." in known}
        if similar := get_close_matches(name, subjects, n=1, cutoff=_CUTOFF):
            return _CATEGORIES[subjects[similar[0]]]
    similar = get_close_matches(name, _CATEGORIES, n=1, cutoff=_CUTOFF)
    return _CATEGORIES[similar[0]] if similar else ""

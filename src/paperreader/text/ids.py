"""Paper ids: arXiv ids, DOIs, slugs, and the keys by which two records are recognised as one paper."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import SourceRecord
from paperreader.text.sanitize import fold_for_search
from paperreader.text.tex_display import tex_to_unicode

MIN_UNIQUE_TITLE_LENGTH = 12
"""A title key of this length identifies one paper; a shorter title ("Introduction") needs its abstract as well."""

MIN_UNIQUE_ABSTRACT_LENGTH = 40
"""An abstract key of this length makes a short title unique."""

_MAX_CACHED_LENGTH = 300
_FIRST_ARXIV_YEAR = 91
_SLUG_LENGTH = 48
_HASH_LENGTH = 8

# https://info.arxiv.org/help/arxiv_identifier.html
_NEW_ID = r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}"
_OLD_ID = (
    r"(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs"
    r"|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th"
    r"|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con)"
    r"(?:\.[A-Za-z-]{2,20})?/[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3}"
)
_ARXIV = lazy_pattern(
    r"(?:arxiv:\s*(?:abs/)?"
    r"|oai:arxiv\.org:"
    r"|(?:https?://)?(?:dx\.)?(?:doi\.org/|doi:\s*)?10\.48550/arxiv\."
    r"|(?:https?://)?(?:[a-z-]+\.)?arxiv\.org/(?:abs|pdf|html|format|e-print|src|ps)/(?:arxiv:)?"
    r"|(?:https?://)?(?:www\.)?(?:alphaxiv\.org/(?:abs|pdf|overview)|ar5iv\.org/(?:abs|html)|ar5iv\.labs\.arxiv\.org/html)/"
    r"|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/papers/"
    r")?"
    rf"({_NEW_ID}|{_OLD_ID})(?:v([0-9]{{1,3}}))?(?:\.pdf)?/?(?:[?#]\S*)?",
    re.IGNORECASE | re.ASCII,
)
_SUBJECT_CLASS = lazy_pattern(r"^([A-Za-z-]+)\.[A-Za-z-]+/")
_DOI = lazy_pattern(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/(?:doi:)?)?(10\.[0-9]{4,9}/\S+)",
    re.IGNORECASE | re.ASCII,
)
_SHORTENED_ID = lazy_pattern(r"([0-9]{3,4})\.([0-9]{1,5})", re.ASCII)
_ESCAPED_DOI = lazy_pattern(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|10\.[0-9]{4,9}%2F", re.IGNORECASE)
"""A DOI whose signs may be percent-encoded."""
_NOT_SLUG = lazy_pattern(r"[^0-9a-z]+")
_NOT_TITLE_KEY = lazy_pattern(r"[\W_]+")
_NOT_ALPHANUMERIC = bytes(code for code in range(128) if not chr(code).isalnum())
"""What `_NOT_TITLE_KEY` matches in ASCII."""


def title_key(title: str) -> str:
    """Return what all spellings of one title have in common: its letters and digits, without TeX, accents and case.

    Papers are matched by it, and the ids of papers without an arXiv id contain its hash.
    """
    folded = _fold(title)
    if folded.isascii():
        return folded.encode().translate(None, _NOT_ALPHANUMERIC).decode()
    return _NOT_TITLE_KEY.sub("", folded)


def parse_arxiv_id(text: str) -> str:
    """Return the arXiv id, without version, that all of `text` denotes; empty if it is none.

    Understands `2403.01234v2`, `hep-th/9901001`, `arXiv:…`, URLs of arxiv.org, its mirrors and Hugging Face paper
    pages, and the DOI `10.48550/arXiv.…`.
    """
    if len(text) > 300:
        return ""
    found = _ARXIV.fullmatch(text.strip())
    if not found:
        return ""
    name = found[1].lower()
    if "/" in name:
        return _SUBJECT_CLASS.sub(r"\1/", name)
    month, number = name.split(".")
    return name if len(number) == _number_length(month) else ""


def parse_arxiv_version(text: str) -> int:
    """Return the version that an arXiv id or its URL names (`2403.01234v2`); 0 for none, or if it is no arXiv id."""
    if not parse_arxiv_id(text):
        return 0
    found = _ARXIV.fullmatch(text.strip())
    return int(found[2] or 0) if found else 0


def highest_version(id: str, texts: Iterable[str]) -> int:
    """Return the highest version of the paper with an arXiv id that one of the texts names; 0 for none."""
    named = (text for text in texts if "v" in text.lower())
    return max((parse_arxiv_version(text) for text in named if parse_arxiv_id(text) == id), default=0)


def restore_arxiv_id(text: str) -> str:
    """Return an arXiv id with the zeros that it lost as a number (`704.12` is `0704.1200`); other text unchanged."""
    found = _SHORTENED_ID.fullmatch(text.strip())
    if not found or parse_arxiv_id(text):
        return text
    month = found[1].zfill(4)
    restored = f"{month}.{found[2].ljust(_number_length(month), '0')}"
    return restored if parse_arxiv_id(restored) else text


def _number_length(month: str) -> int:
    """Return the digits after the month (YYMM): four until December 2014, five since then."""
    return 4 if "0704" <= month <= "1412" else 5


def arxiv_month(id: str) -> str:
    """Return the month (ISO) in which the paper with this arXiv id was submitted."""
    digits = id.rpartition("/")[2][:4]
    return f"{'19' if int(digits[:2]) >= _FIRST_ARXIV_YEAR else '20'}{digits[:2]}-{digits[2:]}"


def parse_doi(text: str) -> str:
    """Return the DOI, in lower case and without a resolver, that all of `text` denotes; empty if it is none."""
    if len(text) > 300:
        return ""
    if "%" in text and _ESCAPED_DOI.match(text.strip()):
        text = unquote(text)
    found = _DOI.fullmatch(text.strip())
    return found[1].rstrip(".,;").lower() if found else ""


def slug_id(title: str, abstract: str = "") -> str:
    """Return an id for a paper without an arXiv id: the words of the title, a hyphen, eight hex digits of a hash.

    The hash is of the title key; if that is too short to be unique, of the key of the abstract as well.
    """
    key = title_key(title)
    hashed = key if len(key) >= MIN_UNIQUE_TITLE_LENGTH else f"{key}\n{title_key(abstract)}"
    words = _NOT_SLUG.sub("-", _fold(title)).strip("-")
    if len(words) > _SLUG_LENGTH:
        head = words[: _SLUG_LENGTH + 1]
        words = head[: head.rfind("-")] if "-" in head[1:] else head[:_SLUG_LENGTH]
    digest = hashlib.sha256(hashed.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
    return f"{words or 'paper'}-{digest}"


def _fold(text: str) -> str:
    # The title of a record is needed several times, and once more for each record that it is compared with.
    return _fold_title(text) if len(text) <= _MAX_CACHED_LENGTH else fold_for_search(tex_to_unicode(text))


@lru_cache(maxsize=4096)
def _fold_title(title: str) -> str:
    return fold_for_search(tex_to_unicode(title))


def match_keys(record: SourceRecord) -> tuple[str, ...]:
    """Return the match keys of a record; two records with a common key are one paper.

    The keys are `arxiv:ID`, `doi:DOI` and `title:KEY`. A title key under twelve characters yields `short:KEY:HASH`,
    with the hash of the abstract's key, if that is long enough, and nothing otherwise.
    """
    keys = []
    if record.arxiv:
        keys.append(f"arxiv:{record.arxiv}")
    if record.doi:
        keys.append(f"doi:{record.doi}")
    key = title_key(record.title)
    if len(key) >= MIN_UNIQUE_TITLE_LENGTH:
        keys.append(f"title:{key}")
    elif key:
        abstract = title_key(record.abstract)
        if len(abstract) >= MIN_UNIQUE_ABSTRACT_LENGTH:
            digest = hashlib.sha256(abstract.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            keys.append(f"short:{key}:{digest}")
    return tuple(keys)

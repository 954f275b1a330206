"""Find URLs in running text, and repair what TeX and line breaks did to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import Link
from paperreader.text import link_hosts
from paperreader.text.sanitize import sanitize
from paperreader.text.urls import parse_link, url_key

_SCHEMELESS = (
    r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co|hf\.co"
    r"|anonymous\.4open\.science|zenodo\.org|kaggle\.com|osf\.io|sourceforge\.net/projects|sites\.google\.com"
    r"|arxiv\.org/(?:abs|pdf))/(?=[\w\[])|[\w-]{1,63}\.github\.io\b"
)
"""Hosts that are recognised without a scheme."""

_IN_URL = (
    r"(?:[A-GI-Za-gi-z0-9\u00c0-\u024f_.~:/?#@!&=*+%\-]+"
    r"|[hH](?![tT][tT][pP][sS]?:)|(?<==)[hH](?=[tT][tT][pP])"
    r"|(?<=-)\n[ ]{0,4}(?=[A-Za-z0-9]{0,60}(?:[-_/0-9]|\.[a-z]))"
    r"|\\[_%#&~\-]|\\~\{\}|\{\\_\}|\$\\sim\$|\$\.\$"
    r"|\([A-Za-z0-9_.,~:/?#@!&=*+%\-]{0,200}\)"
    r")"
)
"""One part of a URL: no blank, comma, brace or quote; parentheses in pairs; no second scheme except as the value of a
parameter; a line end only after a hyphen, if no word of prose follows. TeX escapes are undone later."""

_URL = lazy_pattern(
    rf"""
    (?P<scheme>
        (?:https?|(?<![A-Za-z])ttps?)
        (?: \s?:\s{{0,4}}//\s?(?=[A-Za-z0-9]) | ://?\[?(?=\w) | :(?=(?:{_SCHEMELESS})) | //(?=(?:{_SCHEMELESS})) )
        (?:https?://)?
      | git@(?=(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org):)
      | (?:ssh|git)://(?:git@)?(?={_SCHEMELESS})
      | (?:(?<![\w./@\\-])|(?<=\bat))(?=www\.[\w-]+\.\w|{_SCHEMELESS})
    )
    (?P<body>(?:{_IN_URL})+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_URL_MARKERS = (
    *(
        "ttp",
        "www.",
        "git@",
        "ssh://",
        "git://",
        ".github.io",
        "github.com/",
        "gitlab.com/",
        "bitbucket.org/",
    ),
    *(
        "codeberg.org/",
        "gitee.com/",
        "huggingface.co/",
        "hf.co/",
        "anonymous.4open",
        "zenodo.org/",
        "kaggle.com/",
    ),
    *("osf.io/", "sourceforge.net/", "sites.google", "arxiv.org/"),
)
"""What a URL contains at or near its beginning, in lower case: much faster to search for than a URL."""

_MARKERS_WITHOUT_SLASH = tuple(mark for mark in _URL_MARKERS if "/" not in mark)
"""Those to search for in the many texts without a slash."""
_MARKER_ENDINGS = tuple(
    dict.fromkeys(
        mark[max(mark.rfind("."), 0) :] if "." in mark and mark.endswith("/") else mark
        for mark in _URL_MARKERS
    )
)
"""What every text with one of `_URL_MARKERS` contains: `.com/` and so on, which are fewer."""

_HOST_LABEL = lazy_pattern(r"[A-Za-z0-9-]{1,63}\Z")
_BROKEN_HOST = lazy_pattern(
    r"\b(github|gitlab|huggingface)\.\s{1,4}(com/|co/)|(https?://[\w-]{1,63}\.)\s{0,4}(github\.)\s{0,4}(io\b)",
    re.I,
)
_BREAK_IN_HOST = lazy_pattern(r"\s(?:com/|co/|io\b|github\.)", re.I)
"""What every text with such a host contains: much faster to search for."""

_BROKEN_OWNER = lazy_pattern(r"github\.com/(?:[A-Za-z0-9-]{0,38}-\s{1,3}){1,4}(?=[A-Za-z0-9])", re.I)
"""Broken at a hyphen, with which no name of an owner ends."""

_ESCAPES = lazy_pattern(r"\\~\{\}|\{\\_\}|\$\\sim\$|\$\.\$|\\([_%#&~\-])")
_NOT_IN_REPOSITORY_PATH = lazy_pattern(r"[^\w.~/?#=&%+:@\-]|\(", re.ASCII)
_TRAILING_PUNCTUATION = ".,;:!?'\"*)]}>~&="


def find_links(text: str) -> tuple[Link, ...]:
    """Return the links in `text`, in order; of several with the same `url_key`, the first."""
    lower = _lowercase(text)
    for mark in _MARKER_ENDINGS if "/" in lower else _MARKERS_WITHOUT_SLASH:  # faster than `any`
        if mark in lower:
            break
    else:
        return ()
    text = sanitize(text)
    if _BREAK_IN_HOST.search(text):
        text = _BROKEN_HOST.sub(lambda broken: "".join(broken[0].split()), text)
    text = _BROKEN_OWNER.sub(lambda broken: "".join(broken[0].split()), text)
    found: dict[str, Link] = {}
    for address in _iter_urls(text):
        link = parse_link(address)
        if link is not None:
            found.setdefault(url_key(link.url), link)
    return tuple(found.values())


def _iter_urls(text: str) -> Iterator[str]:
    done = 0
    for start in _candidate_starts(text):
        found = _URL.match(text, start) if start >= done else None
        if found is None:
            continue
        done = found.end()
        body = _ESCAPES.sub(_unescape, "".join(found["body"].split()))
        scheme = "http" if found["scheme"].lower().lstrip("h").startswith("ttp:") else "https"
        if found["scheme"].lower().startswith("git@"):
            body = body.replace(":", "/", 1)
        yield f"{scheme}://{_trim_punctuation(body)}"


def _candidate_starts(text: str) -> list[int]:
    """Return the offsets where a URL may begin, in order."""
    lower = _lowercase(text)
    found: set[int] = set()
    for mark in _URL_MARKERS:
        at = lower.find(mark)
        while at >= 0:
            start = at
            if mark == "ttp" and lower[at - 1 : at] == "h":
                start -= 1
            elif mark == ".github.io" and (label := _HOST_LABEL.search(text, max(at - 63, 0), at)):
                start = label.start()
            found.add(start)
            at = lower.find(mark, at + 1)
    return sorted(found)


def _lowercase(text: str) -> str:
    """Return `text` in lower case if every character keeps its offset, else unchanged."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _unescape(found: re.Match[str]) -> str:
    piece = found[0]
    if piece in ("\\~{}", "$\\sim$"):
        return "~"
    return found[1] or {"{\\_}": "_", "$.$": "."}[piece]


def _trim_punctuation(body: str) -> str:
    """Return the URL without the punctuation of the sentence around it."""
    host, slash, path = body.partition("/")
    if slash and host.lower().removeprefix("www.") in link_hosts.OWNER_NAME_HOSTS:
        bad = _NOT_IN_REPOSITORY_PATH.search(path)
        path = path[: bad.start()] if bad else path
        body = f"{host}/{path}"
    while True:
        shorter = body.rstrip(_TRAILING_PUNCTUATION)
        if shorter != body and body[len(shorter)] == ")" and shorter.count("(") > shorter.count(")"):
            shorter += ")"
        if shorter == body:
            return body
        body = shorter

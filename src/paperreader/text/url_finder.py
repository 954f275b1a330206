"""Web addresses in running text: find them, and mend what the way through TeX and prose did to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.models import Link
from paperreader.text import link_hosts
from paperreader.text.sanitize import sanitize
from paperreader.text.urls import parse_link, url_key

_KNOWN_BARE = (
    r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co|hf\.co"
    r"|anonymous\.4open\.science|zenodo\.org|kaggle\.com|osf\.io|sourceforge\.net/projects|sites\.google\.com"
    r"|arxiv\.org/(?:abs|pdf))/(?=[\w\[])|[\w-]{1,63}\.github\.io\b"
)
"""Addresses that are taken for one without a scheme."""

_IN_URL = (
    r"(?:[A-GI-Za-gi-z0-9\u00c0-\u024f_.~:/?#@!&=*+%\-]+"
    r"|[hH](?![tT][tT][pP][sS]?:)|(?<==)[hH](?=[tT][tT][pP])"
    r"|(?<=-)\n[ ]{0,4}(?=[A-Za-z0-9]{0,60}(?:[-_/0-9]|\.[a-z]))"
    r"|\\[_%#&~\-]|\\~\{\}|\{\\_\}|\$\\sim\$|\$\.\$"
    r"|\([A-Za-z0-9_.,~:/?#@!&=*+%\-]{0,200}\)"
    r")"
)
"""One piece of an address: never a blank, a comma, a brace or a quote; parentheses in pairs; never a second scheme,
unless as the value of a parameter; a line end only behind a hyphen, where what follows is no word of prose. TeX
escapes are undone later."""

_URL = re.compile(
    rf"""
    (?P<scheme>
        (?:https?|(?<![A-Za-z])ttps?)
        (?: \s?:\s{{0,4}}//\s?(?=[A-Za-z0-9]) | ://?\[?(?=\w) | :(?=(?:{_KNOWN_BARE})) | //(?=(?:{_KNOWN_BARE})) )
        (?:https?://)?
      | git@(?=(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org):)
      | (?:ssh|git)://(?:git@)?(?={_KNOWN_BARE})
      | (?:(?<![\w./@\\-])|(?<=\bat))(?=www\.[\w-]+\.\w|{_KNOWN_BARE})
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
"""What an address has at or near its beginning, in lower case: far quicker to find than an address."""

_LABEL = re.compile(r"[A-Za-z0-9-]{1,63}\Z")
_BROKEN_HOST = re.compile(
    r"\b(github|gitlab|huggingface)\.\s{1,4}(com/|co/)|(https?://[\w-]{1,63}\.)\s{0,4}(github\.)\s{0,4}(io\b)",
    re.I,
)
_BROKEN_OWNER = re.compile(r"github\.com/(?:[A-Za-z0-9-]{0,38}-\s{1,3}){1,4}(?=[A-Za-z0-9])", re.I)
"""Broken at a hyphen, with which no owner's name ends."""

_ESCAPES = re.compile(r"\\~\{\}|\{\\_\}|\$\\sim\$|\$\.\$|\\([_%#&~\-])")
_BAD_IN_REPOSITORY = re.compile(r"[^\w.~/?#=&%+:@\-]|\(", re.ASCII)
_TRAILING = ".,;:!?'\"*)]}>~&="


def find_links(text: str) -> tuple[Link, ...]:
    """Every web address in `text`, in order, the first of those that `link_key` calls the same."""
    lower = _lowercase(text)
    if not any(mark in lower for mark in _URL_MARKERS):
        return ()
    text = _BROKEN_HOST.sub(lambda broken: "".join(broken[0].split()), sanitize(text))
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
    """Places where an address may begin, in order."""
    lower = _lowercase(text)
    found: set[int] = set()
    for mark in _URL_MARKERS:
        place = lower.find(mark)
        while place >= 0:
            start = place
            if mark == "ttp" and lower[place - 1 : place] == "h":
                start -= 1
            elif mark == ".github.io" and (label := _LABEL.search(text, max(place - 63, 0), place)):
                start = label.start()
            found.add(start)
            place = lower.find(mark, place + 1)
    return sorted(found)


def _lowercase(text: str) -> str:
    """`text` in lower case, each character at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _unescape(found: re.Match[str]) -> str:
    piece = found[0]
    if piece in ("\\~{}", "$\\sim$"):
        return "~"
    return found[1] or {"{\\_}": "_", "$.$": "."}[piece]


def _trim_punctuation(body: str) -> str:
    """`body` without the punctuation of the sentence around it."""
    host, slash, path = body.partition("/")
    if slash and host.lower().removeprefix("www.") in link_hosts.OWNER_NAME_HOSTS:
        bad = _BAD_IN_REPOSITORY.search(path)
        path = path[: bad.start()] if bad else path
        body = f"{host}/{path}"
    while True:
        shorter = body.rstrip(_TRAILING)
        if shorter != body and body[len(shorter)] == ")" and shorter.count("(") > shorter.count(")"):
            shorter += ")"
        if shorter == body:
            return body
        body = shorter

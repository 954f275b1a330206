"""Web addresses in running text: find them, mend what the way through TeX and prose did to them, tell their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.models import Link
from paperreader.text import hosts
from paperreader.text.characters import clean

MAX_URL = 2000
"""Longer addresses are not opened by browsers either."""

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

_ADDRESS = re.compile(
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
_MARKS = (
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
_HOST = re.compile(
    r"(?:(?:[a-z0-9_][a-z0-9_-]{0,62}\.){1,12}[a-z][a-z0-9-]{1,62}\.?|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]{1,5})?",
    re.ASCII,
)
_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff\"<>\\^`{|}]"
)
_BAD_IN_REPOSITORY = re.compile(r"[^\w.~/?#=&%+:@\-]|\(", re.ASCII)
_NOT_IN_NAME = re.compile(r"[^\w.~+@:=%-]", re.ASCII)
_TRAILING = ".,;:!?'\"*)]}>~&="


def find_links(text: str) -> tuple[Link, ...]:
    """Every web address in `text`, in order, the first of those that `link_key` calls the same."""
    lower = _lowered(text)
    if not any(mark in lower for mark in _MARKS):
        return ()
    text = _BROKEN_HOST.sub(lambda broken: "".join(broken[0].split()), clean(text))
    text = _BROKEN_OWNER.sub(lambda broken: "".join(broken[0].split()), text)
    found: dict[str, Link] = {}
    for address in _addresses(text):
        link = classify(address)
        if link is not None:
            found.setdefault(link_key(link.url), link)
    return tuple(found.values())


def classify(url: str) -> Link | None:
    """The address as a link with its kind, or None where it is not an http(s) address that can be opened.

    Known hosts are asked over https; a repository's address loses its closing slash. The spelling is otherwise kept.
    """
    safe = safe_url(url)
    if safe is None:
        return None
    scheme, host, rest = _split(safe)
    plain = host.removeprefix("www.")
    if hosts.is_secure(plain):
        scheme = "https"
    if _ends_bare(plain, rest):
        rest = rest.rstrip("/")
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    return Link(f"{scheme}://{host}{rest}", hosts.kind_of(plain, path), plain)


def clone_url(link: Link) -> str:
    """What `git clone` wants: `https://host/owner/name` in the link's own spelling; other links as they are."""
    scheme, host, rest = _split(link.url)
    parts = _parts(rest)
    named = hosts.repository(link.host, parts)
    if not named and link.host in hosts.HUGGING_FACE:
        named = hosts.hugging_face_repository(parts)
    if not named:
        return link.url
    if host == "raw.githubusercontent.com":
        host = "github.com"
    # What no repository is called may mean something to the shell that the address is pasted into.
    named = _bare_names(named) or named
    return f"{scheme}://{host}/" + "/".join([*named[:-1], named[-1].removesuffix(".git")])


def link_key(url: str) -> str:
    """What two addresses of one thing share: for repositories host, owner and name in lower case, without `.git`
    and without what follows (`/tree/…`); for others the address without scheme, `www.` and closing slash.
    """
    scheme, host, rest = _split(url)
    if not scheme:
        return url
    plain = host.removeprefix("www.").replace("hf.co", "huggingface.co")
    parts = _parts(rest)
    named = hosts.repository(plain, parts)
    if not named and plain in hosts.HUGGING_FACE:
        named = hosts.hugging_face_repository(parts)
    if named:
        plain = plain.replace("raw.githubusercontent.com", "github.com")
        return f"{plain}/{'/'.join(_bare_names(named) or named).lower().removesuffix('.git')}"
    if plain in hosts.OWNER_NAME_HOSTS:
        return f"{plain}{rest.rstrip('/').lower()}"
    return f"{plain}{rest.rstrip('/#')}"


def safe_url(url: str) -> str | None:
    """`url` where it may be handed to a browser or a clipboard, its scheme and host in lower case; else None.

    Only http and https, a real host name, no user name or password, no blank, control or invisible character.
    """
    url = url.strip(" \t\r\n")
    if len(url) > MAX_URL or _UNSAFE.search(url):
        return None
    scheme, host, rest = _split(url)
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return f"{scheme}://{host.rstrip('.')}{rest}"


def _ends_bare(host: str, rest: str) -> bool:
    """Whether a closing slash means nothing there: on forges and on Hugging Face."""
    return (
        host in hosts.OWNER_NAME_HOSTS
        or host in hosts.HUGGING_FACE
        or bool(hosts.repository(host, _parts(rest)))
    )


def _addresses(text: str) -> Iterator[str]:
    done = 0
    for start in _starts(text):
        found = _ADDRESS.match(text, start) if start >= done else None
        if found is None:
            continue
        done = found.end()
        body = _ESCAPES.sub(_unescaped, "".join(found["body"].split()))
        scheme = "http" if found["scheme"].lower().lstrip("h").startswith("ttp:") else "https"
        if found["scheme"].lower().startswith("git@"):
            body = body.replace(":", "/", 1)
        yield f"{scheme}://{_trimmed(body)}"


def _starts(text: str) -> list[int]:
    """Places where an address may begin, in order."""
    lower = _lowered(text)
    found: set[int] = set()
    for mark in _MARKS:
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


def _lowered(text: str) -> str:
    """`text` in lower case, each character at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _unescaped(found: re.Match[str]) -> str:
    piece = found[0]
    if piece in ("\\~{}", "$\\sim$"):
        return "~"
    return found[1] or {"{\\_}": "_", "$.$": "."}[piece]


def _trimmed(body: str) -> str:
    """`body` without the punctuation of the sentence around it."""
    host, slash, path = body.partition("/")
    if slash and host.lower().removeprefix("www.") in hosts.OWNER_NAME_HOSTS:
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


def _split(url: str) -> tuple[str, str, str]:
    """Scheme and host in lower case, and the rest as it stands; three empty texts where it is no such address."""
    scheme, mark, tail = url.partition("://")
    if not mark:
        return "", "", ""
    end = min((place for place in map(tail.find, "/?#") if place >= 0), default=len(tail))
    return scheme.lower(), tail[:end].lower(), tail[end:]


def _bare_names(named: list[str]) -> list[str]:
    return [name for part in named if (name := _NOT_IN_NAME.split(part, maxsplit=1)[0])]


def _parts(rest: str) -> list[str]:
    """The segments of a path; `.git` alone is the inside of a repository and names none."""
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    return [part for part in path.split("/") if part and part.lower() != ".git"]

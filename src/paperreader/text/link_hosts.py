"""What known hosts serve, from which the kind of a link follows."""

from __future__ import annotations

import re

from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import LinkKind

OWNER_NAME_HOSTS = frozenset(
    (
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "gitee.com",
        "framagit.org",
        "salsa.debian.org",
    )
)
"""Forges whose repositories are at `/owner/name`."""

HUGGING_FACE_HOSTS = frozenset(("huggingface.co", "hf.co"))
SOURCEFORGE_HOST = "sourceforge.net"
ANONYMOUS_HOST = "anonymous.4open.science"

_PROJECT_SUFFIXES = (
    *(".github.io", ".gitlab.io", ".gitee.io", ".codeberg.page", ".bitbucket.io", ".github.com"),
    *(".sourceforge.net", ".sourceforge.io", ".pages.dev", ".netlify.app", ".vercel.app", ".web.app"),
    *(".firebaseapp.com", ".readthedocs.io", ".herokuapp.com", ".streamlit.app", ".notion.site"),
)
_PROJECT_HOSTS = frozenset(("sites.google.com",))
_DATA_HOSTS = (
    *(
        "zenodo.org",
        "kaggle.com",
        "osf.io",
        "figshare.com",
        "datadryad.org",
        "physionet.org",
        "openneuro.org",
    ),
    *("dataverse.harvard.edu", "data.mendeley.com", "ieee-dataport.org", "archive.ics.uci.edu"),
)
_PAPER_HOSTS = (
    *(
        "arxiv.org",
        "alphaxiv.org",
        "openreview.net",
        "aclanthology.org",
        "aclweb.org",
        "proceedings.mlr.press",
    ),
    *("openaccess.thecvf.com", "papers.nips.cc", "papers.neurips.cc", "proceedings.neurips.cc", "dl.acm.org"),
    *("ieeexplore.ieee.org", "link.springer.com", "biorxiv.org", "medrxiv.org", "semanticscholar.org"),
    *(
        "papers.ssrn.com",
        "eprint.iacr.org",
        "sciencedirect.com",
        "ncbi.nlm.nih.gov",
        "ojs.aaai.org",
        "doi.org",
    ),
)
_DATA_DOI = lazy_pattern(
    r"/10\.(?:5281/zenodo|17605/osf|6084/m9\.figshare|7910/dvn|34740/kaggle|21227|57967|5061/dryad|13026|18112)\b",
    re.I,
)
_GITHUB_PAGES = frozenset(
    (
        *(
            "about",
            "api",
            "apps",
            "blog",
            "codespaces",
            "collections",
            "contact",
            "customer-stories",
            "enterprise",
        ),
        *("events", "explore", "features", "issues", "join", "login", "marketplace", "new", "nonprofit"),
        *(
            "notifications",
            "organizations",
            "orgs",
            "pricing",
            "pulls",
            "readme",
            "search",
            "security",
            "settings",
        ),
        *("site", "sponsors", "stars", "team", "topics", "trending", "users"),
    )
)
"""First path segments of github.com that are not owners."""

_HF_PAGES = frozenset(
    (
        *(
            "api",
            "blog",
            "chat",
            "collections",
            "datasets",
            "docs",
            "join",
            "learn",
            "login",
            "models",
            "new",
        ),
        *("organizations", "papers", "posts", "pricing", "search", "settings", "spaces", "tasks"),
    )
)
_ANONYMOUS_FOLDERS = ("r", "repository", "anonymize")
_TWO_PART_HOSTS = frozenset(
    (ANONYMOUS_HOST, SOURCEFORGE_HOST, "gist.github.com", "raw.githubusercontent.com")
)
_GITHUB_SERVICE_HOSTS = frozenset(
    ("docs.github.com", "help.github.com", "api.github.com", "education.github.com")
)
_GITLAB_SUBPAGES = frozenset(
    ("-", "tree", "blob", "raw", "issues", "merge_requests", "wikis", "commits", "releases")
)


def link_kind(host: str, path: str) -> LinkKind:
    """Return the kind of the link to `path` (with its leading slash) on `host` (lower case, without `www.`)."""
    parts = [part for part in path.split("/") if part]
    if host in HUGGING_FACE_HOSTS:
        return _hugging_face_kind(parts)
    if host.endswith(".hf.space"):
        return "space"
    if parse_repository(host, parts):
        return "code"
    if _is_project_host(host):
        return "project"
    if _is_on(host, _DATA_HOSTS) or (_is_on(host, ("doi.org",)) and _DATA_DOI.match(path)):
        return "data"
    return "paper" if parts and _is_on(host, _PAPER_HOSTS) else "other"


def parse_repository(host: str, parts: list[str]) -> list[str]:
    """Return the path segments that name the repository of a link; empty if it leads to none."""
    if host == ANONYMOUS_HOST and parts and parts[0] not in _ANONYMOUS_FOLDERS:
        return parts[:1]
    if host == "gitlab.com" or _is_self_hosted_forge(host):
        ends = [index for index, part in enumerate(parts) if part in _GITLAB_SUBPAGES]
        parts = parts[: ends[0]] if ends else parts
        return parts if len(parts) >= 2 else []
    page = parts and parts[0].lower() in _GITHUB_PAGES if host == "github.com" else False
    service = host == SOURCEFORGE_HOST and parts[:1] not in (["projects"], ["p"])
    if len(parts) < 2 or page or service:
        return []
    return parts[:2] if host in OWNER_NAME_HOSTS or host in _TWO_PART_HOSTS else []


def parse_hugging_face_repository(parts: list[str]) -> list[str]:
    """Return the path segments that name a model, dataset or space; empty if there are none."""
    if parts and parts[0] in ("datasets", "spaces"):
        # Early datasets have no owner (`/datasets/squad`).
        return parts[:3] if len(parts) >= 3 or (parts[0] == "datasets" and len(parts) == 2) else []
    return parts[:2] if len(parts) >= 2 and parts[0] not in _HF_PAGES else []


def supports_https(host: str) -> bool:
    """Whether `host` is known to support https, so that an http URL should be upgraded."""
    return (
        host in OWNER_NAME_HOSTS
        or host in HUGGING_FACE_HOSTS
        or host in (ANONYMOUS_HOST, SOURCEFORGE_HOST)
        or host.endswith(_PROJECT_SUFFIXES)
        or host in _PROJECT_HOSTS
        or _is_on(host, _DATA_HOSTS)
        or _is_on(host, _PAPER_HOSTS)
    )


def _hugging_face_kind(parts: list[str]) -> LinkKind:
    if len(parts) >= 2 and parts[0] == "papers":
        return "paper"
    named = parse_hugging_face_repository(parts)
    if not named:
        return "other"
    return {"datasets": "dataset", "spaces": "space"}.get(named[0], "model")  # type: ignore[return-value]


def _is_self_hosted_forge(host: str) -> bool:
    """Whether an institution runs its own forge there: `gitlab.inria.fr`, `git.tu-berlin.de`."""
    label = host.split(".", 1)[0]
    return host.count(".") >= 2 and (label in ("gitlab", "git") or label.startswith("gitlab-"))


def _is_project_host(host: str) -> bool:
    return host in _PROJECT_HOSTS or (host.endswith(_PROJECT_SUFFIXES) and host not in _GITHUB_SERVICE_HOSTS)


def _is_on(host: str, hosts: tuple[str, ...]) -> bool:
    return host.endswith(hosts) and any(host == known or host.endswith(f".{known}") for known in hosts)

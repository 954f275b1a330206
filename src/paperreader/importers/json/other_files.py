"""Recognise well-known JSON files that contain no papers, so that a refusal says what the file is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from paperreader.object_formats import object_format
from paperreader.text.ids import parse_arxiv_id
from paperreader.text.sanitize import single_line

_MAX_CACHED_NAMES = 64
MAX_NAMES = 8
"""Fields that a refusal names."""


class _Kind(NamedTuple):
    """A kind of file by the fields of its object, or of those in its list."""

    description: str
    fields: tuple[str, ...]
    """All of them exist."""
    one_of: tuple[str, ...] = ()
    """At least one of them exists."""


_BOOKMARKS = "a list of bookmarks of a browser"
_ISSUES = "a list of issues of a code repository"
_CHAT = "an export of chats"
_KINDS = (
    _Kind("a package.json of npm", ("name",), ("devDependencies", "dependencies", "scripts")),
    _Kind("a lock file of npm", ("lockfileVersion",)),
    _Kind("a lock file of packages", ("packages",), ("content-hash", "packages-dev")),
    _Kind("a lock file of packages", ("_meta", "default")),
    _Kind("a Jupyter notebook", ("cells", "nbformat")),
    _Kind("an OpenAPI description", ("paths", "info"), ("openapi", "swagger")),
    _Kind("a configuration of TypeScript", ("compilerOptions",)),
    _Kind("a manifest of a browser extension", ("manifest_version",)),
    _Kind("a manifest of a web application", ("start_url",), ("icons", "short_name")),
    _Kind(_BOOKMARKS, ("roots",), ("checksum", "version")),
    _Kind(_BOOKMARKS, ("children",), ("typeCode", "guid", "dateAdded")),
    _Kind(_CHAT, ("mapping",), ("create_time", "conversation_id", "current_node")),
    _Kind(_CHAT, ("chat_messages",)),
    _Kind(_CHAT, ("messages",), ("channel", "type", "model", "participants", "guild")),
    _Kind(_CHAT, ("ts",), ("user", "bot_id", "subtype")),
    _Kind(_CHAT, ("role", "content")),
    _Kind("a response of a chat service", ("choices",), ("usage", "model", "object")),
    _Kind("a response of a chat service", ("candidates",), ("usageMetadata", "modelVersion")),
    _Kind(_ISSUES, ("number", "title"), ("repository_url", "labels_url", "comments_url", "pull_request")),
    _Kind(_ISSUES, ("iid", "title"), ("project_id", "web_url")),
    _Kind("a list of code repositories", ("full_name",), ("stargazers_count", "default_branch")),
    _Kind("a list of posts of Reddit", ("subreddit",), ("selftext", "permalink", "score")),
    _Kind("a list of posts of Hacker News", ("title",), ("descendants", "story_text", "_highlightResult")),
    _Kind("a list of journals", ("title", "ISSN"), ("counts", "coverage", "last-status-check-time")),
    _Kind("news articles", ("articles", "totalResults")),
    _Kind("a list of videos", ("kind", "snippet")),
    _Kind("a recording of web traffic (HAR)", ("log",), ()),
    _Kind("the state of Terraform", ("terraform_version",)),
    _Kind("the configuration of a model", ("model_type",), ("architectures", "hidden_size", "vocab_size")),
    _Kind("the weight index of a model", ("weight_map",)),
    _Kind("a tokenizer", ("model", "pre_tokenizer")),
    _Kind("annotations of images", ("images", "annotations")),
    _Kind("a board of Trello", ("cards",), ("idOrganization", "lists")),
    _Kind("an animation", ("layers", "fr"), ("op", "ip")),
    _Kind("a list of questions of Stack Exchange", ("question_id", "title")),
    _Kind("linked data (JSON-LD)", ("@context",), ("@graph", "@type", "@id")),
)
_LIBRARY_FIELDS = {"paperreader", "library", "generation"}
_LIBRARY_FILE = (
    "the file of a library, not an export; open it with --library and its folder, or export it with "
    "`paperreader export --output reading.jsonl` and import that"
)
_GEO_JSON = frozenset(("FeatureCollection", "Feature", "GeometryCollection"))
_SERVICE_ERRORS = ("error", "message", "detail")


def refusal(values: list[Any]) -> str:
    """Return what the values are if they are a well-known file without papers, in words; empty for any other."""
    texts = [value for value in values if isinstance(value, str)]
    if texts and len(texts) == len(values) and not any(text.lstrip()[:1] in ("{", "(") for text in texts):
        return _describe_texts(texts)
    first = next((value for value in values if isinstance(value, dict)), None)
    if first is None:
        return ""
    if first.keys() >= _LIBRARY_FIELDS:
        return _LIBRARY_FILE
    if object_format(first):
        return ""
    inner = first["data"] if isinstance(first.get("data"), dict) else first
    if isinstance(inner.get("markdown"), str):
        return "a web page as Markdown inside JSON; save the text of its field “markdown” as a file and import that"
    kind = describe_other_file(first)
    return f"{kind}, which contains no papers" if kind else ""


def describe_other_file(data: Mapping[str, Any]) -> str:
    """Return what an object without papers is, in words; empty if it is of none of the well-known files."""
    if str(data.get("type")) in _GEO_JSON and not {"features", "geometry", "geometries"}.isdisjoint(data):
        return "a map (GeoJSON)"
    if str(data.get("version", "")).startswith("https://jsonfeed.org/"):
        return "a JSON Feed"
    if isinstance(log := data.get("log"), dict) and "entries" not in log:
        data = {name: item for name, item in data.items() if name != "log"}
    names = frozenset(data)
    if found := _cached_kind(names) if len(names) <= _MAX_CACHED_NAMES else _describe_names(names):
        return found
    is_schema = "$schema" in data and not {"properties", "$defs", "definitions", "type"}.isdisjoint(data)
    return "a JSON schema" if is_schema else ""


def _describe_texts(values: list[str]) -> str:
    """Return what a list of texts is, in words, with advice."""
    if all(map(parse_arxiv_id, values)):
        return "a list of arXiv ids, not of papers; `paperreader add` downloads the papers of ids"
    return "a list of texts, not of papers"


def describe_fields(data: Mapping[str, Any]) -> str:
    """Return the names of the fields of an object, in words."""
    names = [f"“{single_line(str(name))[:40]}”" for name in list(data)[:MAX_NAMES]]
    more = f" and {len(data) - MAX_NAMES} more" if len(data) > MAX_NAMES else ""
    return f"its fields are {', '.join(names)}{more}" if names else "it has no fields"


def error_message(data: Mapping[str, Any]) -> str:
    """Return the message of an object that a server sent instead of papers; empty if it is none."""
    if "title" in data:
        return ""
    return next((data[name] for name in _SERVICE_ERRORS if isinstance(data.get(name), str)), "")


def _describe_names(names: frozenset[str]) -> str:
    """Return what an object with fields of these names is; empty if it is of none of the well-known files."""
    return next(
        (
            kind.description
            for kind in _KINDS
            if names.issuperset(kind.fields) and not (kind.one_of and names.isdisjoint(kind.one_of))
        ),
        "",
    )


_cached_kind = lru_cache(64)(_describe_names)
"""The objects of a file have the same names."""

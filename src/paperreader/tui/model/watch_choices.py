"""What of a paper can be watched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from paperreader.models import Paper
from paperreader.text.categories import all_categories
from paperreader.text.query.watched import WatchKind, parse_watched
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import url_key
from paperreader.tui.model.similar_papers import MAX_AUTHORS, MAX_KEYWORDS

if TYPE_CHECKING:
    from paperreader.library import WatchedEntry

MAX_REPOSITORIES = 2


class WatchChoice(NamedTuple):
    """Something that can be watched, or is watched."""

    kind: WatchKind
    name: str
    is_watched: bool = False


def watch_choices(paper: Paper, entries: Iterable[WatchedEntry]) -> list[WatchChoice]:
    """Return the `entries` that the paper has, then its authors, categories, repositories and keywords."""
    watched = [WatchChoice(entry.kind, entry.name, True) for entry in entries]
    known = {(kind, name.casefold()) for kind, name, _ in watched}
    others = dict.fromkeys(_offered(paper))
    return [*watched, *(each for each in others if (each.kind, each.name.casefold()) not in known)]


def _offered(paper: Paper) -> Iterator[WatchChoice]:
    authors = paper.authors
    if len(authors) > MAX_AUTHORS:
        authors = (*authors[: MAX_AUTHORS - 1], authors[-1])
    values: list[tuple[WatchKind, str]] = [
        *(("authors", tex_to_unicode(name)) for name in authors),
        *(("categories", name) for name in all_categories(paper)),
        *(("repositories", name) for name in _repositories(paper)),
        *(("words", tex_to_unicode(name)) for name in paper.keywords[:MAX_KEYWORDS]),
    ]
    for kind, text in values:
        try:
            yield WatchChoice(kind, parse_watched(kind, single_line(text)))
        except ValueError:
            continue  # such as a name without letters


def _repositories(paper: Paper) -> Iterator[str]:
    """Yield the repositories of a paper, each with its owner."""
    for link in [link for link in paper.links if link.kind == "code"][:MAX_REPOSITORIES]:
        key = url_key(link.url)
        yield key
        owner = key.rpartition("/")[0]
        if "/" in owner:
            yield owner

"""The tools that read: search, papers, views and full texts. Nothing is requested from a service."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from paperreader.errors import LockTimeout, NotFound
from paperreader.mcp_server.answers import (
    MAX_NAME_CHARS,
    MAX_TEXT_CHARS,
    Answer,
    cut_text,
    listed_paper,
    page_of_papers,
    paper_answer,
)
from paperreader.text.sanitize import sanitize, single_line

if TYPE_CHECKING:
    from paperreader.fulltext import Document
    from paperreader.library import Library
    from paperreader.models import SearchHits

IndexTask = Literal["reindex", "index-texts"]
"""Jobs that update an index."""

MAX_QUERY_CHARS = 2_000
MAX_PAPERS = 50
MAX_PASSAGE_CHARS = 30_000
"""Of a full text in one answer."""

QUERY_VIEWS: Mapping[str, str] = {
    "foryou": "is:unread -is:bookmarked sort:foryou",
    "watched": "is:watched",
    "updated": "is:updated",
}
"""Queries of views that are not among those of the library. Subscriptions of the same name come first."""

MAX_SUBSCRIPTIONS = 100
MAX_SECTIONS = 100

PaperId = Annotated[
    str,
    Field(max_length=MAX_TEXT_CHARS, description="an id from another tool, an arXiv id, a DOI or an address"),
]
Limit = Annotated[int, Field(ge=1, le=MAX_PAPERS, description="how many papers to return at most")]
Offset = Annotated[int, Field(ge=0, description="how many papers to skip")]

_HEADING = re.compile(r"#{1,6} +(.*)")

_INDEX_IS_BEHIND = "Another paperreader is updating the search index; the newest papers may be missing."


class LibraryTools:
    """Answers questions about a library. Every answer is bounded (see `answers`).

    Args:
        library: the library. Changes of other processes are seen by the next call.
        update_index: updates an index in another process. Raises `LockTimeout` while yet another process does that.
    """

    def __init__(self, library: Library, update_index: Callable[[IndexTask], None]) -> None:
        self._library, self._update_index = library, update_index
        self._rendered: tuple[tuple[str, int], str] = (("", 0), "")
        """The last full text as Markdown, by paper and version: assistants read it in several parts."""

    def search(
        self,
        query: Annotated[
            str,
            Field(
                max_length=MAX_QUERY_CHARS,
                description='words, "phrases", -exclusions and fields such as author:hinton, cat:cs.CL, tag:rl, '
                "date:2025.., date:7d, has:code, is:bookmarked, is:unread, sort:votes; "
                'text:"..." searches in stored full texts. An empty query matches all papers.',
            ),
        ],
        limit: Limit = 10,
        offset: Offset = 0,
    ) -> Answer:
        """Search the papers of the user's library.

        `total` counts the papers with every word. Others follow them: with some of the words ("match": "some"), or near
        in meaning ("near"). A query that begins with ~ ranks all papers by meaning; like:ID finds related ones.
        """
        library = self._library
        library.refresh()
        notes = self._prepare_index(query)
        hits = library.search(query, corrects=True, meaning=True)
        notes += [note for note in (hits.hint and f"Searched as plain words: {hits.hint}",) if note]
        if hits.corrected:
            notes.append(f"Nothing matched; these are the results for: {hits.corrected}")
        papers = (
            self._found_paper(hits, rank) for rank in range(offset, min(offset + limit, len(hits.rows)))
        )
        missing = [cut_text(name, MAX_NAME_CHARS) for name in hits.missing[:MAX_PAPERS]]
        page = page_of_papers(papers, offset, len(hits.rows))
        return {"total": hits.match_count, **page, "not_in_library": missing, "notes": notes}

    def show_paper(self, id: PaperId) -> Answer:
        """Return everything the library knows about one paper: abstract, links, the user's note, tags, highlights,
        and summaries that commands generated.
        """
        self._library.refresh()
        row = self._library.resolve(id)
        paper = self._library.paper(row)
        texts = self._library.full_texts.stored(paper.id)
        return paper_answer(paper, self._library.mark(row)) | {"has_full_text": bool(texts)}

    def list_views(self) -> Answer:
        """List the views and the user's subscriptions (saved searches), with the number of their papers."""
        from paperreader.library import FOR_YOU, VIEWS, subscription_counts, view_for_query
        from paperreader.subscriptions import load_subscriptions

        library = self._library
        library.refresh()
        counts = library.view_counts()
        views = [{"name": view, "papers": counts.size_of(view)} for view in VIEWS]
        entries = load_subscriptions().entries[:MAX_SUBSCRIPTIONS]
        notes = self._prepare_index("")
        others = {name: view_for_query(query) for name, query in QUERY_VIEWS.items()} | {"foryou": FOR_YOU}
        views += [{"name": name, "papers": len(library.view(view))} for name, view in others.items()]
        sizes = subscription_counts(library, entries) if entries else {}
        subscriptions = [
            {
                "name": single_line(entry.name),
                "query": cut_text(single_line(entry.query), MAX_NAME_CHARS),
                "papers": sizes[entry.name].all,
                "new": sizes[entry.name].new,
            }
            for entry in entries
        ]
        return {"views": views, "subscriptions": subscriptions, "notes": notes}

    def list_papers(
        self,
        view: Annotated[
            str,
            Field(
                max_length=MAX_TEXT_CHARS,
                description="the name of a view or subscription (list_views); foryou is ordered by how well papers fit "
                "the user, watched has what is on the user's watch list, updated has newer versions",
            ),
        ] = "new",
        limit: Limit = 20,
        offset: Offset = 0,
    ) -> Answer:
        """List the papers of a view or of a subscription."""
        library = self._library
        library.refresh()
        rows = self._rows_of(view)
        papers = [
            listed_paper(library.paper(row), library.mark(row)) for row in rows[offset : offset + limit]
        ]
        return {"view": view, "total": len(rows), "papers": papers}

    def full_text(
        self,
        id: PaperId,
        offset: Annotated[int, Field(ge=0, description="where to begin, in characters; see next_offset")] = 0,
        length: Annotated[int, Field(ge=100, le=MAX_PASSAGE_CHARS, description="in characters")] = 20_000,
    ) -> Answer:
        """Return a part of the full text of a paper as Markdown with formulas as TeX, and its sections.

        Only texts that are stored can be read.
        """
        self._library.refresh()
        paper = self._library.paper(self._library.resolve(id))
        document = self._library.full_texts.load(paper.id)
        if document is None:
            advice = f" The user can fetch it with `paperreader text {paper.id}`." if paper.arxiv else ""
            raise NotFound(f"The full text of {paper.id} is not stored.{advice}")
        text = self._markdown(paper.id, document)
        end = min(offset + length, len(text))
        return {
            "id": paper.id,
            "version": document.version or None,
            "source": document.source,
            "text": text[offset:end],
            "next_offset": end if end < len(text) else None,
            "length": len(text),
            "sections": list(_sections(text))[:MAX_SECTIONS],
        }

    def _found_paper(self, hits: SearchHits, rank: int) -> Answer:
        """Return the paper at a rank, whether it has every word, and the sentence of its full text that matches."""
        from paperreader.library import matching_sentence

        row = hits.rows[rank]
        paper = listed_paper(self._library.paper(row), self._library.mark(row))
        others = "near" if hits.ends_with_near else "some"
        paper["match"] = "all" if rank < hits.full_matches else others
        sentence = matching_sentence(hits.texts, row) if hits.texts is not None else None
        if sentence is not None:
            paper["sentence"] = cut_text(sentence.text, MAX_TEXT_CHARS)
        return paper

    def _rows_of(self, view: str) -> Sequence[int]:
        from paperreader.library import VIEWS, subscription_rows
        from paperreader.subscriptions import load_subscriptions

        if view in VIEWS:
            return self._library.view(view)
        if (entry := load_subscriptions().find(view)) is None:
            if query := QUERY_VIEWS.get(view):
                self._prepare_index(query)
                hits = self._library.search(query)
                return hits.rows[: hits.match_count]
            raise NotFound(f'There is no view or subscription "{single_line(view)}". list_views names them.')
        self._prepare_index(entry.query)
        return subscription_rows(self._library, entry)

    def _prepare_index(self, query: str) -> list[str]:
        """Update the indexes that a query needs, and return what to note about them."""
        from paperreader.text.query import searches_full_texts

        library = self._library
        tasks: list[IndexTask] = [] if library.maintenance.index_is_current() else ["reindex"]
        if searches_full_texts(query) and not library.full_texts.index.is_current():
            tasks.append("index-texts")
        try:
            for task in tasks:
                self._update_index(task)
        except LockTimeout:
            return [_INDEX_IS_BEHIND]
        return []

    def _markdown(self, id: str, document: Document) -> str:
        from paperreader.fulltext import render_markdown

        key = (id, document.version)
        if self._rendered[0] != key:
            self._rendered = (key, sanitize("\n".join(render_markdown(document))))
        return self._rendered[1]


def _sections(text: str) -> Iterator[dict[str, object]]:
    """Yield the headings of a Markdown text with their offsets."""
    offset, in_code = 0, False
    for line in text.split("\n"):
        if line.startswith("```"):
            in_code = not in_code
        elif not in_code and (heading := _HEADING.fullmatch(line)):
            yield {"title": cut_text(heading[1], MAX_NAME_CHARS), "offset": offset}
        offset += len(line) + 1

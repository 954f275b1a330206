"""Evaluate filters (dates, votes, links, marks, authors, ids, categories …) as masks over catalog rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from paperreader.models import (
    CODE_FLAG,
    DATA_FLAG,
    EMPTY_MARK,
    MODEL_FLAG,
    PROJECT_FLAG,
    UNKNOWN_NUMBER,
    NumericColumns,
    PaperTable,
)
from paperreader.search.metadata.lookup import MetadataState
from paperreader.search.metadata.tables import NamePart
from paperreader.search.query.mark_index import MarkIndex
from paperreader.search.query.plan import MetadataTerm, TermGroup
from paperreader.text.ids import parse_arxiv_id, parse_doi
from paperreader.text.query import ChoiceFilter, RangeFilter
from paperreader.text.query.category_names import categories_with_subject
from paperreader.text.sanitize import fold_for_search
from paperreader.text.urls import repository_keys

FilterNode: TypeAlias = RangeFilter | ChoiceFilter | MetadataTerm | TermGroup

Mask = NDArray[np.bool_]
"""For every row, whether its paper matches."""

ComputedRows: TypeAlias = Mapping[str, Collection[int]]
"""Rows by values of `is:` that do not only depend on the marks."""

NOTHING_COMPUTED: ComputedRows = MappingProxyType({})

RECENCY_WEIGHT, VOTES_WEIGHT = 0.03, 0.03
"""Maximum share of the score that recency and votes add: enough to order papers that match about equally well."""

RECENCY_HALF_LIFE_YEARS = 2.0
"""Years after which the recency bonus is halved."""

VOTES_SATURATION = 500

_FILE_OF_SOURCE = re.compile(r"[^()]+ \((.+)\)")

_FLAGS = {"code": CODE_FLAG, "project": PROJECT_FLAG, "model": MODEL_FLAG, "data": DATA_FLAG}


def read_column(columns: NumericColumns, name: str, size: int, absent: int) -> NDArray[np.int64]:
    """Return a column for `size` rows, with `absent` for rows that the table does not have."""
    kind, at = columns.fields[name]
    there = min(columns.row_count, size)
    found = np.full(size, absent, np.int64)
    if there:
        found[:there] = np.ndarray((there,), f"={kind}", columns.data, at, (columns.stride,))
    return found


def static_scores(days: NDArray[np.int64], votes: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the query-independent factor of each paper's score.

    `1 + RECENCY_WEIGHT * 2^(-age / RECENCY_HALF_LIFE_YEARS) + VOTES_WEIGHT * log votes`, where the logarithm is scaled
    from 0 for no votes to 1 for `VOTES_SATURATION`. The age is relative to the newest paper, so that results do not
    depend on the current date.
    """
    years = days // 10_000 + (days // 100 % 100) / 12 + days % 100 / 365
    age = np.where(days > 0, years.max(initial=0) - years, np.inf)
    liked = np.log1p(np.clip(votes, 0, VOTES_SATURATION)) / np.log1p(VOTES_SATURATION)
    found: NDArray[np.float32] = (
        1 + RECENCY_WEIGHT * 2 ** (-age / RECENCY_HALF_LIFE_YEARS) + VOTES_WEIGHT * liked
    ).astype(np.float32)
    return found


class PaperColumns:
    """Numeric columns of one catalog table as arrays."""

    def __init__(self, table: PaperTable, size: int) -> None:
        self.catalog_version = table.version
        self.row_count = size
        self.days = read_column(table.columns, "day", size, 0)
        """YYYYMMDD of every row; 0 when unknown."""
        self.number = cache(lambda name: read_column(table.columns, name, size, UNKNOWN_NUMBER))
        """Votes, comments or stars of every row, by name; `UNKNOWN_NUMBER` for none."""
        self.flags = read_column(table.columns, "flags", size, 0)
        self.static_scores = static_scores(self.days, self.number("votes"))
        """Factor of each row's score (float32)."""


class PaperFilters:
    """Evaluates filters over one catalog table and one state of the marks.

    Args:
        table: the catalog.
        columns: its numeric columns.
        mark_index: the marks.
        metadata: returns the index of authors, ids and sources, which may have to be read first.
        computed: rows of papers that are `new` unless they are marked otherwise, `watched`, or `updated`.
        stored_texts: returns the rows of the papers whose full texts are stored. Reads names of files.
        citations: returns the numbers of citations by row. Reads a file.
    """

    def __init__(
        self,
        table: PaperTable,
        columns: PaperColumns,
        mark_index: MarkIndex,
        metadata: Callable[[], MetadataState],
        computed: ComputedRows,
        stored_texts: Callable[[], Iterable[int]],
        citations: Callable[[], Mapping[int, int]],
    ) -> None:
        self._table = table
        self._columns = columns
        self._mark_index = mark_index
        self._metadata = metadata
        self._computed = computed
        self._stored_texts = stored_texts
        self._citations = citations

    def mask(self, node: FilterNode) -> Mask:
        """Return the rows that match, removed papers included. A term group here is an `author:` filter."""
        return FIELD_FILTERS[node.field](self, node)

    def unlisted(self, asked: Collection[str]) -> Mask | None:
        """Return the hidden and deleted papers, except for those that the query asks for; None if there are none.

        Args:
            asked: values of `is:` in the query.
        """
        rows = [
            row
            for row in self._mark_index.unlisted
            if ("deleted" if self._mark_index.marks[row].is_deleted else "hidden") not in asked
        ]
        return self._row_mask(rows) if rows else None

    def numbers(self, name: str) -> NDArray[np.int64]:
        """Return votes, comments, stars or citations of every row, by name; `UNKNOWN_NUMBER` for none."""
        if name != "citations":
            return self._columns.number(name)
        found = np.full(self._columns.row_count, UNKNOWN_NUMBER, np.int64)
        counts = self._citations()
        rows = np.fromiter(counts.keys(), np.int64, len(counts))
        found[rows] = np.fromiter(counts.values(), np.int64, len(counts))
        return found

    # One function for each field; see `FIELD_FILTERS`.

    def _date(self, node: RangeFilter) -> Mask:
        return (self._columns.days >= max(node.minimum, 1)) & (self._columns.days <= node.maximum)

    def _number(self, node: RangeFilter) -> Mask:
        numbers = self.numbers(node.field)
        return (numbers >= node.minimum) & (numbers <= node.maximum)

    def _has(self, node: ChoiceFilter) -> Mask:
        if node.value == "note":
            return self._row_mask(self._mark_index.with_note)
        if node.value == "summary":
            return self._row_mask(self._mark_index.with_summary)
        if node.value == "text":
            return self._row_mask(self._stored_texts())
        linked: Mask = (self._columns.flags & _FLAGS[node.value]) != 0
        return linked

    def _is(self, node: ChoiceFilter) -> Mask:
        if node.value == "new":
            marks = self._mark_index.marks
            arrived = self._computed.get("new", ())
            return self._row_mask(row for row in arrived if marks.get(row, EMPTY_MARK).may_be_new)
        if node.value in ("watched", "updated"):
            return self._row_mask(self._computed.get(node.value, ()))
        if node.value == "unread":
            return ~self._row_mask(self._mark_index.read)
        return self._row_mask(getattr(self._mark_index, node.value))

    def _author(self, node: TermGroup) -> Mask:
        *before, last = node.slots
        metadata = self._metadata()
        fuzzy = metadata.authors.similar_words(last.word) if last.is_fuzzy else ()
        start = "".join(f"{slot.word} " for slot in before)
        phrases = [start + word for word in dict.fromkeys((last.word, *fuzzy))]
        found = self._row_mask(metadata.authors.rows_with_name(phrases, is_prefix=last.is_prefix))
        if before and not last.is_fuzzy:
            words = tuple(slot.word for slot in node.slots)
            people = metadata.authors.rows_of_person(words, is_prefix=last.is_prefix, is_ordered=True)
            found |= self._row_mask(people)
        return found

    def _tag(self, node: MetadataTerm) -> Mask:
        return self._row_mask(self._mark_index.rows_with_tag(node.name, allow_prefix=node.is_prefix))

    def _source(self, node: MetadataTerm) -> Mask:
        # Files are shown as `BibTeX (references.bib)`.
        shown = _FILE_OF_SOURCE.fullmatch(node.name)
        return self._row_mask(
            self._metadata().rows_by_source(fold_for_search(shown[1] if shown else node.name))
        )

    def _id(self, node: MetadataTerm) -> Mask:
        for exact in (node.name, parse_arxiv_id(node.name), parse_doi(node.name)):
            row = self._table.row_of(exact) if exact else None
            if row is not None:
                return self._row_mask([row])
        prefix = parse_doi(node.name) or node.name.lower()
        return self._row_mask(self._metadata().names("id").rows_named(prefix, is_prefix=True))

    def _category(self, node: MetadataTerm) -> Mask:
        categories = self._metadata().names("category")
        found = [np.empty(0, np.int64)]
        for name in filter(None, re.split(r"[|,]+", node.name.lower())):
            rows = (
                categories.rows_named(name, is_prefix=True) if node.is_prefix else categories.rows_below(name)
            )
            found.append(rows)
            if not len(rows):  # a subject class without its archive
                found += [categories.rows_below(each) for each in categories_with_subject(name)]
        return self._row_mask(np.concatenate(found))

    def _keyword(self, node: MetadataTerm) -> Mask:
        return self._row_mask(self._names_containing("keyword", node))

    def _venue(self, node: MetadataTerm) -> Mask:
        return self._row_mask(self._names_containing("venue", node))

    def _repository(self, node: MetadataTerm) -> Mask:
        links = self._metadata().names("link")
        found = [np.empty(0, np.int64)]
        for key in repository_keys(node.name):
            found.append(links.rows_named(key, is_prefix=node.is_prefix))
            found.append(links.rows_named(f"{key}/", is_prefix=True))
        return self._row_mask(np.concatenate(found))

    def _names_containing(self, part: NamePart, node: MetadataTerm) -> NDArray[np.int64]:
        words = " ".join(fold_for_search(node.name).split())
        return self._metadata().names(part).rows_containing(words, is_prefix=node.is_prefix)

    def _added(self, node: RangeFilter) -> Mask:
        days = self._metadata().added_days(self._columns.row_count)
        return (days >= max(node.minimum, 1)) & (days <= node.maximum)

    def _row_mask(self, rows: Iterable[int] | NDArray[np.int64]) -> Mask:
        mask = np.zeros(self._columns.row_count, np.bool_)
        chosen = rows if isinstance(rows, np.ndarray) else np.fromiter(rows, np.int64)
        mask[chosen[chosen < self._columns.row_count]] = True
        return mask


FIELD_FILTERS: Mapping[str, Callable[[PaperFilters, Any], Mask]] = {
    "date": PaperFilters._date,
    **dict.fromkeys(("votes", "stars", "comments", "citations"), PaperFilters._number),
    "has": PaperFilters._has,
    "is": PaperFilters._is,
    "author": PaperFilters._author,
    "tag": PaperFilters._tag,
    "source": PaperFilters._source,
    "id": PaperFilters._id,
    "cat": PaperFilters._category,
    "keyword": PaperFilters._keyword,
    "venue": PaperFilters._venue,
    "repo": PaperFilters._repository,
    "added": PaperFilters._added,
}
"""Filter functions of all fields that are not tokenized, by field name. The kind of the field determines the node type:
`RangeFilter` for dates and numbers, `ChoiceFilter` for choices, `TermGroup` for people, `MetadataTerm` for names."""

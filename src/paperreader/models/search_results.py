"""Results of queries over a `PaperTable`, and completions of queries."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence

from msgspec import Struct

from paperreader.models.paper_table import SortOrder


class Completion(Struct, frozen=True):
    """A completion of a query."""

    text: str
    start: int
    end: int
    """The characters of the query from `start` to `end` are replaced by `text`."""
    description: str = ""
    """A few words about it, such as how many papers it matches."""


FindMatches = Callable[[str], list[tuple[int, int]]]
"""Returns start and end of the words of a displayed text that match a query in any of their forms, in characters."""


class TextMatches(Struct, frozen=True, eq=False):
    """Where to find the words of a query that were searched in full texts. Thread-safe."""

    find_matches: FindMatches
    rows: Container[int]
    """Rows of the papers that have an indexed full text."""
    blocks: Callable[[int], Sequence[str] | None]
    """Returns the text of each block of the full text at a row; None if there is none. Reads a file."""
    words: int = 1
    """How many different words and phrases of the query a text can contain."""
    is_indexed: bool = True
    """False if there is no index, or it is damaged, and it has to be built."""


class NearMatches(Struct, frozen=True, eq=False):
    """What of the results is near to a query in meaning."""

    count: int
    """How many of the last results are ranked by words and meaning."""
    is_requested: bool
    """Whether the query asks for meaning: then no result counts as a full match."""
    nearness: Callable[[str], float]
    """Returns the cosine between the query and a text, which takes some microseconds for each word. Thread-safe."""
    problem: str = ""
    """Why papers cannot be found by their meaning, as a sentence; empty if they can."""
    is_complete: bool = True
    """Whether all papers can be found by their meaning; otherwise that is being prepared, or has to be."""


class SearchHits(Struct, frozen=True, eq=False):
    """The results of a query over one `PaperTable`."""

    query: str
    generation: int
    rows: Sequence[int]
    """Ranked rows: the full matches; if they are fewer than ten, then papers with some of the words, or near ones."""
    full_matches: int
    """How many of `rows` contain every word: the total that is shown."""
    scores: Sequence[float]
    """As long as `rows`; zeros if the query does not rank."""
    seconds: float
    find_matches: FindMatches
    hint: str = ""
    """The part of the query that was not understood and was searched as plain words."""
    suggestion: str = ""
    """A query with corrected spelling, if there were hardly any results."""
    corrected: str = ""
    """The query with corrected spelling that was searched instead of `query`, which nothing matches in full."""
    sorted_by: SortOrder = "relevance"
    """Order of the full matches: as the query requests, else by date if it has no words."""
    is_reversed: bool = False
    """Whether that order is reversed."""
    texts: TextMatches | None = None
    """None if no word was searched in full texts."""
    missing: tuple[str, ...] = ()
    """arXiv ids, DOIs and URLs in the query whose papers are not in the library."""
    near: NearMatches | None = None
    """None if meaning was not asked for, or not needed because there are enough full matches."""
    can_be_completed: bool = False
    """Whether papers that are near in meaning would complete the list, which was searched by words only."""

    @property
    def ends_with_near(self) -> bool:
        """Whether what follows the full matches is near in meaning, instead of partial matches."""
        return self.near is not None and self.near.count > 0

    @property
    def is_by_meaning(self) -> bool:
        """Whether the query asks for papers that are near in meaning, so that none is a full match."""
        return self.near is not None and self.near.is_requested

    @property
    def match_count(self) -> int:
        """How many of `rows`, from the first, match: in full, or near in meaning if the query asks for that."""
        return len(self.rows) if self.is_by_meaning else self.full_matches

    def __iter__(self) -> Iterator[int]:
        return iter(self.rows)

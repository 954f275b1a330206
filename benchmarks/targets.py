"""What each figure should be at most, or at least: the only place where targets are written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

Percentile = Literal["p50", "p95"]


class Figure(Struct, frozen=True):
    """A measured figure: the 50th and 95th percentile of its values."""

    name: str
    unit: str
    p50: float
    p95: float
    count: int = 1
    """Of values."""
    others: dict[str, tuple[float, float]] = field(default_factory=dict)
    """The same percentiles of other programs."""


class Target(Struct, frozen=True):
    """The limit of a percentile of a figure."""

    benchmark: str
    figure: str
    percentile: Percentile
    limit: float
    relative_to: str = ""
    """The program whose percentile the limit is a multiple of."""
    is_minimum: bool = False

    def describe(self) -> str:
        """Return the target as text."""
        bound = "at least" if self.is_minimum else "at most"
        multiple = f" times {self.relative_to}" if self.relative_to else ""
        return f"{self.percentile} {bound} {self.limit:g}{multiple}"


TARGETS = (
    Target("importing", "import, relative to newsboat", "p50", 1.5),
    Target("importing", "import, maximum memory", "p50", 700),
    Target("importing", "trends of 52 weeks, after the start", "p50", 0.5),
    Target("importing", "50 more papers, after the start", "p50", 0.3),
    Target("search", "typing, a letter each", "p50", 1.5),
    Target("search", "typing, a letter each", "p95", 1, relative_to="tantivy"),
    Target("search", "common word", "p95", 5),
    Target("search", "phrase", "p95", 1.2, relative_to="tantivy"),
    Target("worst_case", "slowest query", "p50", 100),
    Target("reader", "start, relative to a minimal app", "p50", 1.3),
    Target("reader", "start with a saved frame, relative to a minimal app", "p50", 0.5),
    Target("reader", "--version, over python -c pass", "p50", 60),
    Target("reader", "--help, over python -c pass", "p50", 60),
    Target("reader", "first letter after the start, echo", "p95", 33),
    Target("reader", "first letter after the start, results", "p50", 150),
    Target("reader", "first letter after the start, results, with a watch list", "p50", 200),
    Target("reader", "letter to echo in the search bar", "p50", 5),
    Target("reader", "letter to echo in the search bar", "p95", 10),
    Target("reader", "letter to painted results", "p50", 20),
    Target("reader", "letter to painted results", "p95", 40),
    Target("reader", "anonymous memory after 100 searches", "p50", 150),
    Target("reader", "j held", "p95", 33),
    Target("reader", "PageDown", "p95", 33),
    Target("reader", "G", "p95", 33),
    Target("reader", "g", "p95", 33),
    Target("reader", "PageDown to the end, memory growth", "p50", 5),
    Target("reader", "2,000 times j, memory growth", "p50", 5),
    Target("reader", "j held during an import", "p95", 33),
    Target("reader", "letter to painted results, 200 by 60", "p50", 20),
    Target("reader", "letter to painted results, 200 by 60", "p95", 40),
    Target("reader", "letter to echo during an import", "p95", 33),
    Target("near", "added", "p50", 10),
    Target("near", "added, 8,000 papers", "p50", 1),
    Target("large_inputs", "j held while all papers are bookmarked", "p95", 33),
    Target("large_inputs", "j held while that is undone", "p95", 33),
    Target("large_inputs", "to and from an abstract of 5 MB", "p95", 100),
    Target("large_inputs", "search that finds an abstract of 5 MB", "p95", 100),
    Target("large_inputs", "search that finds an abstract of 5 MB, results", "p95", 100),
    Target("large_inputs", "j held with 10,000 subscriptions", "p95", 100),
    Target("large_inputs", "to a subscription of 10,000 and back", "p95", 100),
    Target("large_inputs", "bookmark with 10,000 subscriptions", "p95", 100),
    Target("large_inputs", "j held with a notebook of 25 MB", "p95", 100),
    Target("large_inputs", "bookmark in a notebook of 25 MB", "p95", 100),
    Target("large_inputs", "search in a notebook of 25 MB", "p95", 100),
    Target("growth", "1,000,000 papers, import peak MB", "p50", 900),
    Target("growth", "1,000,000 papers, search p95 ms", "p50", 30),
    Target("growth", "1,000,000 papers, 50 more seconds", "p50", 0.4),
    Target("fulltext", "words kept, worst page", "p50", 99.5, is_minimum=True),
    Target("fulltext", "words invented, all pages", "p50", 0),
    Target("fulltext", "references that name an id, id found", "p50", 99, is_minimum=True),
    Target("fulltext", "internal links that reach a block", "p50", 100, is_minimum=True),
    Target("reading", "stored text, key to first painted line", "p95", 150),
    Target("reading", "j", "p95", 16),
    Target("reading", "page", "p95", 16),
    Target("reading", "next section", "p95", 16),
    Target("reading", "jump to a reference", "p95", 16),
    Target("reading", "page, while figures are fetched", "p95", 16),
    Target("reading", "search inside, letter to highlighted matches", "p95", 30),
    Target("reading", "memory of the open text", "p50", 25),
    Target("reading", "page of 1.5 MB on disk to painted text", "p50", 500),
    Target("reading", "key to its echo meanwhile", "p95", 33),
    Target("fulltext_search", "index 1,000 texts in a child", "p50", 60),
    Target("fulltext_search", "query of any kind", "p95", 50),
    Target("fulltext_search", "disk: texts and index", "p50", 300),
    Target("fulltext_search", "letter to its echo, full texts", "p95", 33),
)


def format_number(value: float) -> str:
    """Return a figure with the digits that count."""
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def targets_of(benchmark: str, figure: str) -> list[Target]:
    """Return the targets of a figure."""
    return [each for each in TARGETS if (each.benchmark, each.figure) == (benchmark, figure)]


def missed_target(target: Target, figures: Sequence[Figure]) -> str:
    """Return what was measured if it misses the target; empty if it meets it, or cannot be compared."""
    figure = next((each for each in figures if each.name == target.figure), None)
    if figure is None or (target.relative_to and target.relative_to not in figure.others):
        return ""
    index = ("p50", "p95").index(target.percentile)
    value = (figure.p50, figure.p95)[index]
    base = figure.others[target.relative_to][index] if target.relative_to else 1.0
    is_met = value >= target.limit * base if target.is_minimum else value <= target.limit * base
    return "" if is_met else f"{format_number(value)} {figure.unit}"


def is_measured(target: Target, figures: Sequence[Figure]) -> bool:
    """Return whether the figures contain what the target limits."""
    found = [each for each in figures if each.name == target.figure]
    return bool(found) and (not target.relative_to or target.relative_to in found[0].others)

"""Write the figures of a run into the tables of the documentation.

    python benchmarks/documented.py RESULTS [DOCUMENT]

RESULTS is the `all.json` of a run with `--million`. A figure that it does not have is an error, and so is a row that
DOCUMENT (docs/performance.md) does not have.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from targets import Figure

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"

Rows = dict[str, tuple[str, ...]]
"""The last cells of each row, by its first cell.

`<benchmark: figure>` is replaced by `p50 / p95` of the figure, or by one of the two and with a format if these follow:
`<reader: j held; p95; .1f>`. A name in parentheses is that of another program.
"""

READER: Rows = {
    "start, relative to a minimal Textual app": (
        "<reader: start, relative to a minimal app; p50; .2f> (<reader: reader, start to painted list; p50> / "
        "<reader: minimal Textual app, start to painted list; p50> ms)",
    ),
    "the same, with 8,000 marked papers": (
        "<reader: start with 8,000 marked papers, relative to a minimal app; p50; .2f>",
    ),
    "the same, with a saved frame": (
        "<reader: start with a saved frame, relative to a minimal app; p50; .2f> "
        "(<reader: reader, start with a saved frame to painted list; p50> ms)",
    ),
    "`--version`, `--help` over `python -c pass`": (
        "<reader: --version, over python -c pass; p50>, <reader: --help, over python -c pass; p50>",
    ),
    "echo of the first letter right after the start": ("<reader: first letter after the start, echo>",),
    "the same, painted results": ("<reader: first letter after the start, results>",),
    "the same, and a watch list": ("<reader: first letter after the start, results, with a watch list>",),
    "echo of a letter": ("<reader: letter to echo in the search bar>",),
    "letter to painted results": ("<reader: letter to painted results>",),
    "the same in a terminal of 200 by 60": ("<reader: letter to painted results, 200 by 60>",),
    "`j` held down": ("<reader: j held>",),
    "PageDown": ("<reader: PageDown>",),
    "`G`": ("<reader: G>",),
    "`g`": ("<reader: g>",),
    "`j` held down, during an import": ("<reader: j held during an import>",),
    "echo of a letter, during an import": ("<reader: letter to echo during an import>",),
    "anonymous memory at the start, MB": ("<reader: anonymous memory at the start; p50>",),
    "anonymous memory after 100 searches, MB": ("<reader: anonymous memory after 100 searches; p50>",),
    "memory growth from a quarter of PageDown through all papers to its end, MB": (
        "<reader: PageDown to the end, memory growth; p50>",
    ),
}

LARGE_INPUTS: Rows = {
    "`j` while 12,000 papers are bookmarked; while that is undone": (
        "<large_inputs: j held while all papers are bookmarked>; <large_inputs: j held while that is undone>",
    ),
    "to and from an abstract of 5 MB": ("<large_inputs: to and from an abstract of 5 MB>",),
    "a search that finds it: echo; results": (
        "<large_inputs: search that finds an abstract of 5 MB>; "
        "<large_inputs: search that finds an abstract of 5 MB, results>",
    ),
    "`j` with 10,000 subscriptions; to one and back; bookmark": (
        "<large_inputs: j held with 10,000 subscriptions>; <large_inputs: to a subscription of 10,000 and back>; "
        "<large_inputs: bookmark with 10,000 subscriptions>",
    ),
    "`j` with a notebook of 25 MB; bookmark; echo of a search": (
        "<large_inputs: j held with a notebook of 25 MB>; <large_inputs: bookmark in a notebook of 25 MB>; "
        "<large_inputs: search in a notebook of 25 MB>",
    ),
}

IMPORT: Rows = {
    "newsboat, the same papers as RSS, s (MB)": (
        "<importing: newsboat, time; p50> (<importing: newsboat, maximum memory; p50>)",
    ),
    "`paperreader import`, s": ("<importing: import, time; p50>",),
    "relative to newsboat": ("<importing: import, relative to newsboat; p50; .2f>",),
    "maximum memory, all processes, MB": ("<importing: import, maximum memory; p50>",),
    "processor time, s": ("<importing: import, processor time of all processes; p50>",),
    "50 more papers, after the start, s": ("<importing: 50 more papers, after the start; p50>",),
    "`trends --weeks 52`, after the start, s": ("<importing: trends of 52 weeks, after the start; p50>",),
}

ENGINE: Rows = {
    "typing, per letter": (
        "<search: typing, a letter each>",
        "<search: typing, a letter each (FTS5)>",
        "<search: typing, a letter each (tantivy)>",
    ),
    "common word": (
        "<search: common word>",
        "<search: common word (FTS5)>",
        "<search: common word (tantivy)>",
    ),
    "phrase": ("<search: phrase>", "<search: phrase (FTS5)>", "<search: phrase (tantivy)>"),
    "open": ("<search: open>", "", ""),
    "add 50 papers": ("<search: add 50 papers>", "", ""),
    "worst of 35 expensive queries": ("<worst_case: slowest query; p50>", "", ""),
}

FULL_TEXT_SEARCH: Rows = {
    "index all in a child process, s": ("<fulltext_search: index 1,000 texts in a child; p50>",),
    "the same, memory, MB": ("<fulltext_search: memory of this child; p50>",),
    "update after one text was removed, s": ("<fulltext_search: update after one text was removed; p50>",),
    "query of any kind": ("<fulltext_search: query of any kind>",),
    "first query, which opens the index": ("<fulltext_search: first query, which opens the index; p50>",),
    "sentence of a paper, in a thread": ("<fulltext_search: sentence of a paper>",),
    "echo of a letter in titles, 300 texts": ("<fulltext_search: letter to its echo, titles>",),
    "the same while sentences are found": ("<fulltext_search: letter to its echo, full texts>",),
    "disk: texts with their pages, and index, MB": ("<fulltext_search: disk: texts and index; p50>",),
}

NEAR: Rows = {
    "added to a query, p50 / p95": ("<near: added, 8,000 papers>", "<near: added>", ""),
    "ranking random vectors by words and meaning": (
        "<near: ranking, 8,000 random vectors>",
        "<near: ranking, 100,000 random vectors>",
        "<near: ranking, 1,000,000 random vectors>",
    ),
    "first use, which verifies the vectors, in steps that a new letter interrupts": (
        "",
        "<near: first use; p50>",
        "<near: first use, 1,000,000 random vectors; p50>",
    ),
    "anonymous memory, MB": ("", "<near: anonymous memory, more; p50>", ""),
}

VECTORS: Rows = {
    "cosine with each vector, ms": tuple(
        f"<near: cosines of {count} random vectors; p50>" for count in ("8,000", "100,000", "1,000,000")
    ),
    "signs first, then the cosines of 2,000, ms": tuple(
        f"<near: signs of {count} random vectors, then cosines of 2,000; p50>"
        for count in ("8,000", "100,000", "1,000,000")
    ),
}

READING: Rows = {
    "first opening, with imports, ms": ("<reading: first opening, with imports; p50>", ""),
    **{
        f"{label}, ms": tuple(f"<reading: {label.strip('`')}; {percentile}>" for percentile in ("p50", "p95"))
        for label in (
            "stored text, key to first painted line",
            "`j`",
            "page",
            "next section",
            "jump to a reference",
            "page, while figures are fetched",
            "search inside, letter to highlighted matches",
            "page of 1.5 MB on disk to painted text",
            "key to its echo meanwhile",
        )
    },
    "memory of the open text, MB": ("<reading: memory of the open text; p50>", ""),
}

SIZES = ("1,000", "10,000", "100,000", "1,000,000")
GROWTH: Rows = {
    label: tuple(f"<growth: {size} papers, {figure}; p50{format}>" for size in SIZES)
    for label, figure, format in (
        ("import, s", "import seconds", ""),
        ("import, processor time of all processes, s", "import CPU seconds", ""),
        ("import, maximum memory, MB", "import peak MB", ""),
        ("start, ms", "start ms", ""),
        ("start, relative to a minimal Textual app", "start, times minimal app", "; .2f"),
        ("search in the engine, p50, ms", "search p50 ms", ""),
        ("search in the engine, p95, ms", "search p95 ms", ""),
        ("memory after typed searches, MB", "memory MB", ""),
        ("50 more papers, after the start, s", "50 more seconds", "; .2f"),
        ("disk, MB", "disk MB", ""),
        ("disk, relative to the text", "disk times text", "; .1f"),
    )
}

TABLES: dict[str, Rows] = {
    "| reader |": READER,
    "| large inputs |": LARGE_INPUTS,
    "| import |": IMPORT,
    "| engine |": ENGINE,
    "| full texts |": FULL_TEXT_SEARCH,
    "| papers | 8,000 |": NEAR,
    "| | 8,000 |": VECTORS,
    "| full text on the screen |": READING,
    "| papers | 1,000 |": GROWTH,
}
"""The rows of each table, by the beginning of its first line."""

_PLACEHOLDER = re.compile(r"<(\w+): ([^;>]+?)(?: \((\w+)\))?(?:; (p50|p95))?(?:; (\.\df))?>")


class Results:
    """The figures of a run."""

    def __init__(self, path: Path) -> None:
        report = json.loads(path.read_bytes())
        self._figures = {
            (benchmark, figure.name): figure
            for benchmark, part in report.items()
            if benchmark != "machine"
            for figure in msgspec.convert(part["figures"], list[Figure])
        }

    def fill(self, template: str) -> str:
        """Return a cell with its figures."""
        return _PLACEHOLDER.sub(self._value, template)

    def _value(self, found: re.Match[str]) -> str:
        benchmark, name, program, percentile, format = found.groups()
        figure = self._figures[benchmark, name]
        both = figure.others[program] if program else (figure.p50, figure.p95)
        chosen = both if percentile is None else both[:1] if percentile == "p50" else both[1:]
        return " / ".join(format_value(value, format) for value in chosen)


def format_value(value: float, format: str | None) -> str:
    """Return a figure in that format; by default with the digits that are the same in most runs."""
    if format:
        return f"{value:,{format}}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def filled(document: str, results: Results) -> Iterator[str]:
    """Yield the lines of a document with the figures of a run."""
    missing = {(title, label) for title, rows in TABLES.items() for label in rows}
    title = ""
    for line in document.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            title = ""
        elif not title:
            title = next((each for each in TABLES if line.startswith(each)), "none")
        elif (values := TABLES.get(title, {}).get(cells[0])) is not None:
            missing.discard((title, cells[0]))
            cells[-len(values) :] = map(results.fill, values)
            line = "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"
        yield line
    if missing:
        raise SystemExit(f"The document has no such rows: {sorted(missing)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("document", type=Path, nargs="?", default=DOCUMENT)
    options = parser.parse_args()
    lines = list(filled(options.document.read_text(encoding="utf-8"), Results(options.results)))
    options.document.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

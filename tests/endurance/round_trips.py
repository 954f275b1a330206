r"""Export of real papers, and import of the result: what the format can hold must come back unchanged.

    python -m tests.endurance.round_trips --folder /data --papers 100000

Imports every file of a folder and exports its papers in every format, each with a mark whose note is its abstract.
Title, abstract, authors and marks have to come back exactly in BibTeX, BibLaTeX and JSON Lines, and as they are
displayed in RIS and CSV.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from paperreader import importers
from paperreader.exporters.formats import ExportItem, render
from paperreader.models import ImportedEntry, Mark, Paper, Problem, SourceRecord
from paperreader.text.ids import slug_id
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode
from tests.endurance import script

EXACT_FORMATS, DISPLAY_FORMATS = ("bibtex", "biblatex", "jsonl"), ("ris", "csv")
FORMATS = (*EXACT_FORMATS, *DISPLAY_FORMATS)
COMMON_FIELDS = set(Paper.__struct_fields__) & set(SourceRecord.__struct_fields__)
TODAY = dt.date(2026, 1, 15)


def export_item(record: SourceRecord) -> ExportItem:
    """Return the paper of a record, with a mark that has every part."""
    paper = Paper(
        id=record.arxiv or slug_id(record.title, record.abstract),
        listed=record.source.date,
        sources=(record.source,),
        **{name: getattr(record, name) for name in COMMON_FIELDS},
    )
    note = sanitize(record.abstract).strip("\n").rstrip()
    mark = Mark(
        title=record.title,
        bookmark=(True, 9),
        read=(True, 9),
        note=(note, 9 if note else 0),
        tags={"to read": (True, 9), "50%_done": (True, 9)},
    )
    return ExportItem(paper, mark, (record,))


def differences(items: Iterable[ExportItem], form: str) -> Iterator[str]:
    """Yield a line for every text that an export and an import change."""
    items = list(items)
    text = "".join(f"{line}\n" for line in render(form, items))
    read = list(importers.read_entries(importers.Input("export", text.encode()), date=None, today=TODAY))
    yield from (f"{form}: {one}" for one in read if isinstance(one, Problem))
    entries = [one for one in read if isinstance(one, ImportedEntry)]
    if len(entries) != len(items):
        yield f"{form}: {len(items)} papers became {len(entries)}"
        return
    expect = _EXPECTED[form]
    in_line = _displayed_line if form in DISPLAY_FORMATS else expect
    for item, entry in zip(items, entries, strict=True):
        record, mark = entry.records[0], entry.mark
        pairs = {
            "title": (in_line(item.paper.title), record.title),
            "abstract": (expect(item.paper.abstract), record.abstract),
            **{
                f"author {place}": names
                for place, names in enumerate(
                    zip(map(in_line, item.paper.authors), record.authors, strict=False), 1
                )
            },
            "number of authors": (str(len(item.paper.authors)), str(len(record.authors))),
            "note": (item.mark.note_text, mark.note_text if mark else ""),
            "tags": (", ".join(item.mark.tag_names), ", ".join(mark.tag_names) if mark else ""),
            "marks": ("True True", f"{mark.bookmarked} {mark.is_read}" if mark else ""),
        }
        for name, (expected, found) in pairs.items():
            if expected != found:
                yield f"{form}: {item.paper.id}: {name}: {_first_difference(expected, found)}"


def _displayed(text: str) -> str:
    return tex_to_unicode(text).strip()


def _displayed_line(text: str) -> str:
    return single_line(tex_to_unicode(text))


_EXPECTED: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("bibtex", "biblatex"), sanitize),
    "jsonl": str,
    **dict.fromkeys(DISPLAY_FORMATS, _displayed),
}


def _first_difference(expected: str, found: str) -> str:
    pairs = zip(expected, found, strict=False)
    at = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(expected), len(found)))
    return f"{expected[max(at - 30, 0) : at + 40]!r} became {found[max(at - 30, 0) : at + 40]!r}"


def records_of(folder: Path) -> Iterator[SourceRecord]:
    """Yield the records of all files in a folder."""
    for item in importers.expand_paths([str(folder)]):
        if isinstance(item, importers.Input):
            for entry in importers.read_entries(item, date=None, today=TODAY):
                if isinstance(entry, ImportedEntry):
                    yield entry.records[0]


def main() -> int:
    """Check every format, and print the differences."""
    arguments = script.parse_arguments(__doc__, texts={"folder": "."}, papers=1_000_000)
    failed = 0
    items: list[ExportItem] = []
    seen: set[str] = set()
    for record in records_of(Path(arguments.folder)):
        item = export_item(record)
        if item.paper.id not in seen and len(seen) < arguments.papers:
            seen.add(item.paper.id)
            items.append(item)
    for form in FORMATS:
        start, lines = time.monotonic(), list(differences(items, form))
        failed += len(lines)
        print(f"{form}: {len(items):,} papers, {len(lines):,} differences, {time.monotonic() - start:.0f} s")
        for line in lines[:20]:
            print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

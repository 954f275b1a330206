r"""Import of any files, compared with other parsers: bibtexparser, rispy, `csv` and `json`.

    python -m tests.endurance.compare_parsers --folder ~/references

For every `.bib`, `.ris`, `.csv` and `.json` of a folder and its subfolders, the number of records, and of each record
its title, its DOI and its number of authors are compared. Prints what differs, with what the import itself reported. A
difference may be a fault of either parser: bibtexparser gives up where TeX does not, and rispy knows one kind of title.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
import io
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from paperreader import importers
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import parse_doi, title_key
from tests.endurance import script

TODAY = dt.date(2026, 1, 15)
MAX_LINES = 20
"""Differences of one file that are printed."""
_NO_PAPERS = frozenset(("xdata", "set", "control", "bibnote", "comment", "preamble", "string"))
_OTHERS = re.compile(r"(?:and\s+)?(?:others|et\.?\s*al\.?)", re.IGNORECASE)


class Reference(NamedTuple):
    """What another parser reads of one record; None if it does not know."""

    title: str
    doi: str | None
    authors: int | None


def bibtex_references(text: str) -> Iterator[Reference]:
    """Yield the entries that bibtexparser reads."""
    import bibtexparser

    for entry in bibtexparser.parse_string(text).entries:
        fields = {name.lower(): str(field.value) for name, field in entry.fields_dict.items()}
        if entry.entry_type.lower() in _NO_PAPERS or not fields.get("title", "").strip("{} \n"):
            continue
        names = fields.get("author")
        yield Reference(fields["title"], fields.get("doi"), _count_bibtex_names(names) if names else None)


def ris_references(text: str) -> Iterator[Reference]:
    """Yield the references that rispy reads."""
    import rispy

    for entry in rispy.loads(text, skip_unknown_tags=True):
        title = entry.get("title") or entry.get("primary_title") or ""
        authors = entry.get("authors") or entry.get("first_authors")
        if title:
            # Some files have all names in one line.
            names = [name for line in authors or () for name in re.split(r"\s+and\s+|;", line)]
            yield Reference(title, entry.get("doi"), len(names) or None)


def csv_references(text: str) -> Iterator[Reference]:
    """Yield the rows of a table; the authors are counted if semicolons separate them."""
    text = text.removeprefix("\ufeff")
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter):
        named = {
            re.sub(r"[\W_]", "", name or "").lower(): value
            for name, value in row.items()
            if isinstance(value, str)
        }
        title = next(
            (
                named[key]
                for key in ("title", "documenttitle", "articletitle", "itemtitle", "papertitle")
                if named.get(key)
            ),
            "",
        )
        authors = next(
            (named[key] for key in ("authors", "author", "authorfullnames", "authornames") if named.get(key)),
            "",
        )
        count = len([name for name in authors.split(";") if name.strip()]) if ";" in authors else None
        if title.strip():
            yield Reference(title, named.get("doi"), count)


def json_references(text: str) -> Iterator[Reference]:
    """Yield the objects of a document, of its first list, or of lines."""
    try:
        data = json.loads(text)
    except ValueError:
        data = [json.loads(line) for line in text.splitlines() if line.strip()]
    for item in _objects(data):
        value = item.get("paper") if isinstance(item.get("paper"), dict) else item
        title = value.get("title")
        title = title[0] if isinstance(title, list) and title else title
        authors = value.get("authors") or value.get("author")
        if isinstance(title, str) and title.strip():
            doi = value.get("doi") or value.get("DOI")
            yield Reference(
                title,
                doi if isinstance(doi, str) else None,
                len(authors) if isinstance(authors, list) else None,
            )


PARSERS: Mapping[str, Callable[[str], Iterator[Reference]]] = {
    ".bib": bibtex_references,
    ".ris": ris_references,
    ".csv": csv_references,
    ".json": json_references,
}


def compare(file: Path) -> tuple[int, list[str]]:
    """Return the number of records that were imported, and a line for each difference."""
    records, problems = _imported(file)
    text = file.read_bytes().decode("utf-8", "replace")
    try:
        expected = list(PARSERS[file.suffix.lower()](text))
    except Exception as error:  # any of them gives up on some files
        return len(records), [f"not compared: {type(error).__name__}: {error}"]
    lines = (
        [f"{len(expected)} records, of which {len(records)} were imported"]
        if len(records) != len(expected)
        else []
    )
    lines += _differences(records, expected)
    return len(records), [
        *lines,
        *(f"reported: {one.line or ''}: {one.message}" for one in problems),
    ] if lines else []


def _differences(records: list[SourceRecord], expected: list[Reference]) -> Iterator[str]:
    """Yield the differences of records with the same title, in their order."""
    by_title: dict[str, list[SourceRecord]] = {}
    for record in records:
        by_title.setdefault(_key(record.title), []).append(record)
    missing = Counter[str]()
    for reference in expected:
        found = by_title.get(_key(reference.title)) or _with_subtitle(by_title, reference)
        if not found:
            missing[reference.title] += 1
            continue
        record = found.pop(0)
        doi = parse_doi(_plain_doi(reference.doi or ""))
        if doi and doi != record.doi and not doi.startswith("10.48550/"):
            yield f"DOI {doi} became {record.doi!r}: {record.title[:60]!r}"
        if reference.authors is not None and reference.authors != len(record.authors):
            names = f"{record.title[:60]!r} {record.authors[:5]}"
            yield f"{reference.authors} authors became {len(record.authors)}: {names}"
    yield from (f"title not imported: {title[:100]!r}" for title in missing)


def _with_subtitle(by_title: Mapping[str, list[SourceRecord]], reference: Reference) -> list[SourceRecord]:
    key = _key(reference.title)
    return next((found for title, found in by_title.items() if found and key and title.startswith(key)), [])


def _imported(file: Path) -> tuple[list[SourceRecord], list[Problem]]:
    records: list[SourceRecord] = []
    problems: list[Problem] = []
    for item in importers.expand_paths([str(file)]):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        for one in importers.read_entries(item, date=None, today=TODAY):
            if isinstance(one, ImportedEntry):
                records.append(one.records[0])
            else:
                problems.append(one)
    return records, problems


def _key(title: str) -> str:
    return title_key(re.sub(r"[{}]", "", title))


def _plain_doi(doi: str) -> str:
    return re.sub(r"\\(?=[_%&#])|[{}$]", "", doi)


def _count_bibtex_names(text: str) -> int:
    depth, count, words = 0, 1, re.split(r"(\s+|[{}])", text)
    for place, word in enumerate(words):
        depth += (word == "{") - (word == "}")
        rest = "".join(words[place + 1 :]).strip()
        count += word.lower() == "and" and depth == 0 and not _OTHERS.fullmatch(rest)
    return count


def _objects(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list) and value), [data])
    found = [ast.literal_eval(item) if isinstance(item, str) and item[:1] == "{" else item for item in data]
    return [item for item in found if isinstance(item, dict)]


def main() -> int:
    """Compare all files, and print what differs."""
    logging.disable(logging.WARNING)
    arguments = script.parse_arguments(__doc__, texts={"folder": "."})
    files = sorted(file for file in Path(arguments.folder).rglob("*") if file.suffix.lower() in PARSERS)
    total = differing = 0
    for file in files:
        count, lines = compare(file)
        total += count
        if lines:
            differing += 1
            print(file)
            for line in lines[:MAX_LINES]:
                print(f"    {line}")
            if len(lines) > MAX_LINES:
                print(f"    and {len(lines) - MAX_LINES} more")
    print(f"{len(files):,} files, {total:,} records, {differing:,} files with differences")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())

"""Input that tries to exhaust time or memory: usage is bounded, and the problem is reported."""

from __future__ import annotations

import datetime
import json
import os
import resource
import subprocess
from pathlib import Path

import pytest

from paperreader import importers, paths
from paperreader.errors import StorageError
from paperreader.importers.daily_papers import text_page
from paperreader.importers.input.files import Input
from paperreader.importers.json import paperreader_lines
from paperreader.library import Library
from paperreader.models import ImportedEntry, Problem
from paperreader.notebook.format import NotebookDamaged, parse_notebook
from paperreader.notebook.recovery import recover_marks
from tests.examples import endurance
from tests.pages import THREE_PAPERS
from tests.program import program_command

TODAY = datetime.date(2025, 10, 3)
MEMORY = 700 << 20
"""Bytes of address space: the program uses 250 MB of it before it reads anything."""

BANNER = "Get trending papers in your email inbox once a day!\n"
HEAD = "new\n\nSubscribe\n\nMar 14\n\n"


def read(data: bytes) -> list[ImportedEntry | Problem]:
    return list(importers.read_entries(Input("x.txt", data), date=None, today=TODAY))


def messages(data: bytes) -> str:
    return "\n".join(str(item) for item in read(data) if isinstance(item, Problem))


def within_bounds(*arguments: object, **settings) -> subprocess.CompletedProcess[str]:
    """Run the program with a memory limit, and a time-out that only a hang reaches."""
    return subprocess.run(
        [*program_command(), *map(str, arguments)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **settings,
    )


def sparse(path, head: bytes, size: int):
    """Create a sparse file of that size: everything after `head` reads as null bytes."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


@pytest.mark.parametrize("depth", [900, 990, 1010, 5_000, 30_000, 2_000_000])
@pytest.mark.parametrize("shape", ['[{"a":', "[", '{"title":"x","records":[', '{"title":"x","mark":'])
def test_deeply_nested_json_is_reported(depth, shape):
    for opened in (shape * depth, '{"title": "x", "a": ' + "[" * depth + "]" * depth + "}"):
        found = read(f'{opened}\n{{"title": "Sound", "votes": 1}}\n'.encode())
        assert found
        if opened.endswith("}"):
            assert [item.records[0].title for item in found if isinstance(item, ImportedEntry)][-1:] == [
                "Sound"
            ]


def test_deeply_nested_notebook_is_reported_as_damaged(home):
    for depth in (900, 1010, 100_000):
        data = b'{"version": 1, "papers": {"a": {"title": "t", "x": ' + b"[" * depth + b"]" * depth + b"}}}"
        try:
            assert parse_notebook(data).marks
        except NotebookDamaged:
            continue
    library = Library.open()
    library.folder.mkdir(parents=True)
    (library.folder / "notebook.json").write_bytes(data)
    assert Library.open().pop_warnings()


def test_two_gigabyte_line_is_rejected(tmp_path):
    page = sparse(tmp_path / "page.txt", f"{HEAD}A Title\n\n".encode() + b"x" * 70_000, 2 << 30)
    zeros = sparse(tmp_path / "zeros.txt", b"", 2 << 30)
    done = within_bounds("import", page, zeros)
    assert "is longer than 64 MB" in done.stderr
    assert "binary data" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "0 read, 0 new, 0 merged, 0 unchanged\n"


@pytest.mark.endurance
def test_too_long_json_line_loses_only_itself(tmp_path):
    file = tmp_path / "long.jsonl"
    with file.open("wb") as out:
        out.write(b'{"title": "' + b"x" * 70_000)
        out.seek(80 << 20)
        out.write(b'"}\n{"title": "A Sound Line of Its Own", "votes": 1}\n')
    done = within_bounds("import", file)
    assert "1: the line is longer than 64 MB" in done.stderr
    assert done.stdout == "1 read, 1 new, 0 merged, 0 unchanged\n"


@pytest.mark.endurance
def test_millions_of_empty_lines_are_read(tmp_path):
    file = tmp_path / "empty.txt"
    file.write_bytes(HEAD.encode() + b"\n" * 5_000_000)
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS.replace("\n\n", "\n" * 1_000_000, 1), encoding="utf-8")
    done = within_bounds("import", file, page)
    assert "contains no papers" in done.stderr
    assert done.stdout == "3 read, 3 new, 0 merged, 0 unchanged\n"


@pytest.mark.parametrize("line", [b"a\n", b"a\n\n", b"\xc2\xa0\n\xe2\x80\x8b\nx\n", b"Mar 1\n\n", b"new\n"])
def test_pages_with_too_many_lines_are_rejected(line):
    data = line * (text_page.MAX_LINES + 1)
    assert "has more than 500,000 lines; split it" in messages(data)


def test_line_limit_is_exact(monkeypatch):
    monkeypatch.setattr(text_page, "MAX_LINES", 6)
    assert "lines" not in messages(b"\n \n".join([b"a"] * 6))
    assert "has more than 6 lines" in messages(b"\n \n".join([b"a"] * 7))


def test_line_numbers_count_blank_lines():
    data = f"{BANNER}{HEAD}\n\n\n\n \n\t\nA Title Without an Abstract\n".encode()
    (problem,) = [item for item in read(data) if isinstance(item, Problem)]
    assert problem.line == data[: data.index(b"A Title")].count(b"\n") + 1


@pytest.mark.parametrize(
    "target_name", ["path", *map(endurance, ("papers.jsonl", "notebook.json", "state.json"))]
)
def test_fifo_does_not_block(tmp_path, home, monkeypatch, target_name):
    monkeypatch.setenv("PAPERREADER_LIBRARY", str(tmp_path / "lib"))
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library.open()
    library.imports.import_paths([str(page)])
    library.state.set("visited", 1)
    target = {
        "path": tmp_path / "fifo",
        "state.json": paths.state_folder(library.uuid) / "state.json",
    }.get(target_name, library.folder / target_name)
    target.unlink(missing_ok=True)
    os.mkfifo(target)
    done = within_bounds("import", target) if target_name == "path" else within_bounds("search", "lanterns")
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    if target_name == "state.json":
        assert "Lanterns" in done.stdout
    else:
        assert done.returncode == 1
        assert "is not a" in done.stderr


@pytest.mark.parametrize("store", ["notebook.json", "papers.jsonl", "state.json", "rows.bin"])
@pytest.mark.parametrize("kind", ["folder", "fifo", "link to a fifo"])
def test_other_file_type_in_place_of_a_store_is_reported(tmp_path, store, kind):
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library.open()
    library.imports.import_paths([str(page)])
    places = {
        "state.json": paths.state_folder(library.uuid) / store,
        "rows.bin": paths.cache_folder(library.uuid) / store,
    }
    target = places.get(store, library.folder / store)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    if kind == "folder":
        target.mkdir()
    elif kind == "fifo":
        os.mkfifo(target)
    else:
        os.mkfifo(tmp_path / "fifo")
        target.symlink_to(tmp_path / "fifo")
    if store in places:  # local state can be lost, and the row table rebuilt
        library = Library.open()
        library.state.set("visited", 2)
        assert len(library.table) == 3
        assert library.state.get("visited") == 2
        assert not target.is_file()
        assert kind == "folder" or (tmp_path / "fifo").is_fifo() or target.is_fifo()
    else:
        with pytest.raises(StorageError, match=store):
            Library.open()


@pytest.mark.parametrize("name", ["notebook.sync-conflict-1.json", "papers.sync-conflict-1.jsonl"])
def test_fifo_named_like_conflict_copy_is_reported_once(tmp_path, name):
    page = tmp_path / "page.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library.open()
    library.imports.import_paths([str(page)])
    os.mkfifo(library.folder / name)
    library.refresh()
    library.refresh()
    (message,) = library.pop_warnings()
    assert name in message


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null", "/dev/random"])
def test_device_is_rejected(device):
    (found,) = importers.expand_paths([device])
    assert isinstance(found, importers.UnreadableFile)
    assert "not a regular file" in found.message


def test_endless_standard_input_is_rejected(monkeypatch, tmp_path):
    with Path("/dev/zero").open("rb") as endless:
        done = within_bounds("import", "-", stdin=endless)
    assert "is longer than 256 MB" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("value", [10**400, -(10**400), 2**31, 2**63, 1e308, "1" * 5000])
def test_numbers_of_any_size_are_stored_or_rejected(value, tmp_path):
    fields = {
        "title": "A Paper of Large Numbers",
        "authors": ["A B"],
        **dict.fromkeys(("votes", "comments", "stars"), value),
    }
    file = tmp_path / "numbers.jsonl"
    file.write_text(
        json.dumps(fields)
        if not isinstance(value, str)
        else f'{{"title": "T", "authors": ["A B"], "votes": {value}}}'
    )
    library = Library.open()
    report = library.imports.import_paths([str(file)])
    assert report.read == 1
    assert library.maintenance.check() == []


def test_thousands_of_authors_and_links_are_read():
    fields = {
        "title": "A Collaboration",
        "authors": [f"Author {number}" for number in range(3_000)],
        "links": [f"https://example.org/{number}" for number in range(10_000)],
        "keywords": ["k" * 1000] * 1000,
    }
    (entry,) = read(json.dumps(fields).encode())
    assert isinstance(entry, ImportedEntry)
    assert len(entry.records[0].links) == 10_000


def test_forged_record_is_sanitized():
    links = [
        {"url": url, "kind": "code", "host": "github.com"}
        for url in (
            "javascript:alert(1)",
            "https://u:p@github.com/a/b",
            "--upload-pack=x",
            "https://evil.example/x",
        )
    ]
    source = {"kind": "arxiv", "name": "n", "date": "\x1b[2J", "key": "k"}
    record = {
        "title": "T",
        "arxiv": "\x1b[2J",
        "doi": "x y",
        "links": links,
        "repo": "file:///etc",
        "source": source,
    }
    record |= {"published": "soon", "added": "\x9b", "observed": "\x1b"}
    line = {"paperreader": paperreader_lines.MAX_VERSION, "records": [record]}
    entry, problem = read(json.dumps(line).encode())
    assert isinstance(problem, Problem)
    assert "published 'soon'" in problem.message
    assert isinstance(entry, ImportedEntry)
    (record_read,) = entry.records
    assert [(link.url, link.host) for link in record_read.links] == [
        ("https://evil.example/x", "evil.example")
    ]
    assert (
        record_read.arxiv,
        record_read.doi,
        record_read.repo,
        record_read.published,
        record_read.added,
        record_read.observed,
    ) == (
        "",
        "",
        "",
        None,
        "",
        "",
    )
    assert record_read.source.date is None


DOUBLING = (
    "@string{a0 = {"
    + "x" * 10
    + "}}\n"
    + "".join(f"@string{{a{number + 1} = a{number} # a{number}}}\n" for number in range(60))
)
EVERY = ", ".join(f"k{number}" for number in range(300))

BOMBS = {
    "doubled abbreviation": f"{DOUBLING}@article{{x, title = {{A Sound Title}}, author = {{A B}}, note = a60}}\n",
    "many long abbreviations": DOUBLING
    + "".join(f"@string{{b{number} = a14 # {{y}}}}\n" for number in range(3000))
    + "@article{x, title = {A Sound Title}, author = {A B}}\n",
    "same ancestors along many paths": "".join(
        f"@article{{k{number}, title = {{A Sound Title {number}}}, author = {{A B}}, xdata = {{{EVERY}}}}}\n"
        for number in range(300)
    ),
    "long text inherited by many": f"@proceedings{{p, title = {{{'y' * 100_000}}}}}\n"
    + "".join(
        f"@inproceedings{{k{number}, title = {{A Sound Title {number}}}, author = {{A B}}, crossref = {{p}}}}\n"
        for number in range(1000)
    ),
}
"""Small BibTeX files that expand to texts of any length."""


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bibtex_expands_to_a_multiple_of_its_length(bomb):
    entries = [entry for entry in read(bomb.encode()) if isinstance(entry, ImportedEntry)]
    assert entries
    assert any(entry.records[0].title.startswith("A Sound Title") for entry in entries)
    texts = [str(record) for entry in entries for record in entry.records]
    assert sum(map(len, texts)) < 20 * len(bomb) + 1000 * len(texts)


def test_abbreviations_and_inheritance_of_usual_size_are_complete():
    text = "@string{jml = {Journal of Lamps}}\n@string{full = jml # { and Doors}}\n" + "".join(
        f"@article{{k{number}, title = {{A Sound Title {number}}}, author = {{A B}}, journal = full, month = may}}\n"
        for number in range(2000)
    )
    journals = {entry.records[0].journal for entry in read(text.encode()) if isinstance(entry, ImportedEntry)}
    assert journals == {"Journal of Lamps and Doors"}


def test_thousands_of_notes_on_one_paper_are_merged():
    """Also in a damaged notebook, in which every object is tried."""
    notes = ",".join(
        f'"a": {{"title": "t", "note": ["note {number:04}", {number}]}}' for number in range(700)
    )
    contents = parse_notebook(f'{{"version": 1, "papers": {{{notes}}}}}'.encode())
    assert contents.marks["a"].note_text.count("note ") == 700
    assert recover_marks(f'{{"papers": {{{notes}'.encode()) == contents.marks


@pytest.mark.parametrize(
    "opened",
    ['{"a":', endurance('{"a":{"title":"x","b":'), endurance('"a":{"title":"'), '"\\\\', endurance('"a": {')],
)
def test_damaged_notebook_is_searched_in_bounded_time(opened):
    sound = '"sound": {"title": "t", "note": ["kept", 5]},'
    assert recover_marks(f"{sound}{opened * 50_000}".encode())["sound"].note_text == "kept"

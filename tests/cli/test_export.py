"""`paperreader export`: selection, formats and destinations."""

from __future__ import annotations

import csv
import io
import os

import bibtexparser
import pytest


@pytest.fixture
def marked(filled, ids):
    """The command line with three papers, one of them with bookmark, note and tag."""
    filled(
        "mark", ids["Slow"], "--bookmark", "--note", "Ask *Ada*.\n\n- twice", "--tag", "clocks", "--tag", "b"
    )
    return filled


def titles(text):
    return [row["title"].split()[0] for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (["--bookmarked"], ["Slow"]),
        (["--tag", "clocks"], ["Slow"]),
        (["--tag", "#clocks", "--tag", "b"], ["Slow"]),
        (["--tag", "clocks", "--tag", "other"], []),
        (["sediment"], ["Slow"]),
        (["lanterns", "--bookmarked"], []),
        (["tag:clocks"], ["Slow"]),
    ],
)
def test_query_tag_and_bookmarks_select_papers(marked, choice, found):
    result = marked("export", "--format", "csv", *choice)
    assert result.code == 0
    assert titles(result.out) == found
    assert ("No matching papers" in result.err) == (not found)


def test_ids_are_exported_in_given_order_and_read_from_stdin(marked, ids):
    wanted = [ids["Sparse"], ids["Slow"]]
    assert titles(marked("export", "--format", "csv", "--ids", *wanted).out) == ["Sparse", "Slow"]
    given = "\n".join(reversed(wanted)).encode()
    assert titles(marked("export", "--format", "csv", "--ids", "-", stdin=given).out) == ["Slow", "Sparse"]
    result = marked("export", "--format", "csv", "--ids", "nobody-knows-this")
    assert (result.code, result.out) == (1, "")


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("a.bib", "@misc{"),
        ("b.ris", "TY  - "),
        ("c.CSV", "id,title"),
        ("c.json", "[\n"),
        ("d.md", "# "),
        ("d.MARKDOWN", "# "),
        ("e.html", "<!doc"),
        ("e.htm", "<!doc"),
        ("f.jsonl", "{"),
    ],
)
def test_extension_selects_format(marked, tmp_path, name, sign):
    result = marked("export", "--bookmarked", "--output", tmp_path / name)
    assert result.code == 0
    assert "1 paper written" in result.err
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(sign)


@pytest.mark.parametrize("name", ["x.xyz", "x.pdf", "x", ".bib", "x.bib.gz"])
def test_unknown_extension_is_refused_unless_there_is_a_format(marked, tmp_path, name):
    file = tmp_path / name
    result = marked("export", "--output", file)
    assert result.code == 2
    assert (
        "choose a format with --format (bibtex, " in result.err.lower() or "--format: bibtex, " in result.err
    )
    assert ".bib, .ris, .csv, .json, .md, .html, .jsonl, .markdown or .htm" in result.err
    assert not file.exists()
    assert marked("export", "--output", file, "--format", "ris").code == 0
    assert file.read_text().startswith("TY  - ")


def test_file_is_replaced_unless_that_is_forbidden(marked, tmp_path):
    file = tmp_path / "mine.bib"
    file.write_text("mine")
    result = marked("export", "--bookmarked", "--output", file, "--no-clobber")
    assert (result.code, file.read_text()) == (1, "mine")
    assert result.err == f"paperreader: {file} exists. Leave out --no-clobber to replace it.\n"
    result = marked("export", "--bookmarked", "--output", file)
    assert result.err == f"paperreader: 1 paper written to {file}, replacing the earlier file.\n"
    assert file.read_text().startswith("@misc{")
    result = marked("export", "--output", tmp_path, "--format", "ris")
    assert (result.code, result.err) == (1, f"paperreader: {tmp_path} is a folder. Add the name of a file.\n")


@pytest.mark.parametrize(
    "options", [[], ["--output", "x.dat"], ["--copy", "--output", "x.bib"], ["--format", "papyrus"]]
)
def test_invalid_arguments_are_usage_errors(marked, options):
    result = marked("export", *options)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1


def test_clipboard_is_unchanged_without_matches(marked, home, monkeypatch):
    result = marked("export", "zzyzxqq", "--format", "bibtex", "--copy")
    assert (result.code, result.out) == (0, "")
    assert result.err == "paperreader: No matching papers; nothing was copied.\n"


def test_copy_writes_to_clipboard(marked, home, monkeypatch):
    tools = home / "tools"
    tools.mkdir()
    (tools / "xclip").write_text(f'#!/bin/sh\nPATH={os.defpath}\ncat > "$HOME/clipboard"\n')
    (tools / "xclip").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("DISPLAY", ":99")
    result = marked("export", "--bookmarked", "--format", "bibtex", "--copy")
    assert (result.code, result.out) == (0, "")
    assert "1 paper copied" in result.err
    (entry,) = bibtexparser.parse_string((home / "clipboard").read_text()).entries
    assert entry.key.startswith("2025slow-")


@pytest.mark.parametrize("name", ["a.bib", "a.ris", "a.csv", "a.jsonl"])
def test_export_can_be_imported_completely(marked, tmp_path, name):
    marked("export", "--output", tmp_path / name)
    other = ["--library", tmp_path / "other"]
    assert marked("import", tmp_path / name, *other).code == 0
    found = {entry["id"]: entry for entry in marked("search", "--json", *other).objects}
    before = {entry["id"]: entry for entry in marked("search", "--json").objects}
    assert found.keys() == before.keys()
    for id, entry in found.items():
        assert entry["note"] == before[id]["note"]
        assert entry["tags"] == before[id]["tags"]
        assert [link["url"] for link in entry["links"]] == [link["url"] for link in before[id]["links"]]
    assert marked("import", tmp_path / name).code == 0
    (again,) = marked("search", "--json", "sediment").objects
    assert again["note"] == "Ask *Ada*.\n\n- twice", "what one's own library gave is not a note of its own"

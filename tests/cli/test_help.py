"""Documents in the terminal, and the man page."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from paperreader.cli import output
from paperreader.cli.document_lines import document_lines
from paperreader.text.cell_width import cell_width

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("width", [40, 80])
def test_documents_are_wrapped_and_complete(width):
    for path in DOCUMENTS:
        markdown = path.read_text(encoding="utf-8")
        lines = [line.text for line in document_lines(markdown, width)]
        headings = [line.lstrip("# ") for line in markdown.splitlines() if line.startswith("## ")]
        shown = "".join("".join(lines).split())
        for heading in headings:
            assert "".join(heading.replace("`", "").split()) in shown, path
        assert "](" not in "".join(line for line in lines if not line.startswith("    ")), path
        if width == 80:
            wide = [line for line in lines if cell_width(line) > width and not line.startswith("    ")]
            assert not wide, path


def test_lists_tables_and_code():
    markdown = (
        "# Head\n\nSome `code` and a [link](x.md)\nin *two* lines.\n\n- one\n- two is\n  longer\n\n"
        "| a | b |\n| --- | --- |\n| `x` | long words here, and many more words follow |\n"
        "| yy | z |\n\n```sh\nrun   this\n```\n"
    )
    assert [line.text for line in document_lines(markdown, 30)] == [
        *("Head", "", "Some code and a link in two", "lines.", "", "- one", "- two is longer", ""),
        *("a   b", "x   long words here, and many", "    more words follow", "yy  z", "", "    run   this"),
    ]


def test_help_lists_documents_and_shows_them(paperreader):
    listed = paperreader("help")
    assert [line.split()[0] for line in listed.out.splitlines()] == [path.stem for path in DOCUMENTS]
    shown = paperreader("help", "queries")
    assert (shown.code, shown.err) == (0, "")
    assert "author:" in shown.out and "\x1b" not in shown.out
    assert "--bookmarked" in paperreader("help", "export").out
    unknown = paperreader("help", "querys")
    assert unknown.code == 2
    assert "Did you mean queries?" in unknown.err


def test_pager_shows_a_document_on_a_terminal(paperreader, tmp_path, monkeypatch):
    monkeypatch.setattr(output, "is_terminal", lambda stream: True)
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\ncat > {tmp_path}/shown\n")
    pager.chmod(0o755)
    monkeypatch.setenv("PAGER", str(pager))
    assert paperreader("help", "inbox").out == ""
    assert (tmp_path / "shown").read_text().startswith("New papers\n")
    for broken in ("no-such-pager", "'"):
        monkeypatch.setenv("PAGER", broken)
        assert "New papers" in paperreader("help", "inbox").out


def test_wheel_contains_every_document_and_the_man_page():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    included = {name for name in wheel["force-include"] if name.startswith("docs/")}
    assert included == {f"docs/{path.name}" for path in DOCUMENTS}
    assert wheel["shared-data"] == {"docs/paperreader.1": "share/man/man1/paperreader.1"}


def test_man_page_is_up_to_date_and_valid():
    found = importlib.util.spec_from_file_location("man", ROOT / "docs" / "man.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    text = module.PATH.read_text(encoding="utf-8")
    assert text == module.page(), "run python docs/man.py"
    if shutil.which("groff"):
        command = ["groff", "-man", "-Tascii", "-ww", "-z"]
        checked = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
        assert checked.stderr == b""


@pytest.mark.parametrize("width", [40, 80, 200])
def test_head_of_a_table_is_one_line(width):
    table = (
        "| key | | id |\n| --- | --- | --- |\n| `j` `↓` | next paper; in the detail, scroll down | `down` |\n"
    )
    head, *rows = document_lines(table, width)
    assert head.style == "bold"
    assert head.text.replace(",", "").split() == ["key", "id"]
    assert not any(line.style for line in rows)
    assert " ".join(" ".join(line.text for line in rows).split()).startswith("j ↓ next paper")

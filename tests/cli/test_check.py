"""`paperreader check`: what it shows before a refusal, and line ends that git has converted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from paperreader.library import Library
from tests.cli.conftest import Command
from tests.git import git


@pytest.fixture
def many(paperreader: Command, tmp_path: Path) -> Command:
    """The command line with forty papers."""
    file = tmp_path / "many.jsonl"
    papers = (
        {"title": f"Paper number {number} of many", "abstract": f"On {number}."} for number in range(40)
    )
    file.write_text("".join(f"{json.dumps(paper)}\n" for paper in papers))
    assert paperreader("import", file).code == 0
    return paperreader


def test_repair_shows_what_it_would_remove_and_refuses(many: Command) -> None:
    path = Library.open().folder / "papers.jsonl"
    content = path.read_bytes().replace(b"Paper number 1", b"Paper\x1b]0;x\x07 number 1")
    path.write_bytes(content)
    result = many("check", "--repair")
    assert result.code == 1
    assert result.out.count("would be removed: ") == 11
    assert "\x1b" not in result.out
    assert "--repair --force" in result.err
    assert path.read_bytes() == content
    forced = many("check", "--repair", "--force")
    assert (forced.code, "29 papers, no problems." in forced.out) == (0, True)
    kept = path.with_name("papers.damaged.jsonl").read_bytes()
    assert kept.count(b"Paper\x1b]0;x") == 11


@pytest.mark.parametrize("option", ["--force", "--git-attributes"])
def test_options_of_repair_need_it(many: Command, option: str) -> None:
    assert many("check", option).code == 2


@pytest.fixture
def repository(many: Command) -> Path:
    """The library in a git repository that converts line ends."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    paper = many("search", "--json").objects[0]["id"]
    many("mark", paper, "--note", "Two lines.\nThe second one.")
    folder = Library.open().folder
    git(folder, "init", "-q")
    git(folder, "config", "core.autocrlf", "true")
    git(folder, "add", "papers.jsonl", "notebook.json")
    git(folder, "commit", "-qm", "papers")
    for name in ("papers.jsonl", "notebook.json"):
        (folder / name).unlink()
    git(folder, "checkout", "-q", ".")
    assert all(b"\r\n" in (folder / name).read_bytes() for name in ("papers.jsonl", "notebook.json"))
    return folder


def test_converted_line_ends_do_no_harm_and_are_reported(many: Command, repository: Path) -> None:
    assert len(many("search", "number", "--json").objects) == 40
    result = many("check")
    assert (result.code, "40 papers, no problems." in result.out) == (0, True)
    assert "git has converted the line ends of papers.jsonl and notebook.json" in result.out
    (noted,) = many("search", "note:second", "--json").objects
    assert noted["note"] == "Two lines.\nThe second one."
    assert not (repository / "papers.damaged.jsonl").exists()


@pytest.mark.parametrize("answer", ["n", "", "y"])
def test_attributes_are_changed_with_consent_only(
    many: Command, repository: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    (repository / ".gitattributes").write_text("*.bib diff")
    monkeypatch.setattr("paperreader.cli.output.is_terminal", lambda stream: True)
    result = many("check", "--repair", stdin=f"{answer}\n".encode())
    assert result.code == 0
    agreed = answer == "y"
    expected = "*.bib diff\n* -text\n" if agreed else "*.bib diff"
    assert (repository / ".gitattributes").read_text() == expected
    for name in ("papers.jsonl", "notebook.json"):
        assert (b"\r\n" in (repository / name).read_bytes()) == (not agreed)


def test_option_consents_and_git_sees_no_change(many: Command, repository: Path) -> None:
    for _ in range(2):
        assert many("check", "--repair", "--git-attributes").code == 0
    assert (repository / ".gitattributes").read_text() == "* -text\n"
    assert "converted" not in many("check").out
    git(repository, "add", "-A", ".")
    assert git(repository, "diff", "--cached", "--name-only", "papers.jsonl", "notebook.json") == ""
    assert len(Library.open().table) == 40


def test_script_without_option_changes_nothing(many: Command, repository: Path) -> None:
    assert many("check", "--repair", stdin=b"y\n").code == 0
    assert not (repository / ".gitattributes").exists()

"""Which files are read, and how others are reported."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pytest

from paperreader.importers import Input, UnreadableFile, expand_paths, read_entries
from paperreader.importers.input import files
from paperreader.models import Problem
from tests.importers.page_rendering import TODAY


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch):
    def give(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def test_files_in_the_order_given(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text("x")
    found = list(expand_paths([str(tmp_path / "b.txt"), str(tmp_path / "a.txt")]))
    assert [item.short_name for item in found if isinstance(item, Input)] == ["b.txt", "a.txt"]


def test_folder_is_walked_by_name_without_hidden_entries(tmp_path: Path) -> None:
    for name in ("c.txt", "a/z.txt", "a/b.TXT", ".hidden.txt", ".git/x.txt", "noending", "d.jsonl"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    found = list(expand_paths([str(tmp_path)]))
    assert all(isinstance(item, Input) for item in found)
    assert [
        Path(item.name).relative_to(tmp_path).as_posix() for item in found if isinstance(item, Input)
    ] == [
        "c.txt",
        "d.jsonl",
        "noending",
        "a/b.TXT",
        "a/z.txt",
    ]


def test_ignored_files_of_a_folder_are_reported(tmp_path: Path) -> None:
    for name in ("a.txt", "b.png", "c.png", "d.py"):
        (tmp_path / name).write_text("x")
    *_, problem = expand_paths([str(tmp_path)])
    assert isinstance(problem, Problem) and not isinstance(problem, UnreadableFile)
    assert problem.message == "ignored 3 files ending in .png, .py"


def test_empty_folder_is_a_problem(tmp_path: Path) -> None:
    (problem,) = expand_paths([str(tmp_path)])
    assert isinstance(problem, Problem) and not isinstance(problem, UnreadableFile)


def test_given_file_is_read_whatever_its_extension(tmp_path: Path) -> None:
    file = tmp_path / "page.weird"
    file.write_text("x")
    (found,) = expand_paths([str(file)])
    assert isinstance(found, Input)


def test_listing_date_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("x")
    noon = dt.datetime(2024, 5, 6, 12).timestamp()
    os.utime(file, (noon, noon))
    (found,) = expand_paths([str(file)])
    assert isinstance(found, Input)
    assert found.modified == dt.date(2024, 5, 6)


@pytest.mark.parametrize("name", ["missing.txt", "no/such/folder/", "nul\0name", "x" * 5000])
def test_missing_path_is_unreadable(tmp_path: Path, name: str) -> None:
    (problem,) = expand_paths([os.path.join(tmp_path, name)])  # noqa: PTH118  a Path does not accept every name
    assert isinstance(problem, UnreadableFile)
    assert problem.line is None
    assert problem.message.startswith("cannot be read")


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found = list(expand_paths([str(pipe), os.devnull, str(tmp_path)]))
    assert [type(item) for item in found[:2]] == [UnreadableFile, UnreadableFile]
    assert all(not isinstance(item, Input) for item in found)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_forbidden_file_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("x")
    file.chmod(0)
    (found,) = expand_paths([str(file)])
    assert isinstance(found, Input)
    (problem,) = read_entries(found, date=None, today=TODAY)
    assert isinstance(problem, UnreadableFile)


def test_vanished_file_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("x")
    (found,) = expand_paths([str(file)])
    assert isinstance(found, Input)
    file.unlink()
    (problem,) = read_entries(found, date=None, today=TODAY)
    assert isinstance(problem, UnreadableFile)
    assert "cannot be read" in problem.message


def test_symlink_cycles_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [item.short_name for item in expand_paths([str(tmp_path)]) if isinstance(item, Input)] == ["a.txt"]


def test_standard_input(stdin) -> None:
    stdin(b"some text")
    (found,) = expand_paths(["-"])
    assert isinstance(found, Input)
    assert (found.name, found.data, found.modified) == ("standard input", b"some text", None)


def test_standard_input_has_a_limit(stdin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_STDIN_BYTES", 1 << 20)
    stdin(b"x" * ((1 << 20) + 1))
    (problem,) = expand_paths(["-"])
    assert isinstance(problem, UnreadableFile)
    assert "1 MB" in problem.message


def test_page_size_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paperreader.importers.input.content.MAX_CONTENT_BYTES", 1 << 20)
    (problem,) = read_entries(Input("big.txt", b"word " * 300_000), date=None, today=TODAY)
    assert isinstance(problem, Problem)
    assert "1 MB" in problem.message


def test_names_contain_no_control_characters(tmp_path: Path) -> None:
    evil = tmp_path / "a\x1b[31m\nb\u202e.txt"
    evil.write_text("x")
    for given in (str(evil), str(tmp_path), str(evil) + "missing"):
        for item in expand_paths([given]):
            name = item.name if isinstance(item, Input) else item.file
            assert name.isprintable()

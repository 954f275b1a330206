"""Failures: one sentence, the right exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from paperreader import paths
from tests.waiting import TIMEOUT_SECONDS

PROGRAM = [sys.executable, "-m", "paperreader"]


def start(*arguments: object, **settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings
    )


def test_unhandled_exception_is_logged(paperreader, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of \x1b[2J course")

    monkeypatch.setattr("paperreader.library.Library.open", fail)
    result = paperreader("search", "anything")
    assert result.code == 1
    assert result.out == ""
    assert len(result.err.splitlines()) == 1
    assert "\x1b" not in result.err
    assert str(paths.log_file()) in result.err
    log = paths.log_file().read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "ZeroDivisionError" in log


def test_unhandled_exception_without_writable_log_is_one_line(paperreader, monkeypatch, home):
    (home / "state").write_text("a file where a folder is wanted")
    monkeypatch.setattr("paperreader.library.Library.open", lambda *_, **__: 1 / 0)
    result = paperreader("paths")
    assert result.code == 1
    assert len(result.err.splitlines()) == 1


def test_import_succeeds_without_writable_index(paperreader, page, home):
    (home / "cache").write_text("a file where a folder is wanted")
    result = paperreader("import", page)
    assert result.code == 0
    assert "3 new" in result.out
    assert "search index" in result.err
    assert len(paperreader("search", "--json").objects) == 3


def test_log_size_is_bounded(paperreader, monkeypatch):
    monkeypatch.setattr("paperreader.library.Library.open", lambda *_, **__: 1 / 0)
    paths.log_file().parent.mkdir(parents=True)
    paths.log_file().write_bytes(b"x" * 1_100_000)
    paperreader("paths")
    assert 0 < paths.log_file().stat().st_size < 100_000


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["search", "--limit", "many"],
        ["import"],
        ["show"],
        ["mark", "--bookmark"],
    ],
)
def test_usage_error_is_one_line_that_names_help(paperreader, arguments):
    result = paperreader(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert len(result.err.splitlines()) == 1
    assert "--help" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serch", "x"], "Unknown command serch. Did you mean search? See `paperreader --help`."),
        (["bogus"], "Unknown command bogus. See `paperreader --help`."),
        (
            ["completion", "tcsh"],
            "The shell must be bash, fish or zsh, not tcsh. See `paperreader completion --help`.",
        ),
        (
            ["digest", "--format", "htm"],
            "--format must be markdown, html, text or rss, not htm. Did you mean html? "
            "See `paperreader digest --help`.",
        ),
        (
            ["search", "--jsn", "x"],
            "`paperreader search` has no option --jsn. Did you mean --json? See `paperreader search --help`.",
        ),
        (
            ["search", "--sort", "bogus"],
            '`paperreader search` has no option --sort; use "sort:" in the query. '
            "See `paperreader search --help`.",
        ),
        (
            ["paths", "x"],
            "Too many arguments for `paperreader paths`: x. See `paperreader paths --help`.",
        ),
    ],
)
def test_usage_error_suggests_correction(paperreader, arguments, message):
    result = paperreader(*arguments)
    assert (result.code, result.out, result.err) == (2, "", f"paperreader: {message}\n")


def test_reader_without_terminal_is_reported(paperreader):
    result = paperreader()
    assert result.code == 1
    assert (
        result.err
        == "paperreader: The reader needs a terminal. Use `paperreader search` in pipes and scripts.\n"
    )


def test_closed_pipe_is_silent(filled):
    program = start("--sample", "search", "--json")
    assert program.stdout and program.stderr
    program.stdout.read(1)
    program.stdout.close()
    errors = program.stderr.read()
    program.stderr.close()
    assert (program.wait(60), errors) == (0, b"")


def test_pipe_closed_before_first_output_is_silent():
    reading, writing = os.pipe()
    os.close(reading)
    program = subprocess.run(
        [*PROGRAM, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=TIMEOUT_SECONDS
    )
    os.close(writing)
    assert (program.returncode, program.stderr) == (0, b"")


def test_closed_streams_are_accepted():
    command = " ".join([sys.executable, "-m", "paperreader", "paths", ">&-", "2>&-"])
    assert subprocess.run(["sh", "-c", command], check=False, timeout=TIMEOUT_SECONDS).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the full device is Linux's")
def test_full_disk_behind_output_is_a_failure(filled):
    with Path("/dev/full").open("wb") as full:
        program = subprocess.run(
            [*PROGRAM, "search", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
    assert program.returncode == 1
    assert len(program.stderr.splitlines()) == 1
    assert b"no space left" in program.stderr


def test_interrupt_exits_with_130_and_one_line():
    program = start("import", "-", stdin=subprocess.PIPE)
    assert program.stdin and program.stdout and program.stderr
    # More than a pipe buffers: the write returns when the program reads, after all its imports.
    program.stdin.write(b"A line of no paper.\n" * 20_000)
    program.stdin.flush()
    program.send_signal(signal.SIGINT)
    with suppress(BrokenPipeError):
        while program.poll() is None:  # a signal between two reads is seen when the next one returns
            program.stdin.write(b"More.\n")
            program.stdin.flush()
    errors = program.stderr.read().decode()
    with suppress(BrokenPipeError):
        program.stdin.close()
    program.stdout.close()
    program.stderr.close()
    assert program.wait(60) == 130
    assert errors == "paperreader: Interrupted before anything was read. The library is unchanged.\n"


def test_library_that_is_a_file_is_reported_in_one_line(paperreader, tmp_path, page):
    (tmp_path / "file").write_text("no folder")
    result = paperreader("import", "--library", tmp_path / "file", page)
    assert result.code == 1
    assert len(result.err.splitlines()) == 1
    assert "unexpected" not in result.err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_library_is_reported_in_one_line(paperreader, tmp_path, page):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    result = paperreader("import", "--library", folder, page)
    assert result.code == 1
    assert len(result.err.splitlines()) == 1


def test_unencodable_characters_are_printed_as_question_marks():
    process = subprocess.run(
        [*PROGRAM, "--sample", "search"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert process.stdout.isascii()
    assert len(process.stdout.splitlines()) >= 60

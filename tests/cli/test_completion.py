"""`paperreader completion`, tested in the shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMPLETED = {
    "bash": 'source "$1"; COMP_WORDS=(paperreader %s); COMP_CWORD=%d; _shtab_paperreader; echo "${COMPREPLY[@]}"',
}


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("ex", 1, "export"),
        ("completion ''", 2, "bash fish zsh"),
        ("export --form", 2, "--format"),
        ("export --format b", 3, "bibtex biblatex"),
        ("import /etc/hostn", 2, "/etc/hostname"),
    ],
)
def test_bash_completes_commands_options_and_files(paperreader, tmp_path, words, at, offered):
    script = tmp_path / "paperreader.bash"
    script.write_text(paperreader("completion", "bash").out, encoding="utf-8")
    process = subprocess.run(
        ["bash", "--norc", "-c", COMPLETED["bash"] % (words, at), "bash", str(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert process.stdout.split() == offered.split()


@pytest.fixture
def marked(filled, ids):
    """A library with tags and a subscription."""
    first, *_ = ids.values()
    filled("mark", first, "--tag", "to read", "--tag", "rl")
    filled("subscribe", "Rivers and lakes", "river")
    return filled


@pytest.mark.parametrize(
    ("kind", "prefix", "expected"),
    [
        ("tags", "", ["rl", "to read"]),
        ("tags", "T", ["to read"]),
        ("subscriptions", "", ["Rivers and lakes"]),
        ("views", "is:u", ["is:unread"]),
        ("topics", "quer", ["queries"]),
        ("ids", "no such id", []),
    ],
)
def test_values_of_the_library(marked, kind, prefix, expected):
    result = marked("complete-values", kind, prefix)
    assert (result.code, result.err, result.out.splitlines()) == (0, "", expected)


def test_ids_are_listed_by_their_beginning(marked, ids):
    assert set(marked("complete-values", "ids").out.split()) == set(ids.values())


def test_hidden_command_is_in_no_help(paperreader):
    assert "complete-values" not in paperreader("--help").out
    assert "complete-values" not in paperreader("nonsense").err


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("mark --tag r", 3, ["rl"]),
        ("mark --untag to", 3, ["to\\ read"]),
        ("export --tag r", 3, ["rl"]),
        ("unsubscribe R", 2, ["Rivers\\ and\\ lakes"]),
        ("help set", 2, ["settings"]),
        ("search has:c", 2, ["has:code"]),
    ],
)
def test_bash_completes_values_of_the_library(marked, tmp_path, words, at, offered):
    folder = Path(sys.executable).parent
    script = tmp_path / "paperreader.bash"
    script.write_text(marked("completion", "bash").out, encoding="utf-8")
    line = COMPLETED["bash"].replace('echo "${COMPREPLY[@]}"', 'printf "%%s\\n" "${COMPREPLY[@]}"') % (
        words,
        at,
    )
    process = subprocess.run(
        ["bash", "--norc", "-c", line, "bash", str(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
    )
    assert process.stdout.splitlines() == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_scripts_of_other_shells_are_valid(paperreader, tmp_path, shell):
    script = paperreader("completion", shell).out
    for command in ("import", "search", "export", "completion"):
        assert command in script
    if program := shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script, encoding="utf-8")
        subprocess.run([program, "-n", str(file)], check=True, timeout=20)


@pytest.mark.skipif(not shutil.which("fish"), reason="there is no fish")
def test_fish_completes_commands_options_and_values(paperreader, tmp_path):
    script = tmp_path / "paperreader.fish"
    script.write_text(paperreader("completion", "fish").out, encoding="utf-8")
    for line, offered in {
        "paperreader ex": "export",
        "paperreader mark --bo": "--bookmark",
        "paperreader export --format js": "jsonl",
    }.items():
        asked = ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', str(script), line]
        process = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=20)
        assert [result.partition("\t")[0] for result in process.stdout.splitlines()] == [offered]


def test_unknown_shell_is_usage_error(paperreader):
    refused = paperreader("completion", "csh")
    assert refused.code == 2
    assert "bash" in refused.err

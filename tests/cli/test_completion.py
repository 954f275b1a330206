"""`paperreader completion`, tested in the shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import endurance
from tests.terminal import Terminal
from tests.waiting import TIMEOUT_SECONDS

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
        timeout=TIMEOUT_SECONDS,
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


COMPLETED_LINES = [
    ("mark --tag r", "mark --tag rl"),
    ("unsubscribe R", "unsubscribe Rivers\\ and\\ lakes"),
    ("digest --subscription no R", "digest --subscription no Rivers\\ and\\ lakes"),
    ("help set", "help settings"),
    ("search is:unread has:c", "search is:unread has:code"),
    ("--library {other} mark --tag o", "mark --tag other"),
    ("show --library={other} 2401.00008 2401.00009 240", "2401.00008 2401.00009 2401.00009"),
    ("export --library ~/'an other' --ids 2401.00008 24", "--ids 2401.00008 2401.00009"),
]
"""What is typed before `tab`, and what the line contains after that."""


@pytest.fixture
def two_libraries(marked, home, tmp_path):
    """The default library, and a second one, whose folder is returned."""
    folder = home / "an other"
    file = tmp_path / "other.jsonl"
    file.write_text('{"title": "Ferries", "abstract": "A ferry.", "arxiv_id": "2401.00009"}')
    marked("--library", folder, "import", file)
    marked("--library", folder, "mark", "2401.00009", "--tag", "other")
    return folder


@pytest.mark.parametrize("shell", ["bash", endurance("zsh")])
def test_shell_completes_values_where_they_are_typed(two_libraries, paperreader, tmp_path, home, shell):
    if not (program := shutil.which(shell)):
        pytest.skip(f"there is no {shell}")
    script = tmp_path / "_paperreader"
    script.write_text(paperreader("completion", shell).out, encoding="utf-8")
    if shell == "bash":
        arguments, setup = ["--norc", "-i"], f"source {script}"
    else:
        arguments, setup = ["-f", "-i"], f"fpath=({tmp_path} $fpath); autoload -U compinit; compinit -u -D"
    env = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "PS1": "$ ",
        "LC_ALL": "C.UTF-8",
    }
    folder = str(two_libraries).replace(" ", "\\ ")
    with Terminal([program, *arguments], rows=10, columns=200, env=env) as terminal:
        terminal.send(f"{setup}; PS1='ready> '\n")
        terminal.wait_for("\nready>")
        for typed, completed in COMPLETED_LINES:
            terminal.send(f"paperreader {typed.format(other=folder)}\t")
            terminal.wait_for(completed)
            terminal.send("\x15\x0c")  # removes the line
            terminal.wait_for(lambda text: "paperreader" not in text)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_scripts_of_other_shells_are_valid(paperreader, tmp_path, shell):
    script = paperreader("completion", shell).out
    for command in ("import", "search", "export", "completion"):
        assert command in script
    if program := shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script, encoding="utf-8")
        subprocess.run([program, "-n", str(file)], check=True, timeout=TIMEOUT_SECONDS)


@pytest.mark.endurance
@pytest.mark.skipif(not shutil.which("fish"), reason="there is no fish")
def test_fish_completes_commands_options_and_values(two_libraries, paperreader, tmp_path, home):
    script = tmp_path / "paperreader.fish"
    script.write_text(paperreader("completion", "fish").out, encoding="utf-8")
    lines = {
        "ex": "export",
        "mark --bo": "--bookmark",
        "export --format js": "jsonl",
        "mark --tag t": "to read",
        "unsubscribe R": "Rivers and lakes",
        "help set": "settings",
        "search is:unread has:c": "has:code",
        "--library ~/an\\ other mark --tag ": "other",
        f"export --library='{two_libraries}' --ids 2401.00008 24": "2401.00009",
    }
    asked = 'source $argv[1]; for line in $argv[2..]; complete -C "paperreader $line"; end'
    process = subprocess.run(
        ["fish", "--no-config", "-c", asked, str(script), *lines],
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
        env={
            **os.environ,
            "HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
    )
    assert [result.partition("\t")[0] for result in process.stdout.splitlines()] == list(lines.values())


def test_unknown_shell_is_usage_error(paperreader):
    refused = paperreader("completion", "csh")
    assert refused.code == 2
    assert "bash" in refused.err

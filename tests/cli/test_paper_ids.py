"""Ids from standard input: `-` in `show`, `mark`, `export`, `remove` and `open`."""

from __future__ import annotations

import json
import os
import sys

import pytest

from paperreader.cli.paper_ids import read_ids
from tests.program import program_command
from tests.terminal import Terminal


def shown(command, *arguments, stdin):
    return [found["id"] for found in command("show", "--json", *arguments, stdin=stdin.encode()).objects]


def test_every_form_of_standard_input_names_the_same_papers(filled, ids):
    wanted = [ids["Slow"], ids["Sparse"]]
    table = {found["id"]: found for found in filled("search", "--json").objects}
    forms = [
        "\n".join(wanted),
        "  ".join(wanted) + "\r\n\r\n",
        "\ufeff" + "\n".join(wanted),
        "\n".join(json.dumps(table[id]) for id in wanted),
        "\n".join(filled("search", f"id:{id}").out for id in wanted),
        "\n".join([*wanted, wanted[0]]),
    ]
    for form in forms:
        assert shown(filled, "-", stdin=form) == wanted, form
    assert shown(filled, ids["Sparse"], "-", stdin=wanted[0]) == wanted[::-1]


def test_output_of_search_is_input_of_the_other_commands(filled, ids):
    filled("mark", ids["Slow"], "--bookmark")  # shown with a star
    lines = filled("search").out.encode()
    assert filled("mark", "-", "--tag", "all", stdin=lines).out == "Marked 3 papers.\n"
    assert len(filled("export", "--ids", "-", "--format", "jsonl", stdin=lines).objects) == 3
    exported = filled("export", "--format", "jsonl").out.encode()
    assert len(filled("show", "--json", "-", stdin=exported).objects) == 3
    printed = filled("show", "-", stdin=lines).out
    assert all(word in printed for word in ids)
    assert filled("remove", "-", stdin=lines).out.startswith("Removed 3 papers.")


def test_unknown_ids_are_reported_and_the_others_used(filled, ids):
    result = filled("show", "--json", "-", stdin=f"{ids['Slow']}\n2999.99999\n".encode())
    assert [found["id"] for found in result.objects] == [ids["Slow"]]
    assert (result.code, "2999.99999" in result.err) == (1, True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "names no paper"),
        (b" \n\n", "names no paper"),
        (b'{"id": 3}', "without an id"),
        (b"{broken", "not valid"),
        (b"{" * 100_000, "not valid"),
    ],
)
@pytest.mark.parametrize("command", [["show", "-"], ["mark", "-", "--read"], ["open", "-"]])
def test_unusable_standard_input_is_a_usage_error(filled, command, data, message):
    result = filled(*command, stdin=data)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_invalid_bytes_and_closed_input_are_reported(filled, monkeypatch):
    assert filled("show", "-", stdin=b"\xff\xfe\n").code == 1
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Exception, match="closed"):
        read_ids(["-"])


@pytest.mark.endurance
def test_open_reads_an_id_from_a_pipe_and_keys_from_the_terminal(home):
    command = " ".join(program_command())
    pick = f"{command} --sample search --limit 3 'a' | tail -n 1 | tee {home}/picked"
    with Terminal(["sh", "-c", f"{pick} | {command} --sample open -"], rows=24, columns=80) as terminal:
        terminal.wait_for("New here?")
        title = (home / "picked").read_text().split("  ", 2)[-1][2:20].strip()
        terminal.wait_for(lambda text: text.count(title) > 0)
        terminal.send("q")
        assert terminal.wait_for_exit() == 0


def test_open_without_a_terminal_is_reported(filled, ids, monkeypatch):
    opened = os.open

    def without_terminal(path, *arguments, **named):
        if path == "/dev/tty":
            raise OSError
        return opened(path, *arguments, **named)

    monkeypatch.setattr(os, "open", without_terminal)
    result = filled("open", "-", stdin=ids["Slow"].encode())
    assert (result.code, "needs a terminal" in result.err) == (1, True)

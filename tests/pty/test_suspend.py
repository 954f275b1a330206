"""Suspend and resume with `ctrl+z` and `fg`, in a real shell."""

from __future__ import annotations

import os
import re
import shlex
import shutil

import pytest

from tests.program import program_command
from tests.terminal import Terminal

SHELL = shutil.which("bash")


@pytest.fixture
def shell(home):
    """An interactive shell with job control."""
    if SHELL is None:
        pytest.skip("there is no bash")
    with Terminal([SHELL, "--norc", "--noprofile", "-i"], env={"PS1": "ready$ ", "HISTFILE": ""}) as terminal:
        terminal.wait_for("ready$")
        yield terminal


def start(shell: Terminal, line: str) -> None:
    shell.send(f"stty -a | cksum; {line}\r")
    shell.wait_for("New here?")
    shell.send("jj")
    shell.wait_for("3/82")


def is_on(shell: Terminal, mode: bytes) -> bool:
    """Return whether the last sequence for a terminal mode turns it on."""
    return shell.raw.rindex(b"\x1b[?%sh" % mode) > shell.raw.rfind(b"\x1b[?%sl" % mode)


def quit_to(shell: Terminal) -> None:
    shell.send("q")
    shell.wait_for(
        lambda _: re.search(rb"1049l.*ready\$", shell.raw.rpartition(b"1049h")[2], re.S) is not None
    )
    shell.send("echo it is $((50 + 2))\r")
    shell.wait_for("it is 52")


@pytest.mark.parametrize("wrapped", [False, True])
def test_ctrl_z_suspends_and_fg_resumes(shell, wrapped):
    line = shlex.join([*program_command(), "--sample"])
    start(shell, f"sh -c {shlex.quote(f'{line}; true')}" if wrapped else line)
    shell.send("b\x1a")
    shell.wait_for("Stopped")
    shell.send("stty -a | cksum; echo is it $((40 + 2))\r")
    shell.wait_for("is it 42")
    before, after = re.findall(rb"\d+ \d+(?=\r\n)", shell.raw)
    assert before == after, "the terminal modes are restored"
    assert not [mode for mode in (b"1000", b"1003", b"1004", b"1049") if is_on(shell, mode)]
    shell.resize(30, 100)
    shell.send("fg\r")
    shell.wait_for(lambda text: all(part in text for part in ("3/82", "★", "82 papers", "next page")))
    shell.send("k")
    shell.wait_for("2/82")
    quit_to(shell)


def test_background_reader_waits_for_the_terminal(shell):
    start(shell, shlex.join([*program_command(), "--sample"]))
    shell.send("s")
    shell.wait_for("Sort by")
    shell.send("\x1a")
    shell.wait_for("Stopped")
    shell.send("bg; until jobs | grep -q Stopped; do :; done; echo it waits $((60 + 2))\r")
    shell.wait_for("it waits 62")
    shell.send("fg\r")
    shell.wait_for(lambda text: all(part in text for part in ("Sort by", "82 papers", "escape close")))
    shell.send("\x1b")
    shell.wait_for("next page")
    quit_to(shell)


def test_ctrl_z_without_parent_shell_does_not_stop_the_reader(reader):
    screen = reader("--sample")
    screen.wait_for("New here?")
    screen.send("\x1a")
    screen.wait_for("Cannot suspend")
    assert os.waitpid(screen.process.pid, os.WNOHANG | os.WUNTRACED) == (0, 0)
    screen.send("q")
    assert screen.wait_for_exit() == 0

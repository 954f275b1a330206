"""Suspend and resume with `ctrl+z` and `fg`, in a real shell."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess

import pytest

from tests.examples import endurance
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


def children(pid: int) -> list[str]:
    """Return the ids of the child processes of a process."""
    return subprocess.run(
        ["pgrep", "-P", str(pid)], check=True, capture_output=True, text=True
    ).stdout.split()


def start(shell: Terminal, line: str) -> None:
    shell.send(f"stty -a | cksum; {line}\r")
    shell.wait_for("New here?")
    shell.send("jj")
    shell.wait_for("3/82")


def quit_to(shell: Terminal) -> None:
    shell.send("q")
    shell.wait_for(
        lambda _: re.search(rb"1049l.*ready\$", shell.raw.rpartition(b"1049h")[2], re.S) is not None
    )
    shell.send("echo it is $((50 + 2))\r")
    shell.wait_for("it is 52")


@pytest.mark.parametrize("wrapped", [False, endurance(True)])
def test_ctrl_z_suspends_and_fg_resumes(shell, wrapped):
    line = shlex.join([*program_command(), "--sample"])
    start(shell, f"sh -c {shlex.quote(f'{line}; true')}" if wrapped else line)
    shell.send("b\x1a")
    shell.wait_for("Stopped")
    shell.send("stty -a | cksum; echo is it $((40 + 2))\r")
    shell.wait_for("is it 42")
    before, after = re.findall(rb"\d+ \d+(?=\r\n)", shell.raw)
    assert before == after, "the terminal modes are restored"
    assert not [mode for mode in (1000, 1003, 1004, 1049) if shell.is_on(mode)]
    shell.resize(30, 100)
    shell.send("fg\r")
    shell.wait_for(lambda text: all(part in text for part in ("3/82", "★", "82 papers", "next page")))
    shell.send("k")
    shell.wait_for("2/82")
    quit_to(shell)


@pytest.mark.endurance
def test_fg_repaints_a_reader_that_another_program_stopped(shell):
    start(shell, shlex.join([*program_command(), "--sample"]))
    shell.send("b")
    shell.wait_for("Bookmarked")
    (reader,) = (int(pid) for pid in children(shell.process.pid))
    os.kill(reader, signal.SIGSTOP)
    shell.wait_for("Stopped")
    shell.send("printf '\\033[?1049l\\033[?1003l\\033[?25h'; clear; echo written over it $((40 + 2))\r")
    shell.wait_for("written over it 42")
    shell.resize(30, 100)
    shell.send("fg\r")
    shell.wait_for(lambda text: all(part in text for part in ("3/82", "★", "82 papers", "next page")))
    assert "written" not in shell.text
    assert shell.is_on(1049) and shell.is_on(1003) and not shell.is_on(25)
    shell.send("k")
    shell.wait_for("2/82")
    quit_to(shell)


@pytest.mark.endurance
def test_ctrl_l_repaints_what_another_program_wrote_over(reader):
    screen = reader("--sample", rows=30, columns=100)
    screen.wait_for("New here?")
    for keys, shown in (
        ("j", "2/82"),
        ("?", "Navigation"),
        ("\x1b", lambda text: "Navigation" not in text),
        ("n", "ctrl+s save"),
    ):
        screen.send(keys)
        screen.wait_for(shown)
        screen.feed_screen(b"\x1b[H\x1b[2J\x1b[5;5HBroadcast message\r\n\x1b[?25h")
        assert "Broadcast" in screen.text
        screen.send("\x0c")
        screen.wait_for(lambda text: "Broadcast" not in text and text == screen.undisturbed.text)
    screen.send("\x1b")
    screen.wait_for("LIST")
    screen.send("q")
    assert screen.wait_for_exit() == 0


@pytest.mark.endurance
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

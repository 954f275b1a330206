"""Disks that fail: every command, and every key of the reader with what can be typed after it.

    python -m tests.endurance.disk

Runs as root on Linux, in a mount namespace of its own (`unshare --mount`), with the home on a small tmpfs that is
full or read-only, or whose calls fail with EIO, ENOSPC or ESTALE (`tests/endurance/failing_calls.py`); a fake service
replaces Hugging Face and arXiv. Every command and every key may only report one sentence per problem, and when the
disk works again, so does everything, with every mark that was reported as saved.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from paperreader.tui.commands.reader import READER_COMMANDS
from tests.cli.test_disk_errors import COMMANDS, configure_service
from tests.endurance import script
from tests.endurance.failing_calls import ALL_CALLS, Calls, FailingCalls
from tests.fetch.server import running_service
from tests.terminal import Terminal

PROGRAM = [sys.executable, "-m", "paperreader"]
TEMPORARY_FOLDERS = [path for path in map(Path, ("/tmp", "/var/tmp", "/usr/tmp")) if path.is_dir()]

PAGE = """{"title": "Sparse Lanterns: Lighting Long Corridors", "abstract": "We ask how few lamps are enough."}
{"title": "Slow Rivers Remember: A Study of Clocks", "arxiv": "2501.00009", "votes": 3}
{"title": "Ladders for Short Astronomers", "links": ["https://github.com/lanternlab/ladders"]}
"""
ID = "2501.00009"
LEFT_OUT = {"quit", "quit-now", "suspend"}
KEYS = {
    "space": " ",
    "escape": "\x1b",
    "slash": "/",
    "enter": "\r",
    "tab": "\t",
    "question_mark": "?",
    "minus": "-",
}
KEYS |= {
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "equals_sign": "=",
    "plus": "+",
    "vertical_line": "|",
}
KEYS |= {"left_curly_bracket": "{", "right_curly_bracket": "}", "full_stop": ".", "comma": ","}
KEYS |= {"pagedown": "\x1b[6~", "pageup": "\x1b[5~"}
TYPED = {
    "search": ["lant", "\r"],
    "views": ["\r"],
    "sort": ["2"],
    "subscribe": ["light", "\r"],
    "similar": ["\r"],
    "trends": ["\r"],
    "mark-all-read": ["\r"],
    "catch-up": ["\r"],
    "delete": ["\r"],
    "tag": ["light", "\r", "\r"],
    "note": ["typed", "\x13", "\x1b", "d"],
    "copy-any": ["\r"],
    "open-any": ["\r"],
    "pipe": ["\r", "cat", "\r", "y", "n"],
    "export": ["b", "\r"],
    "import": ["more.jsonl", "\r"],
    "palette": ["undo the last import", "\r", "\r"],
}
"""What is typed after the key of a command, so that it reads or writes."""

MARKED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "--bookmark": lambda paper: paper["bookmarked"],
    "--note": lambda paper: "new" in paper["note"],
    "--tag": lambda paper: "rl" in paper["tags"],
}
"""Whether an object of `show --json` has what an option of `mark` sets."""


def mount(*arguments: object) -> None:
    """Run `mount`."""
    subprocess.run(["mount", *map(str, arguments)], check=True)


@contextmanager
def full(home: Path) -> Iterator[None]:
    """Fill the disk of the home."""
    filler = home / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    yield
    filler.unlink()


@contextmanager
def read_only(home: Path) -> Iterator[None]:
    """Mount the disk of the home read-only."""
    mount("-o", "remount,ro", home)
    yield
    mount("-o", "remount,rw", home)


@contextmanager
def no_temporary_folder(home: Path) -> Iterator[None]:
    """Make all folders for temporary files read-only."""
    for folder in TEMPORARY_FOLDERS:
        mount("--bind", folder, folder)
        mount("-o", "remount,bind,ro", folder)
    yield
    for folder in TEMPORARY_FOLDERS:
        subprocess.run(["umount", "-l", str(folder)], check=True)


Fault = Callable[[Path], AbstractContextManager[None]]

MOUNTS: dict[str, Fault] = {
    "full": full,
    "read-only": read_only,
    "no temporary folder": no_temporary_folder,
}
FAILING_CALLS = {
    "unreadable": (Calls.READ, errno.EIO),
    "unwritable": (Calls.WRITE, errno.EIO),
    "unwritable when flushed": (Calls.FLUSH, errno.EIO),
    "full when flushed": (Calls.FLUSH, errno.ENOSPC),
    "no changes of folders": (Calls.NAMES, errno.EIO),
    "read-only for new files": (Calls.OPEN_TO_WRITE, errno.EROFS),
    "stale files": (Calls.READ | Calls.WRITE | Calls.FLUSH, errno.ESTALE),
    "stale": (ALL_CALLS, errno.ESTALE),
    "gone": (ALL_CALLS, errno.EIO),
}


class DiskBench:
    """A library on a disk that can fail."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home = home
        self.environ = environ
        self.outcomes: Counter[str] = Counter()
        (home / "page.jsonl").write_text(PAGE)
        (home / "more.jsonl").write_text('{"title": "A Ladder That Follows the Star", "abstract": "Few."}\n')
        self.run_successfully("import", home / "page.jsonl")
        for note in ("one", "two"):
            self.run_successfully("mark", ID, "--note", note)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder that is not writable."""
        command = [*PROGRAM, *map(str, arguments)]
        environ = {**os.environ, **self.environ}
        return subprocess.run(
            command, cwd="/proc", env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    def run_successfully(self, *arguments: object) -> str:
        """Run a command that has to succeed; return its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, (arguments, done)
        return done.stdout

    def check_commands(self, name: str, fault: Fault) -> None:
        """Run every command while the disk fails."""
        for command in COMMANDS:
            words = [ID if word == "ID" else word for word in command]
            words = [str(self.home / word) if word.startswith(("more.", "out.")) else word for word in words]
            with fault(self.home):
                done = self.run(*words)
            context = (name, command, done)
            lines = done.stderr.splitlines()
            assert done.returncode in (0, 1), context
            assert all(line.startswith("paperreader: ") for line in lines), context
            assert lines or not done.returncode, context
            assert not any(word in done.stderr for word in ("Traceback", "unexpected", "Errno")), context
            self.outcomes["failed" if done.returncode else "succeeded"] += 1
            if command[0] == "mark" and not done.returncode:
                (paper,) = map(json.loads, self.run_successfully("show", ID, "--json").splitlines())
                assert all(is_marked(paper) for option, is_marked in MARKED.items() if option in command), (
                    context
                )

    def check_keys(self, name: str, fault: Fault) -> None:
        """Press every key while the disk fails, and quit when it works again."""
        self.run_successfully("import", self.home / "page.jsonl")  # the last command was to undo it
        editor = {"EDITOR": "sh -c 'echo written >> \"$0\"'"}
        os.chdir(self.home)
        with Terminal(PROGRAM, rows=30, columns=100, env={**self.environ, **editor}) as terminal:
            os.chdir("/")
            terminal.wait_for("Lanterns")
            with fault(self.home):
                for command in READER_COMMANDS:
                    if command.id in LEFT_OUT or not command.keys:
                        continue
                    key = command.keys.split(",")[0]
                    first = chr(ord(key[-1]) - 96) if key.startswith("ctrl+") else KEYS.get(key, key)
                    for typed in (first, *TYPED.get(command.id, ()), "\x1b", "\x1b"):
                        terminal.send(typed)
                        drain(terminal)
                    assert terminal.process.poll() is None, (name, command.id, terminal.text)
                    assert not any(word in terminal.text for word in ("Traceback", "Errno")), terminal.text
                    self.outcomes["keys"] += 1
            for _ in range(4):
                terminal.send("\x1b")
                drain(terminal)
            terminal.send("q")
            assert terminal.wait_for_exit() == 0, (name, terminal.text)


def drain(terminal: Terminal) -> None:
    """Display output until there is none for a moment."""
    while data := terminal.read_output(0.15):
        terminal.feed_screen(data)


def check_fault(name: str, fault: Fault, folder: Path, environ: dict[str, str]) -> Counter[str]:
    """Run all commands and press all keys while the disk fails; return the outcomes."""
    mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", folder)
    bench = DiskBench(folder, environ)
    bench.check_commands(name, fault)
    bench.check_keys(name, fault)
    (folder / "last.jsonl").write_text('{"title": "Wells at Noon", "arxiv": "2501.00010"}\n')
    bench.run_successfully("import", folder / "last.jsonl")
    bench.run_successfully("mark", "2501.00010", "--bookmark")
    assert json.loads(bench.run_successfully("show", "2501.00010", "--json"))["bookmarked"]
    assert bench.run_successfully("check", "--repair").endswith("no problems.\n")
    subprocess.run(["umount", "-l", str(folder)], check=True)
    print(name, json.dumps(bench.outcomes), flush=True)
    return bench.outcomes


def main() -> None:
    """Print the outcomes."""
    only = script.parse_arguments(__doc__, texts={"only": ""}).only
    if os.environ.get("PAPERREADER_NAMESPACE") != "1":
        os.environ["PAPERREADER_NAMESPACE"] = "1"
        os.execvp(
            "unshare", ["unshare", "--mount", sys.executable, "-m", "tests.endurance.disk", *sys.argv[1:]]
        )
    began = time.monotonic()
    mount("--make-rprivate", "/")
    folder = Path(tempfile.mkdtemp(dir="/mnt"))
    for name in ("DATA", "CACHE", "STATE", "CONFIG"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    outcomes: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as place,
        pytest.MonkeyPatch.context() as patch,
        running_service(patch) as service,
    ):
        configure_service(service)
        calls = FailingCalls(Path(place), folder)
        faults = {**MOUNTS, **{name: partial(_failing, calls, name) for name in FAILING_CALLS}}
        for name, fault in faults.items():
            if only in (name, ""):
                outcomes += check_fault(name, fault, folder, {} if name in MOUNTS else calls.environ)
    folder.rmdir()
    print(json.dumps({**outcomes, "seconds": round(time.monotonic() - began)}))


def _failing(calls: FailingCalls, name: str, _: Path) -> AbstractContextManager[None]:
    return calls.fail(*FAILING_CALLS[name])


if __name__ == "__main__":
    main()

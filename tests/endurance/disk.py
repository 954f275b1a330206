"""Real disks that are full, read-only or gone, and no temporary folder: every command, and every key of the reader.

    python -m tests.endurance.disk

Runs as root on Linux, in a mount namespace of its own (`unshare --mount`), with the home on a small tmpfs. Every
command and every key may only report one sentence per problem; and when the disk works again, so does everything,
with every mark that was reported as saved.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from paperreader.tui.commands.reader import READER_COMMANDS
from tests.cli.test_disk_errors import COMMANDS
from tests.endurance import script
from tests.terminal import Terminal

PROGRAM = [sys.executable, "-m", "paperreader"]
TEMPORARY_FOLDERS = [path for path in map(Path, ("/tmp", "/var/tmp", "/usr/tmp")) if path.is_dir()]

PAGE = """{"title": "Sparse Lanterns: Lighting Long Corridors", "abstract": "We ask how few lamps are enough."}
{"title": "Slow Rivers Remember: A Study of Clocks", "arxiv": "2501.00009", "votes": 3}
{"title": "Ladders for Short Astronomers", "links": ["https://github.com/lanternlab/ladders"]}
"""
ID = "2501.00009"
LEFT_OUT = {"quit", "quit-now", "suspend", "fetch"}
KEYS = {"space": " ", "escape": "\x1b", "slash": "/", "enter": "\r", "tab": "\t", "question_mark": "?"}
KEYS |= {"greater_than_sign": ">", "less_than_sign": "<", "equals_sign": "=", "plus": "+", "minus": "-"}


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


FAULTS: dict[str, Callable[[Path], object]] = {
    "full": full,
    "read-only": read_only,
    "no temporary folder": no_temporary_folder,
}


class DiskBench:
    """A library on a disk that can fail."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.outcomes: Counter[str] = Counter()
        (home / "page.jsonl").write_text(PAGE)
        (home / "more.jsonl").write_text('{"title": "A Ladder That Follows the Star", "abstract": "Few."}\n')
        self.run_successfully("import", home / "page.jsonl")
        for note in ("one", "two"):
            self.run_successfully("mark", ID, "--note", note)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder that is not writable."""
        command = [*PROGRAM, *map(str, arguments)]
        return subprocess.run(command, cwd="/proc", capture_output=True, text=True, check=False, timeout=60)

    def run_successfully(self, *arguments: object) -> str:
        """Run a command that has to succeed; return its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, (arguments, done)
        return done.stdout

    def check_commands(self, fault: str) -> None:
        """Run every command while the disk fails."""
        for command in COMMANDS:
            words = [ID if word == "ID" else word for word in command]
            words = [str(self.home / word) if word.startswith(("more.", "out.")) else word for word in words]
            done = self.run(*words)
            context = (fault, command, done)
            lines = done.stderr.splitlines()
            assert done.returncode in (0, 1), context
            assert all(line.startswith("paperreader: ") for line in lines), context
            assert lines or not done.returncode, context
            assert not any(word in done.stderr for word in ("Traceback", "unexpected", "Errno")), context
            self.outcomes["failed" if done.returncode else "succeeded"] += 1

    def check_keys(self, fault: str, apply: Callable[[Path], object]) -> None:
        """Press every key while the disk fails, and quit when it works again."""
        self.run_successfully("import", self.home / "page.jsonl")  # the last command was to undo it
        with Terminal(PROGRAM, rows=30, columns=100) as terminal:
            terminal.wait_for("Lanterns")
            with apply(self.home):  # type: ignore[attr-defined]
                for command in READER_COMMANDS:
                    if command.id in LEFT_OUT or not command.keys:
                        continue
                    name = command.keys.split(",")[0]
                    key = chr(ord(name[-1]) - 96) if name.startswith("ctrl+") else KEYS.get(name, name)
                    if len(key) > 1:
                        continue
                    terminal.send(key)
                    drain(terminal)
                    terminal.send("\x1b")
                    drain(terminal)
                    assert terminal.process.poll() is None, (fault, command.id, terminal.text)
                    self.outcomes["keys"] += 1
            for _ in range(4):
                terminal.send("\x1b")
                drain(terminal)
            terminal.send("q")
            assert terminal.wait_for_exit() == 0, (fault, terminal.text)


def drain(terminal: Terminal) -> None:
    """Display output until there is none for a moment."""
    while data := terminal.read_output(0.15):
        terminal.feed_screen(data)


def main() -> None:
    """Print the outcomes."""
    script.parse_arguments(__doc__)
    if os.environ.get("PAPERREADER_NAMESPACE") != "1":
        os.environ["PAPERREADER_NAMESPACE"] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, "-m", "tests.endurance.disk"])
    began = time.monotonic()
    mount("--make-rprivate", "/")
    outcomes: Counter[str] = Counter()
    folder = Path(tempfile.mkdtemp(dir="/mnt"))
    for fault, apply in FAULTS.items():
        mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", folder)
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
        bench = DiskBench(folder)
        with apply(folder):  # type: ignore[attr-defined]
            bench.check_commands(fault)
        bench.check_keys(fault, apply)
        bench.run_successfully("mark", ID, "--bookmark")
        assert json.loads(bench.run_successfully("show", ID, "--json"))["bookmarked"]
        assert bench.run_successfully("check", "--repair").endswith("no problems.\n")
        print(fault, json.dumps(bench.outcomes), flush=True)
        outcomes += bench.outcomes
        subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()
    print(json.dumps({**outcomes, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()

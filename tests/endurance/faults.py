"""A disk that refuses, at every system call by which a command writes: with `strace`, so that the refusal is real.

    python -m tests.endurance.faults

Each command runs once under observation. Then, for every call that touched the user's files, it runs again on a fresh
copy of the same library while the kernel refuses that one call. The command has to end well, or with one sentence and
the old state; and the same command has to work when the disk is willing again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "rename",
    "link",
    "unlink",
    "ftruncate",
    "mkdir",
    "chmod",
    "fchmod",
)
ERRORS = {
    "openat": ("EACCES", "EROFS", "ENOSPC"),
    "write": ("ENOSPC", "EIO"),
    "pwrite64": ("ENOSPC", "EIO"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EACCES", "EROFS", "EIO"),
    "ftruncate": ("EIO", "EROFS"),
}
DEFAULT_ERRORS = ("EACCES", "EROFS", "EIO")

PAGE = """{"title": "Sparse Lanterns: Lighting Long Corridors", "abstract": "We ask how few lamps are enough."}
{"title": "Slow Rivers Remember: A Study of Clocks", "arxiv": "2501.00009", "votes": 3}
"""
MORE = """{"title": "Slow Rivers Remember: A Study of Clocks", "abstract": "Rivers lay down a layer a year."}
{"title": "Ladders for Short Astronomers", "abstract": "A ladder that follows the star."}
"""
ID = "2501.00009"


@dataclass(frozen=True)
class Call:
    """A system call of a command: which one it is, by its name and its number among those of that name."""

    name: str
    number: int
    path: str


COMMANDS = {
    "bookmark": ["mark", ID, "--bookmark"],
    "note": ["mark", ID, "--note", "A new note."],
    "first import": ["import", "page.jsonl"],
    "import": ["import", "more.jsonl"],
    "undo of an import": ["import", "--undo"],
    "remove": ["remove", ID],
    "reindex": ["reindex"],
    "restore": ["restore", "1"],
    "repair": ["check", "--repair"],
}


class FaultBench:
    """A prepared home with a library, copied for every trial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.model = folder / "model"
        (folder / "page.jsonl").write_text(PAGE)
        (folder / "more.jsonl").write_text(MORE)

    def prepare(self, name: str) -> None:
        """Make the model that a command begins with."""
        for path in (self.home, self.model):
            shutil.rmtree(path, ignore_errors=True)
        self.home.mkdir()
        if name != "first import":
            self._run_successfully("import", "page.jsonl")
            for note in ("one", "two", "three"):
                self._run_successfully("mark", ID, "--note", note)
        if name == "repair":
            file = self.library / "papers.jsonl"
            file.write_bytes(file.read_bytes().replace(b"Lanterns", b"Lantern\xff"))
            (self.library / "notebook.json").write_bytes(b"damaged")
        self.home.rename(self.model)

    @property
    def library(self) -> Path:
        return self.home / "data" / "paperreader" / "library"

    def reset(self) -> None:
        """Begin again with the model."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.model, self.home, symlinks=True)

    def run(self, arguments: list[str], *strace: str) -> subprocess.CompletedProcess[str]:
        """Run a command in that home, under `strace` with those options if any."""
        folders = {
            f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("DATA", "CACHE", "STATE", "CONFIG")
        }
        env = {
            **os.environ,
            **folders,
            "HOME": str(self.home),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        prefix = ["strace", "-qq", "-y", "-o", str(self.folder / "trace"), *strace] if strace else []
        command = [*prefix, sys.executable, "-m", "paperreader", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, check=False, timeout=120
        )

    def write_calls(self, arguments: list[str]) -> list[Call]:
        """The calls by which a command writes into the home."""
        self.reset()
        done = self.run(arguments, "-e", f"trace={','.join(CALLS)}")
        assert done.returncode in (0, 1), done.stderr
        return list(_parse_write_calls((self.folder / "trace").read_text(errors="replace"), str(self.home)))

    def marks(self) -> dict[str, list[object]]:
        """What the notebook says by now."""
        file = self.library / "notebook.json"
        papers = json.loads(file.read_bytes())["papers"] if file.exists() else {}
        return {
            id: [mark.get("bookmark", [False])[0], mark.get("note", [""])[0]] for id, mark in papers.items()
        }

    def _run_successfully(self, *arguments: str) -> None:
        done = self.run(list(arguments))
        assert done.returncode == 0, done.stderr


def _parse_write_calls(trace: str, home: str) -> Iterator[Call]:
    numbers: Counter[str] = Counter()
    for line in trace.splitlines():
        found = re.match(r"(?:\d+ +)?(\w+)\((.*)", line)
        if found is None:
            continue
        name, rest = found.groups()
        numbers[name] += 1
        path = next(iter(re.findall(rf"{re.escape(home)}[^\s\">,]*", rest)), "")
        reads = name == "openat" and not re.search(r"O_(?:WRONLY|RDWR|CREAT)", rest)
        if path and not reads:
            yield Call(name, numbers[name], path)


def inject_fault(bench: FaultBench, name: str, call: Call, error: str) -> str:
    """Run a command while one call is refused, and hold it to its promise; gives how it ended.

    Raises:
        AssertionError: it broke the promise.
    """
    bench.reset()
    before = bench.marks() if name != "repair" else {}
    arguments = COMMANDS[name]
    done = bench.run(
        arguments, "-e", f"trace={call.name}", "-e", f"inject={call.name}:error={error}:when={call.number}"
    )
    where = (name, call, error, done.returncode, done.stdout, done.stderr)
    assert done.returncode in (0, 1), where
    told = done.stderr.splitlines()
    assert all(line.startswith("paperreader: ") for line in told), where
    assert not any(word in done.stderr for word in ("Traceback", "unexpected")), where
    after = bench.marks() if name != "repair" else {}
    if name in ("bookmark", "note"):
        if done.returncode:
            assert after == before, where
        else:
            assert after[ID] == {"bookmark": [True, "three"], "note": [False, "A new note."]}[name], where
    elif name != "restore" or done.returncode:
        assert after == before, where
    if done.returncode and name != "repair":
        assert told, where
    again = bench.run(arguments)
    nothing_left = name in ("undo of an import", "remove") and "no " in again.stderr.lower()
    assert again.returncode == 0 or nothing_left, (*where, again.stderr)
    checked = bench.run(["check", "--repair"])
    assert (checked.returncode, checked.stderr) == (0, ""), (*where, checked.stdout, checked.stderr)
    return "told" if done.returncode else "done" if not told else "done, with a word"


def main() -> None:
    """Run from the command line and print how many refusals there were."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="every error at every call, not one each in turn")
    parser.add_argument("--only", choices=COMMANDS, help="one command")
    asked = parser.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is not installed")
    total: Counter[str] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = FaultBench(Path(folder))
        for name in [asked.only] if asked.only else COMMANDS:
            bench.prepare(name)
            calls = bench.write_calls(COMMANDS[name])
            ended: Counter[str] = Counter()
            for place, call in enumerate(calls):
                errors = ERRORS.get(call.name, DEFAULT_ERRORS)
                for error in errors if asked.all else [errors[place % len(errors)]]:
                    ended[inject_fault(bench, name, call, error)] += 1
            print(name, json.dumps(ended), flush=True)
            total += ended
    print(json.dumps({"refusals": total.total(), **total, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()

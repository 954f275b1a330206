"""Fault injection: a system call by which a command reads or writes fails once, using `strace`.

    python -m tests.endurance.faults
    python -m tests.endurance.faults --calls 20 --seed 7

Each command is traced once. Then, for every call that accessed the user's files (or for so many of each command, chosen
at random), it runs again on a fresh copy of the same library while that call fails. The command must succeed, or fail
with one sentence and the old state; and it must succeed when it is repeated without the fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
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
    "read",
    "pread64",
    "newfstatat",
)
ERRORS = {
    "openat": ("EACCES", "EROFS", "ENOSPC", "ESTALE", "EIO"),
    "write": ("ENOSPC", "EIO", "ESTALE"),
    "pwrite64": ("ENOSPC", "EIO", "ESTALE"),
    "fsync": ("EIO", "ENOSPC", "ESTALE"),
    "rename": ("EACCES", "EROFS", "EIO", "ENOSPC", "ESTALE"),
    "ftruncate": ("EIO", "EROFS", "ESTALE"),
    "read": ("EIO", "ESTALE"),
    "pread64": ("EIO", "ESTALE"),
    "newfstatat": ("EIO", "ESTALE"),
}
DEFAULT_ERRORS = ("EACCES", "EROFS", "EIO", "ENOSPC", "ESTALE")

PAGE = """{"title": "Sparse Lanterns: Lighting Long Corridors", "abstract": "We ask how few lamps are enough."}
{"title": "Slow Rivers Remember: A Study of Clocks", "arxiv": "2501.00009", "votes": 3}
"""
MORE = """{"title": "Slow Rivers Remember: A Study of Clocks", "abstract": "Rivers lay down a layer a year."}
{"title": "Ladders for Short Astronomers", "abstract": "A ladder that follows the star."}
"""
ID = "2501.00009"


@dataclass(frozen=True)
class Call:
    """A system call of a command: its name, and its number among the calls of that name."""

    name: str
    number: int
    path: str


COMMANDS = {
    "bookmark": ["mark", ID, "--bookmark"],
    "note": ["mark", ID, "--note", "A new note."],
    "tag": ["mark", ID, "--tag", "light"],
    "hide": ["mark", ID, "--hide"],
    "dismiss": ["inbox", "--dismiss"],
    "rename a tag": ["tags", "--rename", "old", "new"],
    "subscribe": ["subscribe", "Rivers", "rivers"],
    "settings": ["config", "--init"],
    "export": ["export", "--format", "bibtex", "--output", "home/out.bib"],
    "digest": ["digest", "--output", "home/out.html"],
    "search": ["search", "rivers"],
    "show": ["show", ID],
    "check": ["check"],
    "first import": ["import", "page.jsonl"],
    "import": ["import", "more.jsonl"],
    "undo of an import": ["import", "--undo"],
    "remove": ["remove", ID],
    "reindex": ["reindex"],
    "restore": ["restore", "1"],
    "repair": ["check", "--repair"],
}


class FaultBench:
    """A prepared home with a library, which is copied for every trial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.model = folder / "model"
        (folder / "page.jsonl").write_text(PAGE)
        (folder / "more.jsonl").write_text(MORE)

    def prepare(self, name: str) -> None:
        """Create the home that a command starts with."""
        for path in (self.home, self.model):
            shutil.rmtree(path, ignore_errors=True)
        self.home.mkdir()
        if name != "first import":
            self._run_successfully("import", "page.jsonl")
            for note in ("one", "two", "three"):
                self._run_successfully("mark", ID, "--note", note, "--tag", "old")
        if name == "repair":
            file = self.library / "papers.jsonl"
            file.write_bytes(file.read_bytes().replace(b"Lanterns", b"Lantern\xff"))
            (self.library / "notebook.json").write_bytes(b"damaged")
        self.home.rename(self.model)

    @property
    def library(self) -> Path:
        return self.home / "data" / "paperreader" / "library"

    def reset(self) -> None:
        """Restore the prepared home."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.model, self.home, symlinks=True)

    def run(self, arguments: list[str], *strace: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the home, with options for `strace` under `strace`."""
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

    def file_calls(self, arguments: list[str]) -> list[Call]:
        """Return the calls by which a command reads or writes below the home."""
        self.reset()
        done = self.run(arguments, "-e", f"trace={','.join(CALLS)}")
        assert done.returncode in (0, 1), done.stderr
        return list(_parse_file_calls((self.folder / "trace").read_text(errors="replace"), str(self.home)))

    def marks(self) -> dict[str, list[object]]:
        """Return bookmark and note of each paper in the notebook."""
        file = self.library / "notebook.json"
        papers = json.loads(file.read_bytes())["papers"] if file.exists() else {}
        marks = {
            id: [mark.get("bookmark", [False])[0], mark.get("note", [""])[0]] for id, mark in papers.items()
        }
        return {id: values for id, values in marks.items() if any(values)}

    def _run_successfully(self, *arguments: str) -> None:
        done = self.run(list(arguments))
        assert done.returncode == 0, done.stderr


def _parse_file_calls(trace: str, home: str) -> Iterator[Call]:
    numbers: Counter[str] = Counter()
    for line in trace.splitlines():
        found = re.match(r"(?:\d+ +)?(\w+)\((.*)", line)
        if found is None:
            continue
        name, rest = found.groups()
        numbers[name] += 1
        path = next(iter(re.findall(rf"{re.escape(home)}[^\s\">,]*", rest)), "")
        if path:
            yield Call(name, numbers[name], path)


def inject_fault(bench: FaultBench, name: str, call: Call, error: str) -> str:
    """Run a command while one call fails, and check its guarantees; return how it ended.

    Raises:
        AssertionError: a guarantee was broken.
    """
    bench.reset()
    before = bench.marks() if name != "repair" else {}
    arguments = COMMANDS[name]
    done = bench.run(
        arguments, "-e", f"trace={call.name}", "-e", f"inject={call.name}:error={error}:when={call.number}"
    )
    context = (name, call, error, done.returncode, done.stdout, done.stderr)
    assert done.returncode in (0, 1), context
    messages = done.stderr.splitlines()
    assert all(line.startswith("paperreader: ") for line in messages), context
    assert not any(word in done.stderr for word in ("Traceback", "unexpected")), context
    after = bench.marks() if name != "repair" else {}
    if name in ("bookmark", "note"):
        if done.returncode:
            assert after == before, context
        else:
            assert after[ID] == {"bookmark": [True, "three"], "note": [False, "A new note."]}[name], context
    elif name != "restore" or done.returncode:
        assert after == before, context
    if done.returncode and name not in ("repair", "check"):
        assert messages, context
    again = bench.run(arguments)
    done_before = ("undo of an import", "remove", "rename a tag", "settings", "subscribe")
    nothing_left = name in done_before and re.search(r"\b(?:no|exists)\b", again.stderr.lower()) is not None
    assert again.returncode == 0 or nothing_left, (*context, again.stderr)
    checked = bench.run(["check", "--repair"])
    assert (checked.returncode, checked.stderr) == (0, ""), (*context, checked.stdout, checked.stderr)
    return "failed" if done.returncode else "succeeded" if not messages else "succeeded with a message"


def main() -> None:
    """Print how the commands ended."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--all", action="store_true", help="every error at every call, not one error per call"
    )
    parser.add_argument("--only", choices=COMMANDS, help="one command")
    parser.add_argument("--calls", type=int, help="calls of each command, chosen at random; default: all")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    if shutil.which("strace") is None:
        sys.exit("strace is not installed")
    total: Counter[str] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = FaultBench(Path(folder))
        for name in [arguments.only] if arguments.only else COMMANDS:
            bench.prepare(name)
            calls = bench.file_calls(COMMANDS[name])
            if arguments.calls is not None:
                chosen = random.Random(f"{arguments.seed} {name}")
                calls = chosen.sample(calls, min(arguments.calls, len(calls)))
            counts: Counter[str] = Counter()
            for place, call in enumerate(calls):
                errors = ERRORS.get(call.name, DEFAULT_ERRORS)
                for error in errors if arguments.all else [errors[place % len(errors)]]:
                    counts[inject_fault(bench, name, call, error)] += 1
            print(name, json.dumps(counts), flush=True)
            total += counts
    print(json.dumps({"faults": total.total(), **total, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()

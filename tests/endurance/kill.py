"""kill -9 at random moments: processes mark, note, import, reindex and compact, and are killed meanwhile.

    python -m tests.endurance.kill --kills 500

After each kill the library is opened as at the next start, and compared with what the processes had acknowledged:
every mark, note and paper. Nothing may need a repair, and the search must find all papers.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from paperreader.catalog.journal import format as journal_format
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.endurance import script

CHUNK_PAPERS = 20
"""Papers in a chunk: small, so that an import has many states."""

KILLS_PER_LIBRARY = 25
"""A new library is used after this many kills, because verifying a large one takes long."""

SELF_REPAIRED = (
    "the end of the file is incomplete",
    "the index is not built yet",
    "the index is older than the catalog",
    "contains no usable search index",
    "is missing or damaged",
    "is missing, or other users can write it",
)
"""What `check` may report after a kill: the next import or search repairs it. During a rebuild of the index its old
files are deleted.
"""

ACTIONS = (
    "mark",
    "mark",
    "mark",
    "note",
    "note",
    "import",
    "import",
    "reindex",
    "rebuild",
    "compact",
    "undo",
)


@dataclass
class Acknowledged:
    """What processes have acknowledged so far."""

    marks: set[str] = field(default_factory=set)
    notes: dict[str, set[str]] = field(default_factory=dict)
    """Possible notes of each process: the last one acknowledged, and one that was being saved."""
    titles: set[str] = field(default_factory=set)
    actions: Counter[str] = field(default_factory=Counter)

    def record(self, line: str) -> None:
        """Record a line of a process."""
        status, action, *rest = json.loads(line)
        done = status == "done"
        self.actions[action] += done
        if action == "mark" and done:
            self.marks.add(rest[0])
        elif action == "note":
            name, text = rest
            self.notes[name] = {text} if done else {*self.notes.get(name, {""}), text}
        elif action == "import" and done:
            self.titles |= set(rest[0])


def act_until_killed(folder: Path, name: str, write_end: int, seed: int) -> None:
    """Perform random actions until the process is killed, and report each of them."""
    rng = random.Random(seed)
    library = Library(folder)
    number = 0

    def report(*message: object) -> None:
        os.write(write_end, (json.dumps(message) + "\n").encode())

    while True:
        number += 1
        action = rng.choice(ACTIONS)
        if action == "mark":
            id = f"{name}-{number}"
            library.save([MarkChange(id, f"Title {id}", bookmark=True, tags={"test": True})])
            report("done", action, id)
        elif action == "note":
            text = f"{number} " + "x" * rng.randrange(3000)
            report("begun", action, name, text)
            library.save([MarkChange(name, "Notes", note=text)])
            report("done", action, name, text)
        elif action in ("import", "undo"):
            titles = [f"Study {name} {number} in its part {part}" for part in range(rng.randrange(5, 90))]
            file = folder.parent / f"{name}-{number}.jsonl"
            file.write_text(
                "".join(json.dumps({"title": title, "abstract": "On it."}) + "\n" for title in titles)
            )
            if action == "import":
                library.imports.import_paths([str(file)])
                report("done", action, titles)
            else:
                library.refresh()
                library.removals.remove_source(file.name) if library.imports.import_paths(
                    [str(file)]
                ).new else None
                library.removals.undo()
                report("done", action)
        elif action == "compact":
            library.maintenance.compact()
            report("done", action)
        else:
            library.maintenance.reindex(from_scratch=action == "rebuild")
            report("done", action)


class ActorProcess:
    """A process that acts on a library."""

    def __init__(self, folder: Path, name: str, seed: int) -> None:
        self._read_end, write_end = os.pipe()
        self._partial_line = b""
        self._name = name
        self.pid = os.fork()
        if self.pid:
            os.close(write_end)
            return
        try:
            sys.stderr = Path(f"{folder}-{name}.log").open("a")  # noqa: SIM115 - open until the process ends
            journal_format.PAPERS_PER_CHUNK = CHUNK_PAPERS
            act_until_killed(folder, name, write_end, seed)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
        finally:
            os._exit(3)

    def listen(self, promises: Acknowledged, seconds: float) -> bool:
        """Record what it acknowledges for some seconds; return False if it has ended."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and select.select([self._read_end], [], [], left)[0]:
            if not self._read(promises):
                return False
        return True

    def kill(self, promises: Acknowledged) -> None:
        """Kill it, and record what it acknowledged before.

        Raises:
            AssertionError: it had already ended.
        """
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        while self._read(promises):
            pass
        os.close(self._read_end)
        ended = os.waitstatus_to_exitcode(status)
        assert ended == -signal.SIGKILL, f"{self._name} ended ({ended}), see its log"

    def _read(self, promises: Acknowledged) -> bool:
        data = os.read(self._read_end, 1 << 16)
        *whole, self._partial_line = (self._partial_line + data).split(b"\n")
        for line in whole:
            promises.record(line.decode())
        return bool(data)


def kill_two(folder: Path, promises: Acknowledged, rng: random.Random, number: int, seconds: float) -> None:
    """Start two processes on one library, and kill both, one a little after the other."""
    both = [ActorProcess(folder, f"p{number}{side}", rng.randrange(2**32)) for side in "ab"]
    for one in both:
        one.listen(promises, rng.uniform(0.0, seconds))
        while not promises.actions and one.listen(promises, 1.0):
            pass  # on a slow machine nothing may have been acknowledged yet, so nothing could be lost
        one.kill(promises)


def assert_acknowledged_present(folder: Path, promises: Acknowledged, rng: random.Random) -> None:
    """Open the library as at the next start, and compare it with what was acknowledged."""
    notebook = folder / "notebook.json"
    stored = json.loads(notebook.read_bytes())["papers"] if notebook.exists() else {}
    library = Library(folder)
    repairs = [each for each in library.pop_warnings() if not each.startswith("An import was interrupted")]
    assert not repairs, f"something needed a repair: {repairs}"
    lost = {id for id in promises.marks if id not in stored or not stored[id]["bookmark"][0]}
    assert not lost, f"marks are lost: {lost}"
    for name, texts in promises.notes.items():
        stored_note = stored.get(name, {}).get("note", [""])[0]
        assert stored_note in texts, (name, stored_note, sorted(texts))
    table = library.table
    titles = {table.paper(row).title for row in table.newest}
    assert promises.titles <= titles, f"papers are lost: {sorted(promises.titles - titles)[:5]}"
    problems = map(str, library.maintenance.check())
    unexpected = [problem for problem in problems if not any(text in problem for text in SELF_REPAIRED)]
    assert not unexpected, unexpected
    library.maintenance.reindex()
    for title in rng.sample(sorted(promises.titles), min(3, len(promises.titles))):
        hits = library.search(f'"{title}"')
        found = {table.paper(row).title for row in hits.rows[: hits.full_matches]}
        assert title in found, f"{title} is not found"


def assert_clean_after_import(folder: Path) -> None:
    """Import once more, and check that nothing is reported."""
    file = folder.parent / "last.jsonl"
    file.write_text('{"title": "The Last Study of All", "published": "2025"}\n')
    for arguments in (["import", str(file)], ["check"]):
        command = [sys.executable, "-m", "paperreader", "--library", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), (arguments, done.stdout, done.stderr)


def run(folder: Path, kills: int, *, seed: int = 0, seconds: float = 0.4) -> Counter[str]:
    """Kill processes, and count the acknowledged actions of each kind.

    Raises:
        AssertionError: something was lost, or needed a repair.
    """
    rng = random.Random(seed)
    total: Counter[str] = Counter()
    done = 0
    while done < kills:
        library = folder / f"lib-{done}" / "library"
        library.parent.mkdir(parents=True)
        promises = Acknowledged()
        for _ in range(0, min(KILLS_PER_LIBRARY, kills - done), 2):
            kill_two(library, promises, rng, done, seconds)
            assert_acknowledged_present(library, promises, rng)
            done += 2
        assert_clean_after_import(library)
        total += promises.actions
    return total + Counter(kills=done)


def main() -> None:
    """Print the counts."""
    arguments = script.parse_arguments(__doc__, seeded=True, kills=500)
    with script.temporary_home() as folder:
        began = time.monotonic()
        figures = run(folder, arguments.kills, seed=arguments.seed)
    print(json.dumps({**figures, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()

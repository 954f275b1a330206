"""Set the clock ahead and back by years at random while fetching, marking and backing up.

The clock of the service is right all the time. No day that has ended is skipped, no day is complete before its end, no
mark is lost, and a jump removes no backup.

    python -m tests.endurance.clocks --steps 400 --seed 7
"""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from paperreader.fetch import clock, session
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.endurance import script
from tests.fetch.server import FakeService, item

BEGIN = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
JUMPS = [dt.timedelta(days=days) for days in (0, 0, 0, -20_000, -3650, -400, -2, 2, 400, 3650, 20_000)]


class Machine:
    """A library on a machine whose clock may be wrong, and the service."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.now, self.error = BEGIN, dt.timedelta()
        self.marked: set[str] = set()
        self.fetched: dict[dt.date, dt.datetime] = {}
        """When each day was fetched last, by the clock of the service."""

    def local_time(self) -> dt.datetime:
        return self.now + self.error

    def advance(self, **span: float) -> None:
        self.now += dt.timedelta(**span)
        self.service.time = self.now

    def publish(self) -> None:
        """Publish a paper of today."""
        today = self.now.date().isoformat()
        number = len(self.service.requests) % 90_000 + 10_000
        self.service.respond_day(today, [item(f"2603.{number}", f"Paper of {today} {number}", today)])

    def fetch(self) -> None:
        """Fetch, and check which days were requested."""
        self.service.requests.clear()
        session.fetch_latest(Library.open(), lambda _: None, update_index=False)
        asked = {path.partition("date=")[2][:10] for path in self.service.paths if "date=" in path}
        today = self.now.date()
        first = min(self.fetched, default=today - dt.timedelta(days=6))
        days = [first + dt.timedelta(days=number) for number in range((today - first).days + 1)]
        for day in days:
            is_complete = day in self.fetched and self.fetched[day].date() > day
            assert is_complete or day.isoformat() in asked, f"{day} was skipped on {self.now}"
            self.fetched[day] = self.fetched[day] if is_complete else self.now

    def mark(self) -> None:
        """Mark a paper with a new library object, as a new start of the program does."""
        library = Library.open()
        if len(library.table):
            row = random.choice(library.table.newest)
            paper = library.paper(row)
            library.save_and_apply([MarkChange(paper.id, paper.title, note=f"{paper.id} on {self.now}")])
            self.marked.add(paper.id)
        notes = {library.paper(row).id for row, mark in Library.open().marks.items() if mark.note_text}
        assert self.marked <= notes


def newest_backups(folder: Path) -> set[bytes]:
    """Return the two newest backups. They are kept in any case; what is older may be replaced."""
    return {
        file.read_bytes() for number in (1, 2) if (file := folder / f"notebook.json.bak.{number}").exists()
    }


def run(home: Path, steps: int, seed: int) -> dict[str, int]:
    """Do that many random steps, and return how often each was done.

    Raises:
        AssertionError: something was lost.
    """
    chance = random.Random(seed)
    random.seed(seed)
    counts = {"fetches": 0, "marks": 0, "jumps": 0}
    service = FakeService()
    for name in ("HUGGINGFACE", "ARXIV"):
        os.environ[f"PAPERREADER_{name}_URL"] = service.url
    os.environ["NO_PROXY"] = "127.0.0.1"
    machine = Machine(service)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(clock, "now", machine.local_time))
        stack.enter_context(mock.patch.object(time, "time", lambda: machine.local_time().timestamp()))
        stack.enter_context(
            mock.patch.object(time, "time_ns", lambda: int(machine.local_time().timestamp() * 10**9))
        )
        stack.callback(service.close)
        machine.advance(minutes=1)
        for _ in range(steps):
            step(machine, home, chance, counts)
    return counts


def step(machine: Machine, home: Path, chance: random.Random, counts: dict[str, int]) -> None:
    """Do one step, and check that a jump of the clock removed no backup."""
    folder = Library.open().folder
    machine.advance(hours=chance.choice((1, 5, 20, 50)))
    machine.publish()
    before = newest_backups(folder)
    error = chance.choice(JUMPS)
    has_jumped = abs(error - machine.error) > dt.timedelta(days=367) and machine.error != error
    machine.error = error
    counts["jumps"] += has_jumped
    if chance.random() < 0.5:
        machine.fetch()
        counts["fetches"] += 1
    else:
        machine.mark()
        counts["marks"] += 1
        for file in folder.glob("notebook.json.bak.1"):
            moment = machine.local_time().timestamp()
            os.utime(file, (moment, moment))
    if has_jumped:
        left = {file.read_bytes() for file in folder.glob("notebook.json.bak.*")}
        assert before <= left, f"a backup was lost when the clock jumped to {machine.local_time()}"


def main() -> None:
    """Print what was done."""
    arguments = script.parse_arguments(__doc__, seeded=True, steps=400)
    with script.temporary_home() as home:
        counts = run(home, arguments.steps, arguments.seed)
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))


if __name__ == "__main__":
    main()

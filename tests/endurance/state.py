"""Processes change the local state of one library at the same time: digests, drafts and the position of the reader.

python -m tests.endurance.state --records 400
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from paperreader.local_state import LocalState
from tests.endurance import script

WRITER = """
import sys
from pathlib import Path
from paperreader.digest.delivery import save_record
from paperreader.local_state import LocalState
state = LocalState(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    save_record(state, f"mail {sys.argv[2]} {number}", {"sent": "2026-01-01"})
    state.save_draft(f"{sys.argv[2]} {number}", "text")
    state.set("position", number)
"""


def run(folder: Path, records: int, writers: int) -> float:
    """Write `records` digest records and drafts in each process, and return the seconds that it took.

    Raises:
        AssertionError: a record or a draft is missing.
    """
    began = time.monotonic()
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(number), str(records)])
        for number in range(writers)
    ]
    assert [process.wait() for process in processes] == [0] * writers
    state = LocalState(folder)
    assert len(state.get("digests")) == len(state.drafts) == writers * records
    return time.monotonic() - began


def main() -> None:
    """Print the result."""
    arguments = script.parse_arguments(__doc__, records=400, writers=2)
    with script.temporary_home() as home:
        seconds = run(home / "state", arguments.records, arguments.writers)
    total = arguments.records * arguments.writers
    print(json.dumps({"written": total, "stored": total, "seconds": round(seconds, 1)}))


if __name__ == "__main__":
    main()

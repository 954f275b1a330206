"""Editors that save in several ways and end in several ways, in a reader that may be killed: no saved text is lost.

    python -m tests.endurance.editors --rounds 100 --seed 7

Each round starts a reader in a pseudo-terminal and an editor that saves a new text. Afterwards the text must be the
note, or a draft that the next reader offers.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from paperreader.library import Library
from paperreader.tui.model.note_drafts import normalize_note, unsaved_drafts
from tests.endurance import script
from tests.terminal import Terminal

WAYS = {
    "in place": 'printf "%s" "$text" > "$1"',
    "renamed over": 'printf "%s" "$text" > "$1~"; mv "$1~" "$1"',
    "deleted and rewritten": 'rm "$1"; printf "%s" "$text" > "$1"',
    "in two steps": 'printf "%s" "${text%?}" > "$1"; printf "%s" "$text" > "$1"',
}
ENDS = {
    "status 0": "exit 0",
    "status 1": "exit 1",
    "editor killed": "kill -9 $$",
    "reader killed": 'kill -9 "$(cat {pid})"',
    "both killed": 'kill -9 "$(cat {pid})"; kill -9 $$',
    "terminal closed": 'kill -HUP "$(cat {pid})"; sleep 0.2',
}
AT_ONCE = "returned at once"
PAGE = '{"title": "Sparse Lanterns: Lighting Long Corridors", "abstract": "Few lamps."}\n'


class EditorBench:
    """A library with one paper, and an editor."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._editor, self._pid = home / "editor", home / "pid"
        (home / "page.jsonl").write_text(PAGE)
        library = Library.open()
        library.imports.import_paths([str(home / "page.jsonl")])
        library.state.set("greeted", True)
        os.environ["EDITOR"] = str(self._editor)

    def try_ending(self, text: str, way: str, end: str) -> str:
        """Edit the note in one way; return where the text is afterwards.

        Raises:
            AssertionError: it is lost.
        """
        save = f'text="{text}"\n{WAYS[way]}'
        if end == AT_ONCE:
            wait = f"while [ ! -e {self._home}/go ]; do sleep 0.05; done; rm {self._home}/go"
            body = f"({wait}\n{save}\ntouch {self._home}/done) > /dev/null 2>&1 &\n"
        else:
            body = f"{save}\n{ENDS[end].format(pid=self._pid)}\n"
        self._editor.write_text(f"#!/bin/sh\n{body}")
        self._editor.chmod(0o755)
        with Terminal([sys.executable, "-m", "paperreader"], rows=24, columns=100) as terminal:
            self._pid.write_text(str(terminal.process.pid))
            terminal.wait_for("Lanterns")
            while data := terminal.read_output(0.3):  # until the start is complete
                terminal.feed_screen(data)
            terminal.send("e")
            if end == "status 0":
                terminal.wait_for("Note saved on")
            elif end in ("status 1", "editor killed"):
                terminal.wait_for("draft;")  # one word of a message that may be wrapped
            elif end == AT_ONCE:
                terminal.wait_for("at once")
                (self._home / "go").touch()
                while not (self._home / "done").exists():
                    time.sleep(0.05)
                (self._home / "done").unlink()
            else:
                terminal.wait_for_exit()
            if terminal.process.poll() is None:
                terminal.send("q")
                terminal.wait_for_exit()
        return self._find(text)

    def _find(self, text: str) -> str:
        library = Library.open()
        if normalize_note(library.mark(0).note_text) == text:
            return "note"
        id, deadline = library.paper(0).id, time.monotonic() + 10
        while text not in library.state.draft(id) and time.monotonic() < deadline:
            unsaved_drafts(library)  # takes nothing from an editor that has not ended yet
            time.sleep(0.05)
        assert text in library.state.draft(id), (text, library.mark(0).note_text, library.state.drafts)
        library.state.save_draft(id, "")  # the next reader would begin with a question
        return "draft"


def run(home: Path, rounds: int, seed: int) -> Counter[str]:
    """Run random rounds; return how many texts became notes and drafts, by the end.

    Raises:
        AssertionError: a text was lost.
    """
    random_choice = random.Random(seed)
    bench = EditorBench(home)
    found: Counter[str] = Counter()
    for number in range(rounds):
        way, end = random_choice.choice([*WAYS]), random_choice.choice([*ENDS, AT_ONCE])
        found[f"{end}: {bench.try_ending(f'text {number}.', way, end)}"] += 1
    return found


def main() -> None:
    """Print the result."""
    arguments = script.parse_arguments(__doc__, seeded=True, rounds=100)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    began = time.monotonic()
    with script.temporary_home() as home:
        found = run(home, arguments.rounds, arguments.seed)
    print(json.dumps({"texts": arguments.rounds, **found, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()

"""Random terminal input: reports, malformed sequences and their pieces end nothing and act as no key.

    python -m tests.endurance.terminal_input --sequences 100000 --parser 1000000

Sequences are generated from the grammars of ECMA-48 and of kitty's keyboard protocol, and half of them are mutated.
The first number is sent to a reader in a pseudo-terminal, in list, search bar and note, and notebook and screen are
compared before and after. The second number goes through the parser alone, in pieces and with pauses.
"""

from __future__ import annotations

import difflib
import json
import random
import re
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from textual import events

from paperreader.__main__ import main as run_program
from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.tui.terminal.input.parser import InputParser
from tests.endurance import script
from tests.terminal import Terminal
from tests.terminal_input import may_be_key, random_sequence

MAX_BATCH_BYTES = 1_500
"""Bytes that are sent at once. The kernel passes more than 2,048 on in pieces, between which there may be a pause."""
END = "\x1b\\\x1b[201~"
"""Ends whatever a sequence began: a string, a control sequence, a paste."""
MODES = (
    ("", ("LIST", "│ kept", "3 unread", "1/3", "? help")),
    ("/lanterns", ("SEARCH", "1 of 3", "/ lanterns", "3 unread", "escape clear")),
    ("\r\rn", ("NOTE", "ctrl+s save", "escape close")),
)
"""Keys that lead to list, search bar and note, and what the screen shows there; last, the end of its last line."""

_DURATION = re.compile(r" *\b\d+ ms$", re.M)


def harmless_sequences(rng: random.Random) -> Iterator[str]:
    """Yield sequences that are no keys."""
    while True:
        sequence = random_sequence(rng)
        if not may_be_key(sequence) and not sequence.endswith("\x1b"):
            yield sequence


def batches(sequences: Iterator[str], amount: int) -> Iterator[bytes]:
    """Yield `amount` sequences in batches, each with an end of what its last sequence began."""
    batch = b""
    for sequence in islice(sequences, amount):
        if batch and len(batch) + len(sequence.encode()) > MAX_BATCH_BYTES:
            yield batch + END.encode()
            batch = b""
        batch += sequence.encode()
    yield batch + END.encode()


def run_in_reader(folder: Path, amount: int, seed: int) -> int:
    """Send `amount` sequences to a reader, and return the number of bytes.

    Raises:
        AssertionError: the reader ended, the notebook changed, or the screen did.
    """
    page = folder / "page.jsonl"
    titles = ("Sparse Lanterns", "Slow Rivers", "Cafe Chess")
    page.write_text(
        "".join(f'{{"title": "{title}: a study", "abstract": "On its kind."}}\n' for title in titles)
    )
    library = Library(folder / "library")
    library.imports.import_paths([str(page)])
    library.maintenance.reindex()  # the status bar would show an update of the index for a moment
    library.state.set("greeted", True)
    paper = library.paper(library.table.newest[0])
    library.save([MarkChange(paper.id, paper.title, bookmark=True, note="kept", tags={"kept": True})])
    notebook = library.folder / "notebook.json"
    before = notebook.read_bytes()
    sequences, sent = harmless_sequences(random.Random(seed)), 0
    with Terminal(
        ["paperreader", "--library", str(library.folder)], run=run_program, rows=24, columns=80
    ) as terminal:
        terminal.wait_for("3 papers")
        for number, (keys, shown) in enumerate(MODES, 1):
            terminal.send(keys)
            is_complete = partial(_has_parts, shown)
            terminal.wait_for(is_complete)
            expected = terminal.redraw()
            for batch in batches(
                sequences, amount * number // len(MODES) - amount * (number - 1) // len(MODES)
            ):
                terminal.send(batch)
                sent += len(batch)
                terminal.redraw()
                assert notebook.read_bytes() == before, batch
                _wait_for_screen(terminal, expected, batch)
        terminal.send("\x1b[27u")
        terminal.wait_for("DETAIL")
        terminal.send("q")
        assert terminal.wait_for_exit() == 0
    return sent


def _wait_for_screen(terminal: Terminal, expected: str, sent: bytes) -> None:
    """Wait until the screen is as expected, except for the duration of a search, which follows the other figures.

    Raises:
        AssertionError: it has other lines, which the message contains.
    """
    try:
        terminal.wait_for(lambda text: _DURATION.sub("", text) == _DURATION.sub("", expected))
    except AssertionError as error:
        lines = difflib.unified_diff(expected.splitlines(), terminal.text.splitlines(), lineterm="", n=0)
        raise AssertionError("\n".join([f"The screen changed after {sent!r}:", *lines])) from error


def _has_parts(parts: tuple[str, ...], text: str) -> bool:
    return all(part in text for part in parts)


def run_parser(amount: int, seed: int) -> int:
    """Send `amount` sequences through a parser, in random pieces with random pauses. Return the number of messages.

    Raises:
        AssertionError: a sequence acted as a key, or a key after it did not work.
    """
    rng, now, count = random.Random(seed), 0.0, 0
    parser = InputParser(clock=lambda: now)

    def wait(seconds: float) -> Iterator[object]:
        nonlocal now
        for _ in range(round(seconds * 10)):
            now += 0.1
            yield from parser.tick()

    for _ in range(amount):
        sequence = random_sequence(rng)
        # A single character after a pause may be a key, and so is an escape character.
        cut = rng.choice((len(sequence), rng.randrange(max(1, len(sequence) - 1))))
        pause = rng.choice((0, 0.1, 0.4)) if cut > 1 else 0
        found = [*parser.feed(sequence[:cut].encode()), *wait(pause)]
        found += parser.feed(sequence[cut:].encode())
        keys = {message.key for message in found if isinstance(message, events.Key)}
        assert may_be_key(sequence) or keys <= {"escape"}, (sequence, cut, keys)
        found = [*wait(0.6), *parser.feed(END.encode()), *wait(0.6), *parser.feed(b"j")]
        keys_after = [message.key for message in found if isinstance(message, events.Key)]
        assert keys_after[-1:] == ["j"], sequence
        now += 10.0
        count += len(found)
    return count


def main() -> None:
    """Print the amounts."""
    arguments = script.parse_arguments(__doc__, seeded=True, sequences=100_000, parser=1_000_000)
    began = time.monotonic()
    with script.temporary_home() as folder:
        sent = run_in_reader(folder, arguments.sequences, arguments.seed)
    in_reader = time.monotonic() - began
    run_parser(arguments.parser, arguments.seed)
    figures = {
        "sequences in the reader": arguments.sequences,
        "bytes": sent,
        "seconds": round(in_reader),
        "sequences in the parser": arguments.parser,
        "seconds in the parser": round(time.monotonic() - began - in_reader),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""kill -9 while full texts are stored, converted again and removed.

    python -m tests.endurance.full_texts --kills 500

Two processes store versions of full texts whose words are known, and one is killed at a random moment. Afterwards every
stored text is one that was written, whole, and what a process has acknowledged is there.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

from paperreader.fulltext import Document, Paragraph, Piece, StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from tests.waiting import TIMEOUT_SECONDS

IDS = ("2403.01234", "hep-th/9901001", "a-paper-without-id-0123abcd")
WORDS = 20_000
"""Words of a text: so many that writing takes several system calls."""


def document(number: int) -> Document:
    """Return a text that consists of its number."""
    return Document(
        title=(), source="arxiv-html", blocks=(Paragraph(content=(Piece(f"{number} " * WORDS),)),)
    )


def number_of(found: Document) -> int:
    """Return the number of a text, after checking that it is whole."""
    (block,) = found.blocks
    words = block.content[0].text.split()  # type: ignore[union-attr]
    assert len(words) == WORDS and len(set(words)) == 1, "a text is not whole"
    return int(words[0])


def store_until_killed(folder: Path, write_end: int, first: int) -> None:
    """Store and remove texts, and acknowledge each that is stored."""
    store, rng = FullTextStore(folder), random.Random(first)
    packed = {number: pack_document(document(number)) for number in range(first, first + 8)}
    page = pack(os.urandom(100_000))
    while True:
        number, id = rng.choice(list(packed)), rng.choice(IDS)
        if rng.random() < 0.2:
            store.remove(id)
            continue
        text = StoredText(
            paper=id, version=rng.randint(1, 2), source="arxiv-html", kind="html", converter=number
        )
        store.write(text, packed[number], page)
        os.write(write_end, b".")


def run(folder: Path, kills: int, *, seconds: float, seed: int = 0) -> Counter[str]:
    """Kill processes, check what they left after each kill, and return what was counted.

    Raises:
        AssertionError: a stored text is damaged or mixed.
    """
    rng, counts = random.Random(seed), Counter[str]()
    store = FullTextStore(folder)
    for kill in range(kills):
        read_end, write_end = os.pipe()
        children = []
        for first in (kill * 16, kill * 16 + 8):
            if not (child := os.fork()):
                try:
                    store_until_killed(folder, write_end, first)
                finally:
                    os._exit(1)
            children.append(child)
        os.close(write_end)
        select.select([read_end], [], [], TIMEOUT_SECONDS)  # something was stored
        time.sleep(rng.uniform(0, seconds))
        for child in rng.sample(children, 2):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        counts["stored"] += len(os.read(read_end, 1 << 16))
        os.close(read_end)
        counts["kills"] += 1
        problems = store.verify()
        assert not problems, problems
        for text in store.all_texts():
            found = store.document(text)
            assert found is not None and number_of(found) == text.converter, (
                "header and document of two writes"
            )
            counts["checked"] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(dict(run(Path(folder) / "texts", arguments.kills, seconds=0.1, seed=arguments.seed)))


if __name__ == "__main__":
    main()

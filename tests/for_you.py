"""Invented papers on four topics, for the personal order."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

from paperreader.library import Library
from paperreader.models import MarkChange

TOPICS = {
    "lamp": "lantern corridor wick flame shade glow brass kindle lamplight dusk",
    "river": "sediment bend delta current flood ferry silt upstream estuary tide",
    "bread": "dough oven crust yeast flour knead loaf rye bakery crumb",
    "kite": "string gust tail ribbon bamboo soar breeze reel launch altitude",
}
_FILLER = """
the a of this with paper method results show that learn several new large small data between model study measure compare
improve often rarely after before many few times under over
""".split()  # noqa: SIM905


def records(per_topic: int = 12) -> list[dict[str, object]]:
    """Return papers of all topics, one after the other: the id ends with the number, and the votes are random."""
    rng = random.Random(5)
    found: list[dict[str, object]] = []
    for number in range(per_topic * len(TOPICS)):
        topic = list(TOPICS)[number % len(TOPICS)]
        words = TOPICS[topic].split()
        text = rng.sample(words, 6) + rng.choices(_FILLER, k=40)
        rng.shuffle(text)
        found.append(
            {
                "title": f"{' '.join(rng.sample(words, 3)).title()} Number {number}",
                "abstract": f"{' '.join(text)}.".capitalize(),
                "id": f"2503.{number:05d}",
                "published": f"2025-03-{number % 28 + 1:02d}",
                "votes": rng.randrange(100),
                "keywords": [topic],
            }
        )
    return found


def import_records(folder: Path, found: Iterable[dict[str, object]], name: str = "papers.jsonl") -> Library:
    """Import papers into the default library, and return it as after a new start."""
    file = folder / name
    file.write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
    Library.open().imports.import_paths([str(file)])
    return Library.open()


def rows_of(library: Library, topic: str) -> list[int]:
    """Return the rows of a topic, ascending."""
    return [row for row in sorted(library.table.newest) if topic in library.paper(row).keywords]


def mark(library: Library, rows: Iterable[int], **changes: object) -> None:
    """Mark papers, as a command does."""
    papers = map(library.paper, rows)
    library.save_and_apply([MarkChange(paper.id, paper.title, **changes) for paper in papers])

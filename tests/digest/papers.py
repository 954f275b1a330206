"""Invented papers for digests."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

from tests.pages import HOSTILE


def item(number: int, title: str, *, day: str, votes: int = 0, **more: Any) -> dict[str, Any]:
    """One item of a day, as Hugging Face formats it."""
    authors = more.pop("authors", ("Ada Lantern", "Bo Corridor"))
    paper = {
        "id": f"2510.{number:05}",
        "authors": [{"name": name, "hidden": False} for name in authors],
        "publishedAt": f"{day}T00:00:00.000Z",
        "submittedOnDailyAt": f"{day}T01:00:00.000Z",
        "title": title,
        "summary": more.pop(
            "abstract", f"We study {title.lower()}. It works. A third sentence follows here."
        ),
        "upvotes": votes,
        **more,
    }
    return {"paper": paper, "title": title, "numComments": 0}


FIRST = (
    item(
        1,
        "Lanterns for Long Corridors",
        day="2025-10-02",
        votes=7,
        githubRepo="https://github.com/lanternlab/corridors",
        projectPage="https://lanternlab.github.io/corridors",
        ai_summary="Few lamps light long corridors.",
    ),
    item(2, "Rivers Remember Lanterns", day="2025-10-02", votes=30, authors=["A", "B", "C", "D", "E"]),
    item(3, "Bread Clocks", day="2025-10-02", votes=12),
    item(4, "Rivers and Their Bends", day="2025-10-02", votes=1),
)
LATER = (
    item(5, "A Lantern Made of Ice", day="2025-10-03", votes=2),
    item(6, "Umbrellas Borrowed Twice", day="2025-10-03", votes=5),
)

HOSTILE_TEXTS = (
    HOSTILE,
    "# Heading <script>alert(1)</script> & <b>bold</b>",
    "- [x](javascript:alert(1)) ![i](http://evil.example/i.png) `code` *a* _b_ ~~c~~",
    "1. one\n\n---\n\n***\n\n> quote\n\n| a | b |\n|---|---|",
    "===\nSubject: hello\r\nBcc: eve@evil.example\r\n\r\n.\r\nRCPT",
    "]]> <![CDATA[x]]> &amp; &lt; \ufffe \uffff \x0b \x1b]0;t\x07 \ud800",
    "https://evil.example/a www.evil.example eve@evil.example @eve #12 $x^2$ ${a} {{b}}",
    '" onmouseover="alert(1) \' style=x',
    "+ plus : colon = equals 12) twelve",
)
"""Text with a special meaning in a terminal, Markdown, HTML, XML, or mail."""


def hostile_day() -> list[dict[str, Any]]:
    """Items of a day whose papers have `HOSTILE_TEXTS` in every field."""
    return [
        item(
            100 + number,
            f"{text} lantern",
            day="2025-10-03",
            votes=number,
            authors=[text, text],
            abstract=f"{text}. {text}",
            ai_summary=text if number % 2 else "",
        )
        for number, text in enumerate(HOSTILE_TEXTS)
    ]


def write_day(folder: Path, name: str, items: Any) -> str:
    """Write items to a file; return its path."""
    path = folder / name
    path.write_text(json.dumps(list(items)), encoding="utf-8")
    return str(path)


LAST = dt.date(2025, 10, 3)

WORDS = [
    "lamp",
    "river",
    "clock",
    "bread",
    "umbrella",
    "swallow",
    "harbour",
    "knot",
    "gallery",
    "chess",
    "tide",
    "corridor",
]


def weeks_of_papers() -> list[dict]:
    """Four papers per day for eight weeks; in the last week every other paper is about magnetic ferns."""
    chance = random.Random(7)
    items = []
    for day in range(56):
        date = (LAST - dt.timedelta(days=day)).isoformat()
        for place in range(4):
            number = len(items)
            title = f"The {chance.choice(WORDS)} of the {chance.choice(WORDS)}"
            more = {}
            if day < 7 and place % 2:
                title = f"Magnetic ferns and the {chance.choice(WORDS)}"
                more = {"ai_keywords": ["Fern Magnetism", "lamps"]}
            elif day >= 7:
                more = {"ai_keywords": ["lamps"]}
            abstract = f"We study {title}, and we do so {chance.choice(WORDS)} by {chance.choice(WORDS)}."
            items.append(
                item(number, f"{title} {number}", day=date, votes=number % 50, abstract=abstract, **more)
            )
    return items

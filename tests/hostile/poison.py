"""A library full of hostile input, and a check that none of it controls the terminal."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from tests.pages import HOSTILE, hostile_name, hostile_page

ARXIV = "2501.00001"
FLOOD = "a" + "\u0301" * 5000 + "\u200b" * 5000 + "가" + "\u11a8" * 5000 + "क" + "\u093e" * 5000
MARKUP = "[bold red]31337[/] [CLS] [/INST] [@click=app.quit]x[/] <think> &lt; {0} %s $title ${HOME} `id`"

_SEQUENCE = re.compile(rb"\x1b(?:\[[^@-~]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|.)", re.S)
_STEERS = frozenset(["LRO", "RLO", "LRI", "RLI", "LRE", "RLE", "PDF", "PDI", "FSI"])


def evil(what: str) -> str:
    """Return a label followed by all hostile text."""
    return f"{what} {HOSTILE} {MARKUP}"


def record(number: int, **other: Any) -> dict[str, Any]:
    """Return a JSON record with hostile text in every field."""
    links = [
        {"url": url, "kind": "code", "host": evil("github.com")}
        for url in (
            f"https://a.example/{HOSTILE}",
            "javascript:alert(31337)",
            "https://user:password@github.com/a/b",
            "--upload-pack=31337",
            "https://good.example/x",
        )
    ]
    said = {
        "title": evil(f"Wicked Lanterns {number}"),
        "abstract": f"{evil('We light corridors')}\n\n{FLOOD}\n{HOSTILE}",
        "arxiv": ARXIV if number == 0 else evil("arxiv"),
        "doi": f"10.1234/{HOSTILE}",
        "authors": [evil("Eve")] * 3,
        "keywords": [evil("keyword")],
        **{name: evil(name) for name in ("summary", "journal", "booktitle")},
        **dict.fromkeys(("published", "added", "observed", "repo"), evil("2025-01-01")),
        "links": links,
        "source": {
            "kind": evil("kind"),
            "name": evil("name"),
            "date": evil("day"),
            "key": f"{number}{HOSTILE}",
        },
    }
    return said | other


def jsonl() -> str:
    """Return a forged export."""
    mark = {
        "title": evil("title"),
        "bookmark": [True, 5],
        "note": [evil("note"), 5],
        "tags": {evil("tag"): [True, 5]},
        evil("unknown"): evil("field"),
    }
    lines = [
        {"paperreader": 1, "title": "x", "records": [record(0)], "mark": mark},
        {"paperreader": 1, "title": "x", "records": [record(1, title="\u200b\x1b", abstract="")]},
        {
            "title": evil("By Hand"),
            "id": evil("id"),
            "links": [f"https://b.example/{HOSTILE}"],
            "votes": 10**400,
            "published": dt.datetime.now(dt.UTC).date().isoformat(),  # so that it appears in the trends
        },
        {"title": evil("Wrong"), "authors": {evil("field"): 1}},
        {"paperreader": evil("version")},
    ]
    return "".join(json.dumps(line) + "\n" for line in lines) + f"not {HOSTILE} JSON\n"


def pour_into(folder: Path) -> list[Path]:
    """Write the files to import, and return their paths."""
    made = folder / hostile_name("export").replace(".txt", ".jsonl")
    made.write_text(jsonl(), encoding="utf-8")
    page = folder / hostile_name("page")
    page.write_text(hostile_page(), encoding="utf-8")
    return [made, page]


def edit_by_hand(library: Path, state: Path) -> None:
    """Put hostile text into the notebook and the local state, as an editor or another program could."""
    notebook = json.loads((library / "notebook.json").read_bytes())
    notebook["papers"][ARXIV]["note"] = [evil("edited note"), 2**60]
    notebook["papers"][ARXIV]["tags"] = {evil("edited tag"): [True, 2**60]}
    notebook["papers"][evil("nobody's id")] = {"title": evil("nobody"), "note": [evil("x"), 7]}
    (library / "notebook.json").write_text(json.dumps(notebook), encoding="utf-8")
    state.mkdir(parents=True, exist_ok=True)
    said = {
        "history": [f"wicked {HOSTILE}", evil("older")],
        "drafts": {ARXIV: evil("draft")},
        "theme": evil("theme"),
        "visited": evil("visited"),
        "visiting": evil("visiting"),
        "position": {"id": evil("position"), "query": evil("query"), "scroll": evil("scroll")},
    }
    (state / "state.json").write_text(json.dumps(said), encoding="utf-8")


def trespasses(raw: bytes, *, own: re.Pattern[bytes] | None = None) -> list[str]:
    """Return every hostile sequence and character in what was written to a terminal.

    With `own`, every control sequence that this pattern does not match is included.
    """
    sequences = _SEQUENCE.findall(raw)
    found = [f"sequence {seq!r}" for seq in sequences if re.search(rb"31337|OWNED|52;c;T1dORUQ=", seq)]
    if own is not None:
        found += [f"not ours {seq!r}" for seq in sequences if not own.fullmatch(seq)]
    text = _SEQUENCE.sub(b"", raw).decode("utf-8")
    for char in set(text) - set("\r\n"):
        if unicodedata.category(char) in {"Cc", "Cs"} or unicodedata.bidirectional(char) in _STEERS:
            found.append(f"character {char!r}")
    if flood := re.search("[\u0300-\u036f]{5,}|[\u200b-\u200f]{2,}|[\u11a8-\u11ff]{9,}|[\u093e]{9,}", text):
        found.append(f"flood of {flood[0][:5]!r}")
    return found

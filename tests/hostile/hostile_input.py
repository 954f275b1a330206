"""A library full of hostile input, and a check that none of it controls the terminal."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from paperreader import paths
from paperreader.fulltext import StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from tests.fulltext.documents import hostile_document
from tests.pages import HOSTILE, hostile_name, hostile_page

ARXIV = "2501.00001"
COMBINING_FLOOD = "a" + "\u0301" * 5000 + "\u200b" * 5000 + "가" + "\u11a8" * 5000 + "क" + "\u093e" * 5000
MARKUP = "[bold red]31337[/] [CLS] [/INST] [@click=app.quit]x[/] <think> &lt; {0} %s $title ${HOME} `id`"

INVISIBLE = (
    "\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200e\u200f"
    "\u2060\u2064\u3164\ufe0f\ufeff\uffa0\U000e0041\U000e0100"
)
"""A character of every kind that takes no cell and shows nothing."""

IGNORABLE = (
    *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Default_Ignorable_Code_Point of Unicode without the two joiners, which some scripts need."""

_SEQUENCE = re.compile(rb"\x1b(?:\[[^@-~]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|.)", re.S)
_BIDI_CONTROLS = frozenset(["LRO", "RLO", "LRI", "RLI", "LRE", "RLE", "PDF", "PDI", "FSI"])


def hostile(what: str) -> str:
    """Return a label followed by all hostile text."""
    return f"{what} {HOSTILE} {MARKUP}{INVISIBLE}"


def record(number: int, **other: Any) -> dict[str, Any]:
    """Return a JSON record with hostile text in every field."""
    links = [
        {"url": url, "kind": "code", "host": hostile("github.com")}
        for url in (
            f"https://a.example/{HOSTILE}",
            "javascript:alert(31337)",
            "https://user:password@github.com/a/b",
            "--upload-pack=31337",
            "https://good.example/x",
        )
    ]
    fields = {
        "title": hostile(f"Wicked Lanterns {number}"),
        "abstract": f"{hostile('We light corridors')}\n\n{COMBINING_FLOOD}\n{HOSTILE}",
        "arxiv": ARXIV if number == 0 else hostile("arxiv"),
        "doi": f"10.1234/{HOSTILE}",
        "authors": [hostile("Eve")] * 3,
        "keywords": [hostile("keyword")],
        **{name: hostile(name) for name in ("summary", "journal", "booktitle")},
        **dict.fromkeys(("published", "added", "observed", "repo"), hostile("2025-01-01")),
        "links": links,
        "source": {
            "kind": hostile("kind"),
            "name": hostile("name"),
            "date": hostile("day"),
            "key": f"{number}{HOSTILE}",
        },
    }
    return fields | other


def jsonl() -> str:
    """Return a forged export."""
    mark = {
        "title": hostile("title"),
        "bookmark": [True, 5],
        "note": [hostile("note"), 5],
        "tags": {hostile("tag"): [True, 5]},
        "summaries": {hostile("command"): [{"text": hostile("summary"), "day": "2026-11-29"}, 5]},
        hostile("unknown"): hostile("field"),
    }
    lines = [
        {"paperreader": 1, "title": "x", "records": [record(0)], "mark": mark},
        {"paperreader": 1, "title": "x", "records": [record(1, title="\u200b\x1b", abstract="")]},
        {
            "title": hostile("By Hand"),
            "id": hostile("id"),
            "links": [f"https://b.example/{HOSTILE}"],
            "votes": 10**6,
            "published": dt.datetime.now(dt.UTC).date().isoformat(),  # so that it appears in the trends
        },
        {"title": hostile("Wrong"), "authors": {hostile("field"): 1}, "votes": 10**400},
        {"paperreader": hostile("version")},
    ]
    return "".join(json.dumps(line) + "\n" for line in lines) + f"not {HOSTILE} JSON\n"


def write_imports(folder: Path) -> list[Path]:
    """Write the files to import, and return their paths."""
    made = folder / hostile_name("export").replace(".txt", ".jsonl")
    made.write_text(jsonl(), encoding="utf-8")
    page = folder / hostile_name("page")
    page.write_text(hostile_page(), encoding="utf-8")
    return [made, page]


def edit_stores(library: Path, state: Path) -> None:
    """Put hostile text into the notebook and the local state, as an editor or another program could."""
    notebook = json.loads((library / "notebook.json").read_bytes())
    notebook["papers"][ARXIV]["note"] = [hostile("edited note"), 2**60]
    notebook["papers"][ARXIV]["tags"] = {hostile("edited tag"): [True, 2**60]}
    notebook["papers"][ARXIV]["summaries"] = {
        hostile("tool"): [{"text": hostile("edited"), "day": hostile("day")}, 2**60]
    }
    notebook["papers"][hostile("unknown id")] = {"title": hostile("unknown"), "note": [hostile("x"), 7]}
    (library / "notebook.json").write_text(json.dumps(notebook), encoding="utf-8")
    state.mkdir(parents=True, exist_ok=True)
    fields = {
        "history": [f"wicked {HOSTILE}", hostile("older")],
        "drafts": {ARXIV: hostile("draft")},
        "theme": hostile("theme"),
        "visited": hostile("visited"),
        "position": {"id": hostile("position"), "query": hostile("query"), "scroll": hostile("scroll")},
    }
    (state / "state.json").write_text(json.dumps(fields), encoding="utf-8")


def store_full_text(library: Library, id: str = ARXIV, sign: str = "") -> None:
    """Store a full text with hostile text (`sign`) in every place of every block, and a page."""
    text = StoredText(
        paper=id, version=1, source="arxiv-html", kind="html", url=hostile("https://url.example/")
    )
    store = FullTextStore(paths.full_text_folder(library.uuid))
    document = hostile_document(sign or hostile("text"))
    store.write(text, pack_document(document), pack(hostile("page").encode()))


def foreign_sequences(raw: bytes, *, own: re.Pattern[bytes] | None = None) -> list[str]:
    """Return every hostile sequence and character in what was written to a terminal.

    With `own`, every control sequence that this pattern does not match is included.
    """
    sequences = _SEQUENCE.findall(raw)
    found = [f"sequence {seq!r}" for seq in sequences if re.search(rb"31337|OWNED|52;c;T1dORUQ=", seq)]
    if own is not None:
        found += [f"not ours {seq!r}" for seq in sequences if not own.fullmatch(seq)]
    text = _SEQUENCE.sub(b"", raw).decode("utf-8")
    for char in set(text) - set("\r\n"):
        if unicodedata.category(char) in {"Cc", "Cs"} or unicodedata.bidirectional(char) in _BIDI_CONTROLS:
            found.append(f"character {char!r}")
        if any(first <= ord(char) <= last for first, last in IGNORABLE):
            found.append(f"invisible {char!a}")
    if flood := re.search("[\u0300-\u036f]{5,}|[\u200b-\u200f]{2,}|[\u11a8-\u11ff]{9,}|[\u093e]{9,}", text):
        found.append(f"flood of {flood[0][:5]!r}")
    return found

"""A digest lists no paper twice because an import was undone, or because a paper got another id."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from paperreader.digest.delivery import DeliveryRequest, deliver
from paperreader.digest.digest import Digest
from paperreader.library import Library


def import_papers(folder: Path, name: str, numbers: range, **fields: str) -> None:
    file = folder / f"{name}.jsonl"
    papers = (
        {"title": f"Paper number {number} of many", "abstract": f"On {number}."}
        | {key: value.format(number=number) for key, value in fields.items()}
        for number in numbers
    )
    file.write_text("".join(f"{json.dumps(paper)}\n" for paper in papers), encoding="utf-8")
    Library.open().imports.import_paths([str(file)])


def listed() -> int:
    """Deliver a digest, and return how many papers it listed."""
    totals: list[int] = []

    def send(digest: Digest) -> None:
        totals.append(digest.total)

    deliver(Library.open(), DeliveryRequest("print text", ()), send, now=dt.datetime.now().astimezone())
    return sum(totals)


def test_undone_import_lists_nothing_again(home: Path, tmp_path: Path) -> None:
    import_papers(tmp_path, "one", range(12))
    import_papers(tmp_path, "two", range(12, 40))
    assert listed() == 40
    assert Library.open().imports.undo_import() is not None
    assert listed() == 0
    Library.open().maintenance.compact()
    assert listed() == 0
    import_papers(tmp_path, "two", range(12, 40))
    import_papers(tmp_path, "three", range(40, 43))
    assert listed() == 3


def test_papers_with_another_id_are_not_listed_again(home: Path, tmp_path: Path) -> None:
    import_papers(tmp_path, "one", range(3))
    assert listed() == 3
    import_papers(tmp_path, "arxiv", range(3), arxiv="2510.{number:05}")
    assert Library.open().table.row_of("2510.00002") is not None
    assert listed() == 0
    assert Library.open().imports.undo_import() is not None
    assert listed() == 0

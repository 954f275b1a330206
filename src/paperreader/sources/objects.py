"""One JSON object, of whichever kind it is, to one entry: our own lines, rows of Kaggle, items of Hugging Face."""

from __future__ import annotations

from typing import Any

from paperreader.models import Entry
from paperreader.sources import huggingface, jsonl, kaggle
from paperreader.sources.content import Origin
from paperreader.text.characters import printable
from paperreader.text.width import cut


def entry(data: Any, origin: Origin, place: int, seen: str | None = None) -> Entry:
    """The paper that an object tells of.

    Args:
        data: any value of a JSON file.
        origin: where it was read.
        place: its place there, from 0.
        seen: when votes were counted, where what stands around the object tells.

    Raises:
        ValueError: it tells of none.
    """
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    if "paperreader" not in data:
        if kaggle.is_row(data):
            return Entry((kaggle.record(data, origin, place),))
        if huggingface.is_item(data):
            when = seen or origin.asked or origin.modified
            return Entry((huggingface.record(data, origin, place, when),))
        if message := _error(data):
            raise ValueError(f"it is an error message: “{cut(printable(message), 200)}”")
        if "$schema" in data:  # which has a title, too
            raise ValueError("it is a description of data (a JSON schema), not a paper")
    return jsonl.entry(data, origin, place)


def _error(data: dict[str, Any]) -> str:
    """What a server that could not answer said instead."""
    if "title" in data:
        return ""
    told = [data[name] for name in ("error", "message") if isinstance(data.get(name), str)]
    return told[0] if told else ""

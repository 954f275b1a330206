"""Marks as JSON objects: one form for the notebook and for exports.

As in `json_codec`, parsing is strict about types, and a time out of range is recorded in `dropped`, if given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from paperreader import checked_values
from paperreader.checked_values import (
    MAX_ARXIV_VERSION,
    MAX_QUEUE_POSITION,
    MAX_TIMESTAMP,
    DroppedValues,
    checked,
)
from paperreader.json_codec import JsonObject, parse_text
from paperreader.models import SINGLE_VALUES, Highlight, Mark, Summary

_LATER_FLAGS = ("dismissed", "hidden", "deleted", "disliked")
"""Flags that the first version did not have. Few marks have one. A value of another type is not ours, and is kept."""

_LATER_KEYS = frozenset((*_LATER_FLAGS, "queue", "seen_version", "highlights", "summaries"))

_HIGHLIGHT_KEYS = ("quote", "before", "after", "comment")

MARK_KEYS = frozenset(("title", "note", "note_was", "tags", "highlights", "summaries", *SINGLE_VALUES))
"""The keys of a stored mark that this version knows."""

_Value = TypeVar("_Value", Highlight, Summary)

_Time = Annotated[int, msgspec.Meta(ge=0, le=MAX_TIMESTAMP)]
_QueuePosition = Annotated[float, msgspec.Meta(ge=0, le=MAX_QUEUE_POSITION)]
_ArxivVersion = Annotated[int, msgspec.Meta(ge=0, le=MAX_ARXIV_VERSION)]


class _CommonMark(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The keys of nearly all marks, with their usual types."""

    title: str = ""
    bookmark: tuple[bool, _Time] = (False, 0)
    read: tuple[bool, _Time] = (False, 0)
    note: tuple[str, _Time] = ("", 0)
    note_was: dict[str, _Time] = {}
    tags: dict[str, tuple[bool, _Time]] = {}
    dismissed: tuple[bool, _Time] = (False, 0)
    hidden: tuple[bool, _Time] = (False, 0)
    deleted: tuple[bool, _Time] = (False, 0)
    disliked: tuple[bool, _Time] = (False, 0)
    queue: tuple[_QueuePosition, _Time] = (0.0, 0)
    seen_version: tuple[_ArxivVersion, _Time] = (0, 0)


_decode_common_marks = msgspec.json.Decoder(dict[str, _CommonMark]).decode


def mark_to_json(mark: Mark) -> JsonObject:
    """Return a mark as the notebook stores it: only the fields that were ever set."""
    data: JsonObject = {"title": mark.title}
    for name in ("bookmark", "read", "note", *_LATER_FLAGS, "queue", "seen_version"):
        value, timestamp = getattr(mark, name)
        if timestamp or value:
            data[name] = [value, timestamp]
    if mark.replaced_notes:
        data["note_was"] = dict(sorted(mark.replaced_notes.items()))
    if mark.tags:
        data["tags"] = {name: [on, timestamp] for name, (on, timestamp) in sorted(mark.tags.items())}
    if mark.highlights:
        data["highlights"] = {
            id: [highlight and highlight_to_json(highlight), timestamp]
            for id, (highlight, timestamp) in sorted(mark.highlights.items())
        }
    if mark.summaries:
        data["summaries"] = {
            name: [summary and summary_to_json(summary), timestamp]
            for name, (summary, timestamp) in sorted(mark.summaries.items())
        }
    unknown = {
        key: value
        for key, value in mark.extra.items()
        if key not in MARK_KEYS or (key in _LATER_KEYS and key not in data)
    }
    return {**data, **unknown}


def mark_from_json(data: Any, dropped: DroppedValues | None = None) -> Mark:
    """Parse what `mark_to_json` returns. Unknown keys go to `extra`. A timestamp out of range counts as 0.

    Raises:
        ValueError: a field has another type.
    """
    if not isinstance(data, dict):
        raise ValueError("the mark is not an object")
    tags, replaced = data.get("tags", {}), data.get("note_was", {})
    if not isinstance(tags, dict):
        raise ValueError("tags is not an object")
    if not isinstance(replaced, dict) or not all(map(checked_values.is_number, replaced.values())):
        raise ValueError("note_was is not an object of timestamps")
    flags = {
        name: _parse_timestamped(data, name, bool, False, dropped)
        for name in _LATER_FLAGS
        if isinstance(data.get(name), list)
    }
    later: dict[str, Any] = dict(flags)
    if (queue := _parse_number(data, "queue", checked_values.queue_position, dropped)) is not None:
        later["queue"] = (float(queue[0]), queue[1])
    if (seen := _parse_number(data, "seen_version", checked_values.arxiv_version, dropped)) is not None:
        later["seen_version"] = seen
    if (highlights := _parse_keyed(data.get("highlights"), parse_highlight, dropped)) is not None:
        later["highlights"] = highlights
    if (summaries := _parse_keyed(data.get("summaries"), parse_summary, dropped)) is not None:
        later["summaries"] = summaries
    unknown = data.keys() - (MARK_KEYS - _LATER_KEYS | later.keys())
    return Mark(
        title=parse_text(data, "title"),
        bookmark=_parse_timestamped(data, "bookmark", bool, False, dropped),
        read=_parse_timestamped(data, "read", bool, False, dropped),
        note=_parse_timestamped(data, "note", str, "", dropped),
        replaced_notes=_parse_timestamps(replaced, dropped),
        tags={name: _parse_timestamped(tags, name, bool, False, dropped) for name in tags} if tags else {},
        extra={key: data[key] for key in data if key in unknown} if unknown else {},
        **later,
    )


def common_mark_from_json(data: bytes) -> tuple[str, Mark] | None:
    """Parse an object of one mark by its id as `mark_from_json` does, in a fifth of the time.

    Returns:
        None if there is anything else than the keys of nearly all marks, with values of their types and in range.
    """
    try:
        ((id, mark),) = _decode_common_marks(data).items()
    except (msgspec.MsgspecError, ValueError):
        return None
    return id, Mark(
        title=mark.title,
        bookmark=mark.bookmark,
        read=mark.read,
        note=mark.note,
        replaced_notes=mark.note_was,
        tags=mark.tags,
        dismissed=mark.dismissed,
        hidden=mark.hidden,
        deleted=mark.deleted,
        disliked=mark.disliked,
        queue=mark.queue,
        seen_version=mark.seen_version,
    )


def _parse_timestamped(
    data: Mapping[str, Any], name: str, kind: type, default: Any, dropped: DroppedValues | None
) -> tuple[Any, int]:
    field = data.get(name)
    if field is None:
        return (default, 0)
    if type(field) is not list or len(field) < 2 or type(field[0]) is not kind:
        raise ValueError("a field with a timestamp is malformed")
    value, when = field[:2]
    if type(when) is int and 0 <= when <= MAX_TIMESTAMP:
        return (value, when)
    if not checked_values.is_number(when):
        raise ValueError("a field with a timestamp is malformed")
    return (value, checked(f"time of {name}", when, checked_values.timestamp, dropped) or 0)


def _parse_number(
    data: Mapping[str, Any], name: str, parse: Callable[[Any], Any], dropped: DroppedValues | None
) -> tuple[Any, int] | None:
    """Return a number, 0 for none or one out of range, and its time; None for another value, which is not ours."""
    field = data.get(name)
    if type(field) is not list or len(field) != 2 or not all(map(checked_values.is_number, field)):
        return None
    value = checked(name, field[0], parse, dropped) if field[0] else field[0]
    when = checked(f"time of {name}", field[1], checked_values.timestamp, dropped)
    return (value if value is not None else 0, when or 0)


def highlight_to_json(highlight: Highlight) -> JsonObject:
    """Return a highlight as an object, without empty fields."""
    data: JsonObject = {"quote": highlight.quote, "block": highlight.block, "offset": highlight.offset}
    data |= {name: value for name in _HIGHLIGHT_KEYS[1:] if (value := getattr(highlight, name))}
    if highlight.version:
        data["version"] = highlight.version
    return {**data, **{key: value for key, value in highlight.extra.items() if key not in data}}


def summary_to_json(summary: Summary) -> JsonObject:
    """Return a summary as an object, without empty fields."""
    data: JsonObject = {"text": summary.text, **({"day": summary.day} if summary.day else {})}
    return {**data, **{key: value for key, value in summary.extra.items() if key not in data}}


def _parse_keyed(
    field: Any, parse: Callable[[Any, DroppedValues | None], _Value | None], dropped: DroppedValues | None
) -> dict[str, tuple[_Value | None, int]] | None:
    """Return highlights or summaries and their times by key; None for another value, which is not ours."""
    if type(field) is not dict:
        return None
    parsed: dict[str, tuple[_Value | None, int]] = {}
    for key, entry in field.items():
        if type(entry) is not list or len(entry) != 2 or not checked_values.is_number(entry[1]):
            return None
        value = None if entry[0] is None else parse(entry[0], dropped)
        if value is None and entry[0] is not None:
            return None
        when = checked("time of a highlight or summary", entry[1], checked_values.timestamp, dropped)
        parsed[key] = (value, when or 0)
    return parsed


def parse_highlight(data: Any, dropped: DroppedValues | None = None) -> Highlight | None:
    """Return what `highlight_to_json` returned; None for anything else."""
    if type(data) is not dict or not data.get("quote"):
        return None
    texts: dict[str, Any] = {name: data.get(name, "") for name in _HIGHLIGHT_KEYS}
    if not all(type(text) is str for text in texts.values()):
        return None
    numbers: dict[str, Any] = {
        name: checked(f"{name} of a highlight", data[name], checked_values.count, dropped) or 0
        for name in ("block", "offset", "version")
        if name in data
    }
    known = {*_HIGHLIGHT_KEYS, "block", "offset", "version"}
    extra = {key: value for key, value in data.items() if key not in known}
    return Highlight(**texts, **numbers, extra=extra)


def parse_summary(data: Any, dropped: DroppedValues | None = None) -> Summary | None:
    """Return what `summary_to_json` returned; None for anything else. A day that is none is recorded in `dropped`."""
    if type(data) is not dict or type(data.get("text")) is not str or type(data.get("day", "")) is not str:
        return None
    day = data.get("day") and checked("day of a summary", data["day"], checked_values.day, dropped)
    extra = {key: value for key, value in data.items() if key not in ("text", "day")}
    return Summary(data["text"], day or "", extra)


def _parse_timestamps(data: dict[str, Any], dropped: DroppedValues | None) -> dict[str, int]:
    if all(type(when) is int and 0 <= when <= MAX_TIMESTAMP for when in data.values()):
        return data
    parsed = {
        name: checked("time in note_was", when, checked_values.timestamp, dropped)
        for name, when in data.items()
    }
    return {name: when for name, when in parsed.items() if when is not None}

"""Which records were removed from a catalog, and which came back: what a merge of two versions needs to know.

    {"removed":ID,"when":MILLISECONDS,"sources":[…]}      records are removed
    {"restored":…,"when":MILLISECONDS,"sources":[…]}      records are there again
    {"unimported":…,"when":MILLISECONDS,"sources":[…]}    an import was undone, which removed these records

Compaction writes the first two in place of the lines that it drops. They are true at their time, whatever precedes or
follows them: git may move lines when it merges. Of the other lines the order counts, whatever the clock said: a record
that is removed after an import is removed, and one that a later line has again came back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field

from paperreader.catalog.journal.chunk_reader import read_chunks
from paperreader.catalog.journal.format import JournalLine, parse_line, read_header
from paperreader.catalog.journal.undo_records import pack_keys, source_keys, unpack_keys
from paperreader.json_codec import JsonObject, to_json_line

_REMOVED, _UNDONE, _IMPORTED, _RESTORED = b'{"removed":', b'{"unimported":', b'{"imported":', b'{"restored":'


class RecordHistory(Struct):
    """When records were removed, and when they came back (UTC milliseconds), by their source keys."""

    removed: dict[str, int] = field(default_factory=dict)
    """Every record that was removed at some time."""
    returned: dict[str, int] = field(default_factory=dict)
    """Those of them that were added again, and others."""

    def removed_keys(self) -> frozenset[str]:
        """Return the source keys of the records that are removed."""
        returned = self.returned
        return frozenset(key for key, when in self.removed.items() if when > returned.get(key, 0))

    def merge(self, other: RecordHistory) -> None:
        """Add what another version of the catalog knows."""
        for own, more in ((self.removed, other.removed), (self.returned, other.returned)):
            for key, when in more.items():
                own[key] = max(when, own.get(key, 0))


def read_history(descriptor: int) -> RecordHistory:
    """Read the history in an open catalog, from every line."""
    header = read_header(descriptor)
    chunks = read_chunks(descriptor, header.length, 2) if header else ()
    return _history(line for chunk in chunks for line in chunk.lines)


def history_lines(descriptor: int, live_lines: Iterable[bytes]) -> list[bytes]:
    """Return the lines that compaction keeps of the history. `live_lines` are those of the papers."""
    history = read_history(descriptor)
    if not history.removed:
        return []
    live = {key for line in live_lines for key in source_keys(line)}
    removed: dict[tuple[str, int], list[str]] = {}
    for key, when in sorted(history.removed.items()):
        if key in live:
            removed.setdefault(("restored", max(when + 1, history.returned.get(key, 0))), []).append(key)
        else:
            removed.setdefault(("removed", when), []).append(key)
    return [
        to_json_line(
            {name: "" if name == "removed" else 0, "when": when, "sources": list(pack_keys(keys))}
        ).encode()
        for (name, when), keys in sorted(removed.items())
    ]


def _history(lines: Iterable[JournalLine]) -> RecordHistory:
    history = RecordHistory()
    removed_here: dict[str, int] = {}
    """What lines of this file removed that were not written by compaction."""
    has_papers = False
    for line in lines:
        if line.data.startswith((_REMOVED, _UNDONE)):
            for key, when, is_compacted in _removals(_parse(line)):
                # What precedes all papers was kept by compaction, the line that undoes the last removal among it.
                if not is_compacted and has_papers:  # the clock may have been set back since the import
                    when = max(when, history.returned.get(key, 0) + 1)
                    removed_here[key] = when
                history.removed[key] = max(when, history.removed.get(key, 0))
        elif line.data.startswith((_IMPORTED, _RESTORED)):
            data = _parse(line)
            returned_at = data.get("when", data.get("imported"))
            if type(returned_at) is int:
                for key in _keys(data.get("sources")):
                    history.returned[key] = max(returned_at, history.returned.get(key, 0))
        else:
            has_papers = True
            for key in source_keys(line.data) if removed_here else ():
                if key in removed_here:
                    history.returned[key] = max(removed_here.pop(key) + 1, history.returned.get(key, 0))
    return history


def _removals(data: JsonObject) -> Iterator[tuple[str, int, bool]]:
    """Yield the keys that a line removes, each with the time, and whether compaction has written the line."""
    when, sources = data.get("when", data.get("at")), data.get("sources")
    if isinstance(paper := data.get("paper"), dict) and isinstance(entries := paper.get("sources"), list):
        sources = [entry.get("key") for entry in entries if isinstance(entry, dict)]
    if type(when) is int:
        for key in _keys(sources):
            yield key, when, "removed" in data and "paper" not in data


def _parse(line: JournalLine) -> JsonObject:
    try:
        return parse_line(line.data)
    except ValueError:
        return {}


def _keys(sources: Any) -> frozenset[str]:
    try:
        return frozenset(unpack_keys(sources)) if isinstance(sources, list) else frozenset()
    except ValueError:
        return frozenset()

"""The papers of a row table as they are after the changes of one chunk, which are not written yet."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from paperreader.catalog.journal.paper_line import encode_paper
from paperreader.catalog.key_index import key_hash
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.paper_keys import match_hashes
from paperreader.catalog.write.types import NewLines
from paperreader.json_codec import to_json_line

PapersById = Mapping[str, MergedPaper]


class WorkingPapers:
    """Looks up papers with all changes made so far. A paper that changes several times is written once.

    Every method that looks up papers may raise `LineDamaged`: then the line of one of them is damaged.
    """

    def __init__(self, builder: RowTableBuilder) -> None:
        self._builder = builder
        self._original_by_row: dict[int, MergedPaper] = {}
        """Papers as they are in the catalog, as far as they were read."""
        self._changed_by_id: dict[str, MergedPaper | None] = {}
        """Papers that have changed since; None where the id was removed."""
        self._ids_by_hash: dict[int, dict[str, None]] = {}
        """Ids in `_changed_by_id` by the hashes that they have had at some time."""

    def with_id(self, id: str) -> MergedPaper | None:
        """Return the paper with that id (aliases do not count)."""
        return self.with_hashes([key_hash("id", id)]).get(id)

    def with_name(self, name: str) -> MergedPaper | None:
        """Return the paper with that id or alias."""
        found = self.with_hashes([key_hash("id", name), key_hash("alias", name)])
        if name in found:
            return found[name]
        return next((merged for merged in found.values() if name in merged.paper.aliases), None)

    def with_hashes(
        self, hashes: Iterable[int], *, only_unidentified: bool = False
    ) -> dict[str, MergedPaper]:
        """Return the papers that have one of those hashes, by id.

        With `only_unidentified`, papers of which every record has an arXiv id are left out.
        """
        found: dict[str, MergedPaper] = {}
        for hash_value in hashes:
            for row in self._builder.keys.find(hash_value):
                if only_unidentified and self._builder.has_arxiv_ids_only(row):
                    continue
                if row not in self._original_by_row:
                    self._original_by_row[row] = self._builder.merged_paper(row)
                original = self._original_by_row[row]
                merged = self._changed_by_id.get(original.paper.id, original)
                if merged is not None:
                    found[merged.paper.id] = merged
            for id in self._ids_by_hash.get(hash_value, ()):
                merged = self._changed_by_id[id]
                if merged is not None and (merged.has_unidentified_record or not only_unidentified):
                    found[id] = merged
        return found

    def with_connected(self, papers: PapersById, looked_up: Iterable[int] = ()) -> dict[str, MergedPaper]:
        """Return those papers and all whose records may move to another paper when one of theirs does: grouping has to
        see, with every record without an arXiv id, all records that share a key with it.

        `looked_up` are hashes of which all papers are among `papers`.
        """
        connected = dict(papers)
        done = set(looked_up)
        new = list(papers.values())
        while new:
            found: dict[str, MergedPaper] = {}
            for identified in (False, True):
                hashes = match_hashes(new, identified=identified) - done
                found.update(self.with_hashes(hashes, only_unidentified=identified))
                if not identified:
                    done |= hashes
            new = [merged for id, merged in found.items() if id not in connected]
            connected.update(found)
        return connected

    def replace(self, before: PapersById, after: PapersById) -> None:
        """Replace papers by others with the same records, or with some more or fewer."""
        for id in before:
            if id not in after:
                self._changed_by_id[id] = None
        for id, merged in after.items():
            if merged is not before.get(id) and merged != before.get(id):
                self._changed_by_id[id] = merged
                for hash_value in merged.hashes:
                    self._ids_by_hash.setdefault(hash_value, {})[id] = None

    def replaced_papers(self) -> list[MergedPaper]:
        """Return the papers that were changed or removed, as they were before."""
        before = self._originals_by_id()
        return [
            before[id] for id, merged in self._changed_by_id.items() if id in before and merged != before[id]
        ]

    def lines(self, already_removed: Container[str] = ()) -> NewLines:
        """Return the lines to write.

        No removal line is written for the ids in `already_removed`, which have one already.
        """
        before = self._originals_by_id()
        lines: NewLines = []
        id_by_alias: dict[str, str] = {}
        for id, merged in self._changed_by_id.items():
            if merged is not None and merged != before.get(id):
                lines.append((encode_paper(merged), merged))
                id_by_alias.update(dict.fromkeys(merged.paper.aliases, id))
        for id, merged in self._changed_by_id.items():
            if merged is None and id in before and id not in already_removed:
                data = {"alias": id, "id": id_by_alias[id]} if id in id_by_alias else {"removed": id}
                lines.append((to_json_line(data).encode(), None))
        return lines

    def _originals_by_id(self) -> dict[str, MergedPaper]:
        return {merged.paper.id: merged for merged in self._original_by_row.values()}

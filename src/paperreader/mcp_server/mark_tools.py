"""The tools that write: notes and tags. They only add, and each change can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Struct
from pydantic import Field

from paperreader.errors import NotFound, PaperreaderError
from paperreader.mcp_server.answers import MAX_LONG_TEXT_CHARS, MAX_TEXT_CHARS, Answer
from paperreader.mcp_server.library_tools import PaperId
from paperreader.models import MarkChange
from paperreader.text.sanitize import sanitize, single_line

if TYPE_CHECKING:
    from paperreader.library import Library
    from paperreader.models import Mark, Paper

MAX_UNDO_STEPS = 1_000


class _Step(Struct, frozen=True):
    """A change that was saved."""

    id: str
    description: str
    note: str | None = None
    """The whole note after the change; None if the change was another one."""
    note_before: str = ""
    tag: str = ""


class MarkTools:
    """Adds notes and tags to the papers of a library, and undoes what it added since the start."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._steps: list[_Step] = []

    def add_note(
        self,
        id: PaperId,
        text: Annotated[str, Field(min_length=1, max_length=MAX_LONG_TEXT_CHARS, description="Markdown")],
    ) -> Answer:
        """Append a paragraph to the user's note on a paper. What the user wrote stays as it is."""
        added = sanitize(text).strip()
        if not added:
            raise PaperreaderError("The text of the note is empty.")
        paper, mark = self._paper(id)
        before = mark.note_text
        note = f"{before.rstrip()}\n\n{added}" if before.strip() else added
        self._save(MarkChange(paper.id, title=paper.title, note=note, note_base=before))
        stored = self._library.mark(self._library.resolve(paper.id)).note_text
        self._add_step(_Step(paper.id, f"note on {paper.id}", note=stored, note_before=before))
        return {"id": paper.id, "note": stored[-MAX_LONG_TEXT_CHARS:]}

    def add_tag(
        self, id: PaperId, tag: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]
    ) -> Answer:
        """Add a tag to a paper."""
        name = single_line(tag).strip().removeprefix("#").strip()
        if not name:
            raise PaperreaderError("A tag cannot be empty.")
        paper, mark = self._paper(id)
        if name not in mark.tag_names:
            self._save(MarkChange(paper.id, title=paper.title, tags={name: True}))
            self._add_step(_Step(paper.id, f"tag {name} on {paper.id}", tag=name))
        return {"id": paper.id, "added": name not in mark.tag_names, "tag": name}

    def undo(self) -> Answer:
        """Undo the last note or tag that was added through this server since it was started."""
        if not self._steps:
            raise PaperreaderError("Nothing to undo: nothing was added since the server was started.")
        step = self._steps[-1]
        paper, mark = self._paper(step.id)
        if step.note is not None:
            if mark.note_text != step.note:
                self._steps.pop()
                raise PaperreaderError(
                    f"The note on {step.id} was edited since, so it was left as it is. The user can restore an earlier "
                    "one with `paperreader restore`."
                )
            change = MarkChange(paper.id, title=paper.title, note=step.note_before, note_base=step.note)
        else:
            change = MarkChange(paper.id, title=paper.title, tags={step.tag: False})
        self._save(change)
        self._steps.pop()
        return {"undone": step.description}

    def _paper(self, id: str) -> tuple[Paper, Mark]:
        self._library.refresh()
        row = self._library.resolve(id)
        mark = self._library.mark(row)
        if mark.is_deleted:
            raise NotFound(f"The user deleted {id}.")
        return self._library.paper(row), mark

    def _save(self, change: MarkChange) -> None:
        self._library.save_and_apply([change])

    def _add_step(self, step: _Step) -> None:
        self._steps.append(step)
        del self._steps[:-MAX_UNDO_STEPS]

"""Where papers come from that are not necessarily in the library, and what can be done with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from paperreader.models import Mark, Paper

if TYPE_CHECKING:
    from paperreader.jobs.online import OnlineReply
    from paperreader.library import OnlinePaper

Action = Literal["open", "bookmark", "note", "tag"]
"""What to do with a paper after it was added."""

NoteCommand = Literal["save", "close", "continue", "changed"]
"""Save or close the editor, continue in the editor of the user, or note that the text has changed."""


class OnlineSource(NamedTuple):
    """Where results come from."""

    title: str
    """What is listed, such as the name of the service that is searched."""
    hint: str
    """What the footer calls it, next to the key that requests it."""
    service: str
    request: Callable[[int], Awaitable[OnlineReply]]
    """Requests the results from a position on. Raises `PaperreaderError`."""


class OnlineLibrary(NamedTuple):
    """What the dialog needs of the library."""

    mark_of: Callable[[Paper], Mark | None]
    """Returns the mark of a paper that is in the library; None if it is not there."""
    take: Callable[[OnlinePaper, Action], Awaitable[bool]]
    """Adds a paper and does something with it; returns whether the dialog is to be closed."""
    note_command: Callable[[NoteCommand], object]
    """Does something with the note that is being written."""
    copy: Callable[[Paper], Awaitable[str]]
    """Copies the link of the repository, else that of the page; returns a message."""
    open_page: Callable[[Paper], str]
    """Opens the page in the browser; returns a message."""

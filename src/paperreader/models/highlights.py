"""Passages of full texts that the user highlighted or commented on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

HIGHLIGHT_CONTEXT = 32
"""Characters before and after a passage that are stored with it."""


class Highlight(Struct, frozen=True):
    """A passage of a full text.

    `quote` and its context find the passage in another version of the text; `block` and `offset` say where it was, and
    which of several equal passages is meant.
    """

    quote: str
    """The text of the passage; a line end between two blocks."""
    block: int = 0
    """Index of the block in which it begins."""
    offset: int = 0
    """Where it begins in the text of the block, in characters."""
    before: str = ""
    """Up to `HIGHLIGHT_CONTEXT` characters before it, in the same block."""
    after: str = ""
    comment: str = ""
    """What the user wrote about it (Markdown)."""
    version: int = 0
    """The version of the paper in which it was highlighted; 0 if unknown."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the notebook that this version does not know. They are preserved."""

    @property
    def id(self) -> str:
        """Twelve hex digits, equal for equal passages: two machines that highlight the same one agree."""
        import hashlib  # loads OpenSSL, which takes 2 ms

        text = "\0".join((self.quote, self.before, self.after))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()

    @property
    def order(self) -> tuple[int, int, str]:
        """Sorts highlights by their place in the text."""
        return self.block, self.offset, self.quote

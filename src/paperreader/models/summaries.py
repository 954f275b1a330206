"""Summaries that commands of the user made of papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

MAX_SUMMARY_CHARS = 20_000
"""More than one reads below an abstract."""


class Summary(Struct, frozen=True):
    """What a command printed about a paper. The name of the command is its key in `Mark.summaries`."""

    text: str
    day: str = ""
    """YYYY-MM-DD on which it was made, by the clock of this computer; empty if the file has none."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the notebook that this version does not know. They are preserved."""

    def to_public(self, command: str) -> dict[str, str | None]:
        """Return it for scripts, with the command that made it; the day is None if unknown."""
        return {"command": command, "day": self.day or None, "text": self.text}

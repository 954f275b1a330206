"""Versions of a paper at arXiv."""

from __future__ import annotations

from msgspec import Struct


class PaperVersion(Struct, frozen=True):
    """What a source says of one version."""

    number: int
    """0 for an earlier version of which the number is not known."""
    title: str
    abstract: str
    authors: tuple[str, ...]
    day: str
    """When it was submitted (ISO), or if that is not known, when it was added."""


class VersionHistory(Struct, frozen=True):
    """The latest version of a paper and at least one earlier one."""

    versions: tuple[PaperVersion, ...]
    """The latest first."""
    noticed: str
    """When the latest one was added: a day or a time (ISO, UTC)."""

    @property
    def latest(self) -> PaperVersion:
        return self.versions[0]

    @property
    def latest_numbers(self) -> tuple[int, int]:
        """The numbers of the latest version and the one before it, which is a guess if it is not known."""
        latest, before = self.versions[:2]
        return latest.number, before.number or latest.number - 1

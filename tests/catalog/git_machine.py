"""A clone of a git repository with a library in it, and the titles of its papers."""

from __future__ import annotations

from pathlib import Path

from tests.catalog.records import catalog_in, papers_by_id, papers_file
from tests.git import git

MARKER = b"<<<<<<<"


class Machine:
    """A clone of a shared repository with a library in it."""

    def __init__(self, folder: Path, origin: Path, *settings: str) -> None:
        self.folder = folder
        self._settings = settings
        (folder / "library").mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", str(origin))
        self.catalog = catalog_in(folder)

    @classmethod
    def copied(cls, folder: Path) -> Machine:
        """Return the machine in a copy of the folder of another one."""
        machine = cls.__new__(cls)
        machine.folder, machine._settings, machine.catalog = folder, (), catalog_in(folder)
        return machine

    def git(self, *arguments: str, check: bool = True) -> str:
        return git(self.folder / "library", *arguments, settings=self._settings, check=check)

    def commit(self) -> None:
        self.git("add", "papers.jsonl")
        self.git("commit", "-q", "--allow-empty", "-m", "My papers")

    def push(self) -> None:
        self.commit()
        self.git("push", "-q", "origin", "main")

    def pull(self) -> None:
        """Pull and merge as the recipe says."""
        self.commit()
        self.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main", check=False)
        self.catalog = catalog_in(self.folder)
        self.catalog.repair()
        assert self.catalog.verify() == []
        assert MARKER not in papers_file(self.folder).read_bytes()
        self.commit()

    @property
    def titles(self) -> set[str]:
        return {paper.title for paper in papers_by_id(self.catalog).values()}

    def remove(self, *titles: str) -> None:
        papers = papers_by_id(self.catalog)
        self.catalog.remove([id for id, paper in papers.items() if paper.title in titles])


def titles(tag: str, *numbers: int) -> set[str]:
    return {f"A study of {tag} in its part {number:05d}" for number in numbers}

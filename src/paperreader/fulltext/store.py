"""The full texts of a library on disk: a folder for each paper, a file for each version.

Everything in the folder can be fetched again. Names of folders are made from the ids of papers, never taken from them:
an id may be a title, or come from a forged file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.fulltext import text_file
from paperreader.fulltext.conversion import Page
from paperreader.fulltext.document import Document, SourceName
from paperreader.fulltext.text_file import DamagedText, Part, StoredText
from paperreader.models import Problem

LOCK_NAME = "full-texts.lock"

SUFFIX = ".text"

_RANKS: dict[SourceName, int] = {"arxiv-html": 3, "ar5iv-html": 2, "pdf": 1, "huggingface": 0}
"""Of two texts of one version, the one from the better source stays."""

_SAFE_NAME = re.compile(r"(?:[0-9a-z][0-9a-z.-]{0,78})?[0-9a-z]", re.ASCII)
_HASHED_NAME = re.compile(r"[0-9a-z.-]{0,40}_[0-9a-f]{16}", re.ASCII)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.ASCII)
"""Names that Windows reserves."""
_UNSAFE = re.compile(r"[^0-9a-z.-]+", re.ASCII)
_READABLE_CHARS = 40
_FILE_NAME = re.compile(rf"v([0-9]{{1,4}}){re.escape(SUFFIX)}", re.ASCII)


def folder_name(id: str) -> str:
    """Return the name of the folder of a paper: its id, or what is readable of it and a hash."""
    if _SAFE_NAME.fullmatch(id) and not _DEVICE.fullmatch(id):
        return id
    readable = _UNSAFE.sub("-", id.casefold())[:_READABLE_CHARS].strip("-.")
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{readable}_{digest}"  # no safe id contains an underscore


def stored_ids(folder: Path) -> frozenset[str]:
    """Return the ids of the papers with texts in the folder of a store: names; for unusual ids, a file each is read."""
    found = set()
    with suppress(OSError):  # there is no folder
        for entry in os.scandir(folder):
            if _SAFE_NAME.fullmatch(entry.name):
                found.add(entry.name)
            elif _HASHED_NAME.fullmatch(entry.name):
                found |= {text.paper for text in _headers(Path(entry.path))}
    return frozenset(found)


def _headers(folder: Path) -> Iterator[StoredText]:
    """Yield what the first intact file of a folder says."""
    for path in FullTextStore.files_in(folder):
        with suppress(FileNotFoundError, DamagedText):
            yield text_file.read_header(path)
            return


class FullTextStore:
    """The full texts in one folder, which may not exist.

    Several processes may use it: a file is replaced as a whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._problems: dict[str, Problem] = {}
        """What was found damaged, by the path of the file, and is not reported yet."""
        self._reported: set[str] = set()

    def texts(self, id: str) -> tuple[StoredText, ...]:
        """Return the stored versions of a paper, the newest first. Damaged files are left out."""
        found = [text for path in self._files(id) if (text := self._header(path, id)) is not None]
        return tuple(sorted(found, key=lambda text: text.version, reverse=True))

    def document(self, text: StoredText) -> Document | None:
        """Return the document of a stored text; None if it is damaged or gone."""
        path = self.path(text)
        try:
            return text_file.unpack_document(text_file.read_part(path, "document"))
        except FileNotFoundError:
            return None
        except DamagedText as error:
            self._add_problem(path, error)
            return None

    def page(self, text: StoredText) -> Page | None:
        """Return the page of a stored text; None if it was not kept, is damaged or is gone."""
        if not text.has_page:
            return None
        path = self.path(text)
        try:
            data = text_file.unpack(text_file.read_part(path, "page"))
        except FileNotFoundError:
            return None
        except DamagedText as error:
            self._add_problem(path, error)
            return None
        return Page(text.kind, data, text.url, text.etag, text.fetched)

    def path(self, text: StoredText) -> Path:
        """Return the file of a text."""
        return self.folder / folder_name(text.paper) / f"v{text.version}{SUFFIX}"

    def write(self, text: StoredText, document: bytes, page: bytes) -> StoredText:
        """Store a text, durably. One of the same version that is better stays, and is returned instead.

        It is better if it has a better source, or if this one is cut off and it has more.

        Args:
            text: what describes it; its parts are set here.
            document: the packed document.
            page: the packed page; empty if it is not kept.

        Raises:
            StorageError: it cannot be written; an earlier one is still there.
        """
        path = self.path(text)
        storage.ensure_folder(path.parent)
        with storage.lock(self.folder / LOCK_NAME):
            storage.ensure_folder(path.parent)  # a removal may have deleted it in the meantime
            old = self._header(path, text.paper)
            if old is not None and _is_better(old, text, page) and self._is_intact(path):
                return old
            storage.remove_leftovers(path)
            text, data = text_file.encode_file(text, document, page)
            storage.write_atomic(path, data)
        self._problems.pop(str(path), None)
        self._reported.discard(str(path))
        return text

    def confirm(self, text: StoredText, when: str) -> None:
        """Record that a text was still the newest version at that time (ISO, UTC). Does nothing if it is damaged.

        Raises:
            StorageError: it cannot be written.
        """
        path = self.path(text)
        with storage.lock(self.folder / LOCK_NAME):
            try:
                stored = text_file.read_header(path)
                document = text_file.read_part(path, "document")
                page = text_file.read_part(path, "page")
            except (FileNotFoundError, DamagedText):
                return
            _, data = text_file.encode_file(replace(stored, fetched=when), document, page)
            storage.write_atomic(path, data)

    def remove(self, id: str) -> int:
        """Remove the texts of a paper, and return how many there were.

        Raises:
            StorageError: they cannot be removed.
        """
        folder = self.folder / folder_name(id)
        if not folder.is_dir():
            return 0
        files = list(self._files(id))
        for path in files:
            self._remove_file(path)
        return len(files)

    def remove_text(self, text: StoredText) -> None:
        """Remove one version.

        Raises:
            StorageError: it cannot be removed.
        """
        self._remove_file(self.path(text))

    def all_texts(self) -> Iterator[StoredText]:
        """Yield every intact text, in the order of the folders."""
        for path in self._all_files():
            if (text := self._header(path)) is not None:
                yield text

    def verify(self) -> list[Problem]:
        """Return a problem for each file that is damaged, foreign, or in the folder of another paper."""
        problems = []
        for path in self._all_files():
            try:
                self._check_file(path)
            except FileNotFoundError:
                continue
            except DamagedText as error:
                problems.append(Problem(self._display_name(path), None, str(error)))
        return problems

    def remove_damaged(self) -> int:
        """Remove the files that `verify` reports, and return how many there were.

        Raises:
            StorageError: one cannot be removed.
        """
        removed = 0
        for path in list(self._all_files()):
            try:
                self._check_file(path)
            except FileNotFoundError:
                continue
            except DamagedText:
                self._remove_file(path)
                removed += 1
        return removed

    def pop_problems(self) -> list[Problem]:
        """Return what was found damaged since the last call, each file once."""
        found = [problem for path, problem in self._problems.items() if path not in self._reported]
        self._reported |= self._problems.keys()
        self._problems.clear()
        return found

    def _check_file(self, path: Path) -> None:
        """Check a file completely.

        Raises:
            FileNotFoundError: it was removed.
            DamagedText: it is damaged, or not where it belongs.
        """
        text = text_file.read_header(path)
        if self.path(text) != path:
            raise DamagedText("belongs to another paper or version")
        text_file.unpack_document(text_file.read_part(path, "document"))
        if text.has_page:
            text_file.unpack(text_file.read_part(path, "page"))

    def _is_intact(self, path: Path) -> bool:
        try:
            self._check_file(path)
        except (FileNotFoundError, DamagedText):
            return False
        return True

    def _header(self, path: Path, id: str | None = None) -> StoredText | None:
        """Return what a file says, if it is in its place and, with `id`, of that paper."""
        try:
            text = text_file.read_header(path)
            if self.path(text) != path or (id is not None and text.paper != id):
                raise DamagedText("belongs to another paper or version")
        except FileNotFoundError:
            return None
        except DamagedText as error:
            self._add_problem(path, error)
            return None
        return text

    def _remove_file(self, path: Path) -> None:
        """Remove a file, what a crash left of it, and its folder if nothing else is in it.

        Raises:
            StorageError: it cannot be removed.
        """
        with storage.lock(self.folder / LOCK_NAME):
            try:
                storage.remove_leftovers(path, min_age=0.0)
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(f"Cannot remove {path}: {storage.os_error_message(error)}.") from error
            with suppress(OSError):  # there are other files
                path.parent.rmdir()

    def _files(self, id: str) -> Iterator[Path]:
        """Yield the files of a paper."""
        yield from self.files_in(self.folder / folder_name(id))

    def _all_files(self) -> Iterator[Path]:
        with suppress(OSError):  # there is no folder yet
            for folder in sorted(self.folder.iterdir()):
                yield from self.files_in(folder)

    @staticmethod
    def files_in(folder: Path) -> Iterator[Path]:
        """Yield the files in the folder of a paper."""
        with suppress(OSError):  # there is no folder, or something else in its place
            yield from sorted(path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name))

    def _add_problem(self, path: Path, error: DamagedText) -> None:
        self._problems.setdefault(str(path), Problem(self._display_name(path), None, str(error)))

    def _display_name(self, path: Path) -> str:
        return f"full text {path.relative_to(self.folder)}"


def _is_better(old: StoredText, new: StoredText, page: bytes) -> bool:
    if _RANKS[old.source] != _RANKS[new.source]:
        return _RANKS[old.source] > _RANKS[new.source]
    is_other = old.page != Part.of(page)
    return new.is_cut and is_other and (not old.is_cut or old.page.length > len(page))

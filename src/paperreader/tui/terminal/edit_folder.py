"""The folder of a note that is in an external editor: its file, and who is editing it.

A reader that is killed leaves the folder, and the next one finds the text. It must not take it from an editor that is
still open, perhaps on another machine or in a container with the same home. So the reader holds a lock, which the
editor inherits, and the folder names both processes, for file systems on which the lock says nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.storage import (
    PRIVATE_FILE,
    ensure_folder,
    open_regular_file,
    os_error_message,
    write_atomic,
)
from paperreader.system.file_lock import try_flock
from paperreader.system.process_identity import (
    ProcessIdentity,
    current_process,
    is_pid_used,
    is_running,
    process_identity,
    started_after,
)
from paperreader.system.shell_words import ShellCommand
from paperreader.tui.terminal.external_editor import EditorResult, run_editor

MAX_NOTE_BYTES = 4 * 1024 * 1024
"""A longer file was not typed by the user. It is kept, but not read."""

UNSEEN_SECONDS = 24 * 3600.0
"""A file that was not written for so long is no longer being edited on another machine."""

_PREFIX = "editing-"
_FILE_NAME, _RECORD_NAME, _LOCK_NAME = "note.md", "edit.json", "lock"


class _Record(Struct, frozen=True):
    """The content of `edit.json`."""

    paper: str
    """The id of the paper."""
    text_hash: str
    """SHA-256 of the file as the reader wrote it, or as it was recovered last."""
    reader: ProcessIdentity | None
    """The reader that is using the folder; None if it has quit."""
    editor: ProcessIdentity | None = None
    returned_at_once: bool = False
    """Whether the editor may be open although its process has ended."""

    @property
    def processes(self) -> list[ProcessIdentity]:
        return [process for process in (self.reader, self.editor) if process is not None]


class EditFolder:
    """One folder, of this reader or of another one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / _FILE_NAME
        self._lock: int | None = None

    @classmethod
    def create(cls, parent: Path, paper: str, text: str) -> EditFolder:
        """Create a folder for the note `text` of the paper with that id, and lock it.

        Raises:
            PaperreaderError: it cannot be written.
        """
        try:
            ensure_folder(parent)
            folder = cls(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent)))
        except (OSError, PaperreaderError) as error:
            raise _start_error(error) from error
        try:
            folder._take_lock()
            folder.write(paper, text)
        except (OSError, PaperreaderError) as error:
            folder.delete()
            raise _start_error(error) from error
        return folder

    @classmethod
    def list_in(cls, parent: Path) -> list[EditFolder]:
        """Return all folders, oldest first."""
        try:
            paths = [path for path in parent.iterdir() if path.name.startswith(_PREFIX) and path.is_dir()]
            return [cls(path) for path in sorted(paths, key=lambda path: path.stat().st_mtime)]
        except OSError:
            return []  # there is no state, or another process removes a folder

    @property
    def paper(self) -> str:
        """The id of the paper; empty in a folder of an earlier version, and in a damaged one."""
        record = self._read_record()
        return record.paper if record else ""

    @property
    def process_id(self) -> str:
        """The process id of the reader in the name of a folder of an earlier version."""
        return self.path.name.removeprefix(_PREFIX)

    @property
    def age_seconds(self) -> float:
        """How long ago the file was written."""
        with suppress(OSError):
            return time.time() - self.file.stat().st_mtime
        return 0.0

    def write(self, paper: str, text: str) -> None:
        """Write the file for the editor.

        Raises:
            PaperreaderError: it cannot be written.
        """
        data = text.encode("utf-8", "surrogatepass")
        write_atomic(self.file, data, durable=False)
        self._write_record(_Record(paper, _hash(data), current_process()))

    def edit(self, command: ShellCommand) -> EditorResult:
        """Edit the file with an editor, which uses the terminal, and return when it has ended.

        Raises:
            PaperreaderError: it cannot be started.
        """
        return run_editor(command, self.file, keep_open=self._lock, on_start=self.record_editor)

    def record_editor(self, pid: int) -> None:
        """Record which process is the editor."""
        self._try_update_record(editor=process_identity(pid))  # the lock says the same on most file systems

    def read(self) -> str | None:
        """Return the text of the file; None if there is no file.

        Raises:
            PaperreaderError: it cannot be read, or is too long. It is still there.
        """
        data = self._read_data()
        return None if data is None else _decode(data)

    def read_change(self) -> str | None:
        """Return the text if it differs from what the reader wrote, else None.

        Raises:
            PaperreaderError: see `read`.
        """
        data, record = self._read_data(), self._read_record()
        unchanged = data is None or (record is not None and _hash(data) == record.text_hash)
        return None if unchanged or data is None else _decode(data)

    def record_early_return(self) -> None:
        """Record that the editor may be open although its process has ended."""
        # Without it, the file would be deleted too early, but only after the reader has quit.
        self._try_update_record(returned_at_once=True)

    def accept_change(self) -> None:
        """Make the present text the one from which later changes differ."""
        data = self._read_data()
        if data is not None:
            self._try_update_record(text_hash=_hash(data))  # without it, the same text is offered again

    def in_use(self) -> bool:
        """Return whether a reader or an editor may still have the file open."""
        record = self._read_record()
        if record is None:
            return self._is_in_use_by_earlier_version()
        if is_locked := self._is_locked():
            return True
        running = [is_running(process) for process in record.processes]
        if True in running:
            return True
        if is_locked is False and all(process.boot == current_process().boot for process in record.processes):
            return False  # in a container of this machine, whose processes cannot be seen
        return None in running and self.age_seconds < UNSEEN_SECONDS

    @property
    def may_be_open(self) -> bool:
        """Whether an editor that cannot be seen may have the file open: elsewhere, or after an early return."""
        record, here = self._read_record(), current_process()
        if record is None:
            return False
        foreign = (process for process in record.processes if process.boot != here.boot)
        return record.returned_at_once or any(is_running(process) is None for process in foreign)

    def delete(self) -> None:
        """Delete the folder, and release the lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Release the lock, and leave the folder for the next reader."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self._try_update_record(reader=None)  # this process is about to end, which says the same

    def _take_lock(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._lock = os.open(self.path / _LOCK_NAME, flags, PRIVATE_FILE)
        with suppress(OSError):  # a file system without locks
            try_flock(self._lock)

    def _is_locked(self) -> bool | None:
        """Return whether a process holds the lock; None if the file system has no locks."""
        try:
            descriptor = os.open(self.path / _LOCK_NAME, os.O_RDWR)
        except OSError:
            return None
        try:
            return not try_flock(descriptor)
        except OSError:
            return None
        finally:
            os.close(descriptor)

    def _is_in_use_by_earlier_version(self) -> bool:
        """Return whether the reader whose process id is in the name of the folder is running."""
        pid = self.process_id
        if not (pid.isascii() and pid.isdigit()):
            return self.age_seconds < UNSEEN_SECONDS  # `edit.json` is damaged
        with suppress(OSError):
            return is_pid_used(int(pid)) and not started_after(int(pid), self.file.stat().st_mtime)
        return False

    def _read_data(self) -> bytes | None:
        try:
            with os.fdopen(open_regular_file(self.file), "rb") as stream:
                data = stream.read(MAX_NOTE_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PaperreaderError(f"Cannot read {self.file}: {os_error_message(error)}.") from error
        if len(data) > MAX_NOTE_BYTES:
            raise PaperreaderError(f"The text is too long for a note. It is still in {self.file}.")
        return data

    def _read_record(self) -> _Record | None:
        try:
            with os.fdopen(open_regular_file(self.path / _RECORD_NAME), "rb") as stream:
                return msgspec.json.decode(stream.read(MAX_NOTE_BYTES), type=_Record)
        except (OSError, msgspec.DecodeError):
            return None

    def _try_update_record(self, **changes: ProcessIdentity | str | bool | None) -> None:
        """Change fields of the record, if there is one. An error is ignored; each caller says why it can be."""
        record = self._read_record()
        if record is not None:
            with suppress(PaperreaderError):
                self._write_record(msgspec.structs.replace(record, **changes))

    def _write_record(self, record: _Record) -> None:
        write_atomic(self.path / _RECORD_NAME, msgspec.json.encode(record), durable=False)


def _start_error(error: Exception) -> PaperreaderError:
    reason = os_error_message(error) if isinstance(error, OSError) else str(error).rstrip(".")
    return PaperreaderError(f"Cannot write a file for the editor ({reason}). Press n to write the note here.")


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _decode(data: bytes) -> str:
    """Decode what an editor wrote: UTF-8, UTF-16 with a byte order mark, or else one byte per character."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig", "surrogatepass")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace") if _is_cp1252(data) else data.decode("latin-1")
    return text.replace("\r\n", "\n")


def _is_cp1252(data: bytes) -> bool:
    return not {0x81, 0x8D, 0x8F, 0x90, 0x9D} & set(data)

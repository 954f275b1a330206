"""Disks that fail: real limits of the system where there are some, else errors of the functions that do I/O."""

from __future__ import annotations

import errno
import io
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("mkdir", "rename", "replace", "link", "unlink", "chmod", "ftruncate", "truncate", "utime")


def _error(number: int, path: object) -> OSError:
    return OSError(number, os.strerror(number), str(path))


@contextmanager
def no_temporary_folder() -> Iterator[None]:
    """The folder for temporary files is missing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/proc/no-such-folder")
        yield


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow: every write fails, as on a disk without space, with a real error of the system."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def failing_writes(number: int) -> Iterator[None]:
    """Nothing can be created, changed or flushed, and the error has that number."""
    with pytest.MonkeyPatch.context() as patch:
        really_open, really_io_open = os.open, io.open

        def open_(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if flags & _WRITING and not str(path).startswith(("/dev/", "/proc/")):
                raise _error(number, path)
            return really_open(path, flags, *more, **named)

        def io_open(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if isinstance(file, str | Path) and {*mode} & {*"wax+"}:
                raise _error(number, file)
            return really_io_open(file, mode, *more, **named)

        patch.setattr(os, "open", open_)
        patch.setattr(io, "open", io_open)
        for name in (*_CHANGES, "fsync"):
            patch.setattr(os, name, _failing(number))
        yield


@contextmanager
def failing_reads(number: int, *, opening: bool) -> Iterator[None]:
    """The papers cannot be read, as on a broken disk; with `opening`, no file opened, as on a drive that is gone."""
    with pytest.MonkeyPatch.context() as patch:
        really_open = os.open

        def open_(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if "paperreader" in str(path) and not flags & _WRITING:
                raise _error(number, path)
            return really_open(path, flags, *more, **named)

        if opening:
            patch.setattr(os, "open", open_)
            for name in ("stat", "lstat", "scandir", "listdir"):
                patch.setattr(os, name, _failing_below_home(number, getattr(os, name)))
        patch.setattr(os, "pread", _failing(number))
        yield


def _failing_below_home(number: int, really: Callable[..., Any]) -> Callable[..., Any]:
    def call(path: Any = ".", *more: Any, **named: Any) -> Any:
        if not isinstance(path, int) and "/paperreader" in str(path).replace("/src/paperreader", ""):
            raise _error(number, path)
        return really(path, *more, **named)

    return call


def _failing(number: int) -> Callable[..., None]:
    def fail(path: object = "", *_: object, **__: object) -> None:
        raise _error(number, path)

    return fail


FAULTS = {
    "no temporary folder": no_temporary_folder,
    "full": full_disk,
    "no space": lambda: failing_writes(errno.ENOSPC),
    "read-only": lambda: failing_writes(errno.EROFS),
    "write error": lambda: failing_writes(errno.EIO),
    "read error": lambda: failing_reads(errno.EIO, opening=False),
    "stale": lambda: failing_reads(errno.ESTALE, opening=True),
}
"""Functions that make a disk fail during the body of a `with` statement, by name."""

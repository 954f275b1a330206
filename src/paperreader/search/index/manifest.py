"""The manifest of the index: the catalog version it was built from, and size and checksum of every file.

Whoosh opens a truncated or overwritten index without an error and then fails in various ways or returns wrong results,
and its table of contents is a pickle. The manifest lists every file with its size and CRC-32, and no file is opened
that another user could have written.

The index is usable without its files of vectors: one of these that is missing or damaged is no damage of the index.
"""

from __future__ import annotations

import json
import os
import stat
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace
from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from paperreader.checked_values import load_json
from paperreader.errors import StorageError
from paperreader.models import CatalogVersion, Problem
from paperreader.search.index import schema
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.vector_file import VECTORS_EXT, VectorFile
from paperreader.storage import PRIVATE_FOLDER, ensure_folder, os_error_message, write_atomic

FILE_NAME = "manifest.json"

_BLOCK_BYTES = 1 << 20


class Manifest(Struct, frozen=True):
    """One finished state of the index folder."""

    version: int
    """`schema.VERSION` when it was written."""
    catalog_version: CatalogVersion
    """The state of the catalog that is indexed."""
    toc: int
    """Generation number of Whoosh's table of contents."""
    files: Mapping[str, tuple[int, int]]
    """Size in bytes and CRC-32 of every file, by name."""
    model: str = ""
    """Identity of the model of the vectors; empty if there are none, or an older program wrote it."""


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest in `folder`; None when it is missing, damaged, or writable by other users."""
    path = folder / FILE_NAME
    if not is_private_folder(folder) or not _is_private_file(path):
        return None
    try:
        content = path.read_bytes()
        line = content.partition(b"\n")[0]
        if content != _with_checksum(line):
            return None
        data = load_json(line)
        return Manifest(
            version=int(data["version"]),
            catalog_version=CatalogVersion(**data["catalog_version"]),
            toc=int(data["toc"]),
            files={str(name): (int(size), int(crc)) for name, (size, crc) in data["files"].items()},
            model=str(data.get("model", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        # Not a manifest of ours.
        return None


def read_checked(folder: Path, manifest: Manifest, name: str) -> bytes:
    """Return the content of a listed file.

    Raises:
        IndexDamaged: size or checksum differ from the manifest.
        OSError: it cannot be read.
    """
    found = (folder / name).read_bytes() if _is_private_file(folder / name) else b""
    if name not in manifest.files or (len(found), zlib.crc32(found)) != manifest.files[name]:
        raise IndexDamaged
    return found


def check_file(folder: Path, manifest: Manifest, name: str) -> None:
    """Verify the checksum of a listed file without holding its content in memory.

    Raises:
        IndexDamaged: size or checksum differ from the manifest.
        OSError: it cannot be read.
    """
    if not _is_private_file(folder / name) or _checksum(folder / name) != manifest.files[name]:
        raise IndexDamaged


def table_of_contents(folder: Path, manifest: Manifest) -> TOC:
    """Read the Whoosh table of contents that the manifest lists.

    A process killed right after its commit leaves a later one in the folder, which is ignored. The file is a pickle, so
    its checksum is verified before it is loaded.

    Raises:
        IndexDamaged: size or checksum differ from the manifest.
        OSError: it cannot be read.
    """
    name = TOC._filename(schema.INDEX_NAME, manifest.toc)
    storage = RamStorage()
    storage.files[name] = read_checked(folder, manifest, name)
    return TOC.read(storage, schema.INDEX_NAME, gen=manifest.toc)


def nonempty_segments(folder: Path, manifest: Manifest) -> list[Any]:
    """Return the non-empty Whoosh segments, after checking presence and size of every listed file but the vectors.

    Raises:
        IndexDamaged: a file is missing or differs from the manifest.
        OSError: one cannot be read.
    """
    if not _sizes_match(folder, manifest):
        raise IndexDamaged
    return [segment for segment in table_of_contents(folder, manifest).segments if segment.doc_count_all()]


def _sizes_match(folder: Path, manifest: Manifest) -> bool:
    """Whether every listed file but the vectors exists, is writable by this user only, and has its listed size."""
    try:
        return all(
            _is_private_file(folder / name) and (folder / name).stat().st_size == size
            for name, (size, _) in manifest.files.items()
            if not name.endswith(VECTORS_EXT)
        )
    except OSError:
        return False


def open_vectors(folder: Path, manifest: Manifest, segment: Any) -> VectorFile | None:
    """Return the vectors of a Whoosh segment; None if it has none. Does not verify the checksum yet.

    Raises:
        IndexDamaged: the file is missing, has another size, or can be written by other users.
    """
    name = vectors_file_name(segment)
    if name not in manifest.files:
        return None
    if not _is_private_file(folder / name):
        raise IndexDamaged
    try:
        return VectorFile(folder / name, segment.doc_count_all(), manifest.files[name])
    except OSError as error:
        raise IndexDamaged from error


def vectors_file_name(segment: Any) -> str:
    """Return the name of the file with the vectors of a Whoosh segment."""
    return str(segment.make_filename(VECTORS_EXT))


def write_manifest(
    folder: Path,
    version: int,
    catalog_version: CatalogVersion,
    toc: int,
    names: Iterable[str],
    model: str = "",
) -> None:
    """Write a manifest that lists these files as the index of that catalog version.

    `model` is the identity of the model of the vectors among them.

    Raises:
        StorageError: a file cannot be read, or the manifest cannot be written.
    """
    known = read_manifest(folder)
    files = dict(known.files) if known else {}
    try:
        # Files never change after they are closed: reuse the checksums of the previous manifest.
        found = {name: files.get(name) or _checksum(folder / name) for name in names}
    except OSError as error:
        raise StorageError(f"Cannot read the search index in {folder}: {os_error_message(error)}.") from error
    _replace_manifest(folder, Manifest(version, catalog_version, toc, found, model))


def set_catalog_version(folder: Path, manifest: Manifest, catalog_version: CatalogVersion) -> None:
    """Declare the index, unchanged, to be current for a later catalog version, in which no indexed paper changed.

    Raises:
        StorageError: the manifest cannot be written.
    """
    _replace_manifest(folder, replace(manifest, catalog_version=catalog_version))


def add_vectors(folder: Path, manifest: Manifest, name: str, model: str) -> None:
    """Add a file of vectors, computed with a model, to the index.

    Raises:
        StorageError: the manifest cannot be written.
        OSError: the file cannot be read.
    """
    files = {**manifest.files, name: _checksum(folder / name)}
    _replace_manifest(folder, replace(manifest, files=files, model=model))


def verify_files(folder: Path, manifest: Manifest, *, vectors: bool) -> list[Problem]:
    """Report listed files that are missing, damaged, or writable by other users. Reads all of them.

    These are the files of vectors, or all others.
    """
    found = []
    for name, expected in manifest.files.items():
        if name.endswith(VECTORS_EXT) != vectors:
            continue
        path = folder / name
        try:
            if not _is_private_file(path):
                found.append(Problem(str(path), None, "is missing, or other users can write it"))
            elif _checksum(path) != expected:
                found.append(Problem(str(path), None, "is damaged"))
        except OSError as error:
            found.append(Problem(str(path), None, f"cannot be read: {os_error_message(error)}"))
    return found


def manifest_signature(folder: Path) -> tuple[int, int, int] | None:
    """Return a value that changes whenever the manifest file is replaced; None when it is missing."""
    try:
        status = (folder / FILE_NAME).stat()
    except OSError:
        return None
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def is_private_folder(folder: Path) -> bool:
    """Whether `folder` exists and only this user can write to it."""
    try:
        status = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _only_user_can_write(status)


def make_folder_private(folder: Path) -> None:
    """Create `folder` with access for this user only, or remove the access of other users.

    Raises:
        StorageError: it cannot be created, or belongs to another user.
    """
    ensure_folder(folder)
    try:
        folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        raise StorageError(
            f"Cannot use {folder} for the search index: {os_error_message(error)}. Remove that folder."
        ) from error
    if not is_private_folder(folder):
        raise StorageError(f"The search index folder {folder} belongs to another user. Remove that folder.")


def _is_private_file(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and _only_user_can_write(status)


def _only_user_can_write(status: os.stat_result) -> bool:
    if os.name == "nt":  # Permission bits mean nothing on Windows; the profile folder is private.
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _checksum(path: Path) -> tuple[int, int]:
    crc = size = 0
    block = memoryview(bytearray(min(_BLOCK_BYTES, path.stat().st_size + 1)))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            crc = zlib.crc32(block[:count], crc)
            size += count
    return (size, crc)


def _replace_manifest(folder: Path, manifest: Manifest) -> None:
    data: dict[str, Any] = to_builtins(manifest)
    line = json.dumps(data, separators=(",", ":")).encode()
    write_atomic(folder / FILE_NAME, _with_checksum(line), durable=False)


def _with_checksum(line: bytes) -> bytes:
    """Return the content of the manifest file: `line`, and its CRC-32 on the second line."""
    return b"%s\n%d\n" % (line, zlib.crc32(line))

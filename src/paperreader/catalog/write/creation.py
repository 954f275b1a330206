"""Create a catalog."""

from __future__ import annotations

from pathlib import Path

from paperreader.catalog.journal.format import encode_header
from paperreader.errors import StorageError
from paperreader.storage import os_error_message, write_atomic


def create_if_missing(path: Path) -> bool:
    """Create the catalog if it is missing or empty. Return whether it was created.

    Raises:
        StorageError: it cannot be read or written.
    """
    try:
        if path.stat().st_size:
            return False
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {os_error_message(error)}.") from error
    import uuid  # needed once in the life of a library

    write_atomic(path, encode_header(str(uuid.uuid4()), 1))
    return True

"""Folders and files of the program: the platform's folders, and environment variables that override them."""

from __future__ import annotations

import os
from pathlib import Path

APP_NAME = "paperreader"
LIBRARY_VARIABLE = "PAPERREADER_LIBRARY"
"""Environment variable that names the folder of the library."""

FOR_YOU_FILE_NAME = "for-you.bin"
"""Name of the file in the cache folder with what was derived from the papers of the user."""

MAX_LOG_BYTES = 1_000_000
"""A larger log file is started again."""


def expand_path(path: str | Path) -> Path:
    """Replace `~` by the home folder. `~name` stays if there is no user of that name."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def display_path(path: Path) -> str:
    """Return a path with `~` for the home folder."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def library_folder(explicit: Path | None = None) -> Path:
    """Return the folder of the library: `--library`, else `PAPERREADER_LIBRARY`, else in the platform's data folder."""
    if explicit is not None:
        return expand_path(explicit).absolute()
    named = os.environ.get(LIBRARY_VARIABLE)
    if named:
        return expand_path(named).absolute()
    return _platform_folder("data") / "library"


def sample_library_folder() -> Path:
    """Return the folder of the library of the sample pages."""
    return _platform_folder("data") / "sample-library"


def cache_folder(uuid: str) -> Path:
    """Return the folder of row table and index of the library with that UUID: derived, disposable, private."""
    return _platform_folder("cache") / uuid


def state_folder(uuid: str) -> Path:
    """Return the folder of the local state of the library with that UUID. Its drafts are data of the user."""
    return _platform_folder("state") / uuid


def full_text_folder(uuid: str) -> Path:
    """Return the folder of the full texts of the library with that UUID: private, and can be fetched again.

    It is not in the library folder, which people publish with git: arXiv's terms forbid that.
    """
    return full_texts_folder() / uuid


def full_texts_folder() -> Path:
    """Return the folder of the full texts of all libraries."""
    return _platform_folder("data") / "full-texts"


def citations_file(uuid: str) -> Path:
    """Return the file of the citation counts of the library with that UUID."""
    return cache_folder(uuid) / "citations.json"


def shared_state_folder() -> Path:
    """Return the folder of local state that belongs to no library, such as the rate limits of services."""
    return _platform_folder("state")


def first_frame_file() -> Path:
    """Return the file with the frame that the next start of the reader shows first: private, and disposable."""
    return _platform_folder("state") / "first-frame"


def response_cache_folder() -> Path:
    """Return the folder of cached responses of services: disposable, private."""
    return _platform_folder("cache") / "answers"


def config_folder() -> Path:
    """Return the folder of settings and subscriptions."""
    return _platform_folder("config")


def log_file() -> Path:
    """Return the file that tracebacks are written to."""
    return _platform_folder("state") / "paperreader.log"


def sample_pages_folder() -> Path:
    """Return the folder of the sample pages: in the package if it is installed, else at the top of the checkout."""
    here = Path(__file__).resolve()
    installed = here.parent / "sample_data"
    return installed if installed.is_dir() else here.parents[2] / "sample_data"


def documents_folder() -> Path:
    """Return the folder of the documents: in the package if it is installed, else at the top of the checkout."""
    here = Path(__file__).resolve()
    installed = here.parent / "documents"
    return installed if installed.is_dir() else here.parents[2] / "docs"


def _platform_folder(kind: str) -> Path:
    import platformdirs  # takes 25 ms, and `--version` does not need it

    return Path(getattr(platformdirs, f"user_{kind}_dir")(APP_NAME, appauthor=False))

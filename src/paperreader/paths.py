"""Where everything lives: the platform's folders, and what the environment overrides."""

from __future__ import annotations

import os
from pathlib import Path

APP_NAME = "paperreader"
MAX_LOG_BYTES = 1_000_000
"""A log that has grown past this is started anew."""


def expand_path(path: str | Path) -> Path:
    """A path with the home folder in place of `~`; `~name` stays where nobody is known by that name."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def library_folder(explicit: Path | None = None) -> Path:
    """The library: `--library`, else `PAPERREADER_LIBRARY`, else the platform's data folder."""
    if explicit is not None:
        return expand_path(explicit).absolute()
    named = os.environ.get("PAPERREADER_LIBRARY")
    if named:
        return expand_path(named).absolute()
    return _platform_folder("data") / "library"


def sample_library_folder() -> Path:
    """The library of the sample pages, apart from the user's own."""
    return _platform_folder("data") / "sample-library"


def cache_folder(uuid: str) -> Path:
    """Row table and index of the library with that UUID: derived, disposable, private."""
    return _platform_folder("cache") / uuid


def state_folder(uuid: str) -> Path:
    """Machine-local state of the library with that UUID: losable."""
    return _platform_folder("state") / uuid


def shared_state_folder() -> Path:
    """State of this machine that belongs to no library: whose turn it is to ask a service, say."""
    return _platform_folder("state")


def response_cache_folder() -> Path:
    """Answers of services, for the next time the same is asked: disposable, private."""
    return _platform_folder("cache") / "answers"


def config_folder() -> Path:
    """Settings and subscriptions."""
    return _platform_folder("config")


def log_file() -> Path:
    """Where tracebacks go instead of the screen."""
    return _platform_folder("state") / "paperreader.log"


def sample_pages_folder() -> Path:
    """The sample pages: inside the package when installed, at the top of the checkout otherwise."""
    here = Path(__file__).resolve()
    installed = here.parent / "sample_data"
    return installed if installed.is_dir() else here.parents[2] / "sample_data"


def _platform_folder(kind: str) -> Path:
    import platformdirs  # 25 ms, and `--version` needs none of it

    return Path(getattr(platformdirs, f"user_{kind}_dir")(APP_NAME, appauthor=False))

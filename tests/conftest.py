"""Fixtures of all tests: a private home, and real data if available."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import tempfile
from functools import partial
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, settings
from hypothesis.internal import charmap
from hypothesis.internal.conjecture import providers

from tests.divided_import import import_own_part
from tests.examples import example_count, known_intervals

settings.register_profile(
    "untimed",
    max_examples=example_count(),
    deadline=None,  # slow machines must not fail
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# In CI the same input is used in every run; elsewhere every run tries new input.
settings.register_profile("repeatable", parent=settings.get_profile("untimed"), derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "untimed")

# Without constants of the modules that are loaded: parsing them took seconds, and they differ from run to run.
if hasattr(providers, "_get_local_constants"):
    providers._get_local_constants = lambda: providers._local_constants

# Finding out what UTF-8 can encode took each worker a second in a new clone.
if hasattr(charmap, "intervals_from_codec"):
    charmap.intervals_from_codec = partial(known_intervals, charmap.intervals_from_codec)

# Programs and workers that tests start would compile every module again, which took a third of the time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Background processes of a shell ignore ctrl+c, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent

MEMORY_FOLDER = Path("/dev/shm")
MIN_FREE_BYTES = 2 << 30


def memory_folder() -> Path | None:
    """Return a folder in memory for temporary files, if there is one that is large enough and can have programs.

    The tests create and replace a hundred thousand small files, which take ten times as long on a disk.
    """
    if not (hasattr(os, "statvfs") and os.access(MEMORY_FOLDER, os.W_OK | os.X_OK)):
        return None
    found = os.statvfs(MEMORY_FOLDER)
    is_suitable = found.f_bavail * found.f_frsize >= MIN_FREE_BYTES and not found.f_flag & os.ST_NOEXEC
    return MEMORY_FOLDER if is_suitable else None


if "TMPDIR" not in os.environ and (folder := memory_folder()):
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)  # also of workers and other children


gc.disable()  # until all modules are imported


MAX_ID_CHARACTERS = 60


def pytest_make_parametrize_id(val: object) -> str | None:
    """Shorten long texts in the names of tests, which are sent between processes: a name had 40 MB."""
    if isinstance(val, (str, bytes)) and len(val) > MAX_ID_CHARACTERS:
        start = val[:MAX_ID_CHARACTERS]
        return (
            (start if isinstance(start, str) else start.decode("latin-1")).encode("unicode_escape").decode()
        )
    return None


def pytest_xdist_auto_num_workers() -> int:
    """Two workers more than cores: many tests wait for a child process, a terminal or a server most of the time."""
    return 2 + (os.cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Import the modules in a faster order."""
    import_own_part(session.config)


def pytest_collection_finish() -> None:
    """Keep all modules and tests out of garbage collection, and collect less often: it took a tenth of the time."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let no worker look for unused snapshots: nobody sees its report, and it took seconds at the end."""
    if hasattr(session.config, "workerinput"):
        session.config._syrupy._selected_items.clear()  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Send three messages for each test from a worker instead of six: none about a successful setup or teardown."""
    if not hasattr(item.config, "workerinput") or item.config.getoption("durations"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


_homes = itertools.count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for the homes of all tests. `mktemp` for each would list all existing ones to find the next number."""
    return tmp_path_factory.mktemp("homes")


_folders = itertools.count()


@pytest.fixture
def tmp_path(homes: Path) -> Path:
    """An empty folder. That of pytest lists all existing ones to find its number, and shortens names of tests."""
    folder = homes.parent / "folders" / str(next(_folders))
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HOME with the platform's folders in it, for this process and its children."""
    folder = homes / str(next(_homes))
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("DATA", "CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    for name in (
        "PAPERREADER_LIBRARY",
        "PAPERREADER_CONFIG",
        "TMUX",
        "SSH_CONNECTION",
        "SSH_TTY",
        "SSH_CLIENT",
        "DISPLAY",
        "WAYLAND_DISPLAY",
    ):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do nothing for fsync(2) in this process: only a power failure shows a difference. Child processes call it."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real pages and API responses, which cannot be distributed. Tests that need them are skipped without them."""
    folder = Path(os.environ.get("PAPERREADER_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no real data at hand (PAPERREADER_TEST_DATA)")
    return folder

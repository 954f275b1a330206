"""Fixtures that every test shares: a private home, and the real data where it is at hand."""

from __future__ import annotations

import itertools
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a slow machine is no failure
# Where a change waits for the outcome, the same input gives the same outcome; elsewhere every run tries new input.
settings.register_profile("repeatable", parent=settings.get_profile("untimed"), derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "untimed")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell starts behind itself ignores ctrl+c, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: every now and then one waits for a disk, a process or a terminal."""
    return (os.cpu_count() or 1) + 1


_homes = itertools.count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the homes of all tests lie. `mktemp` for each would look through all there are for the next number."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HOME with the platform's folders inside, for this process and every child."""
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


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Real captures and API answers, which are not ours to ship; tests that want them skip where they are absent."""
    folder = Path(os.environ.get("PAPERREADER_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no real data at hand (PAPERREADER_TEST_DATA)")
    return folder

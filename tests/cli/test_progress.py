"""The progress bar: shown on terminals only, and cleared at the end."""

from __future__ import annotations

import sys

import pytest

from paperreader.cli.progress import format_bar
from paperreader.library import Library, Progress, ProgressRate, RateEstimator, format_duration
from tests.terminal import Terminal


@pytest.mark.parametrize(
    ("progress", "pace", "shown"),
    [
        (Progress("reading", 1234, None), ProgressRate(None, None), "reading  1,234 papers"),
        (Progress("reading", 0, 0), ProgressRate(None, None), "reading  0 papers"),
        (
            Progress("indexing", 0, 10),
            ProgressRate(None, None),
            "indexing --------------   0%  0 of 10 papers",
        ),
        (
            Progress("indexing", 5, 10),
            ProgressRate(5.0, 1.0),
            "indexing #######-------  50%  5 of 10 papers  1 s left, 5/s",
        ),
        (
            Progress("indexing", 11, 10),
            ProgressRate(None, None),
            "indexing ############## 100%  11 of 10 papers",
        ),
        (
            Progress("reading", 2000, None, bytes_fraction=0.25),
            ProgressRate(6512.3, 100.0),
            "reading ###-----------  25%  2,000 papers  2 min left, 6,512/s",
        ),
    ],
)
def test_format_bar(progress, pace, shown):
    assert format_bar(progress, pace) == shown


def test_rate_is_measured_over_recent_seconds():
    now = 0.0
    pacing = RateEstimator(lambda: now)
    assert pacing.update(Progress("reading", 0, None, bytes_fraction=0.0)) == (None, None)
    for second in range(1, 31):
        now = float(second)
        # 10 papers per second for twenty seconds, then 20 per second.
        done = 10 * second + 10 * max(0, second - 20)
        pace = pacing.update(Progress("reading", done, None, bytes_fraction=done / 1000))
        if second == 10:
            assert pace == (10.0, pytest.approx(90.0))
    assert pace == (20.0, pytest.approx(30.0))
    assert pacing.update(Progress("indexing", 0, 500)) == (None, None)


@pytest.mark.endurance
def test_reading_progress_is_a_fraction_of_all_files(tmp_path):
    reports = []
    given = []
    for name in "ab":
        path = tmp_path / f"{name}.jsonl"
        path.write_text(
            "".join(f'{{"title": "On {name} and {n}", "votes": 1}}\n' for n in range(1000)), encoding="utf-8"
        )
        given.append(str(path))
    Library.open(tmp_path / "library").imports.import_paths(given, progress=reports.append)
    assert [(each.done, each.fraction) for each in reports if each.stage == "reading"] == [
        (1000, pytest.approx(0.5, abs=0.01)),
        (2000, 1.0),
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (59.4, "59 s"), (59.6, "1 min"), (3540, "59 min"), (3900, "1 h 5 min")],
)
def test_format_duration(seconds, text):
    assert format_duration(seconds) == text


def test_bar_is_cleared_on_a_terminal(page):
    with Terminal([sys.executable, "-m", "paperreader", "import", str(page)]) as terminal:
        assert terminal.wait_for_exit() == 0
        assert b"\rreading" in terminal.raw
        assert terminal.text.splitlines()[0] == "3 read, 3 new, 0 merged, 0 unchanged"


def test_no_bar_in_a_pipe(filled, page):
    assert filled("import", page).err == ""

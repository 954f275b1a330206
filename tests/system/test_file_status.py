"""Whether a path exists: a path that the system cannot look up is an error, never a missing file."""

from __future__ import annotations

import pytest

from paperreader.system.file_status import path_exists


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("file", True),
        ("folder", True),
        ("link", True),
        ("missing", False),
        ("file/child", False),
        ("dangling", False),
        ("loop", False),
        ("loop/child", False),
    ],
)
def test_paths_that_exist(tmp_path, name, expected):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("missing")
    (tmp_path / "loop").symlink_to("loop")
    assert path_exists(tmp_path / name) is expected


def test_unknown_status_is_an_error(tmp_path):
    with pytest.raises(OSError, match="too long"):
        path_exists(tmp_path / ("x" * 300))

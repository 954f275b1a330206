"""Random terminal input; `python -m tests.endurance.terminal_input` sends 100,000 sequences."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperreader import paths
from tests.endurance import terminal_input


def test_late_replies_after_an_editor_are_no_keys(reader, filled, tmp_path) -> None:
    editor = tmp_path / "vi"
    editor.write_text("#!/bin/sh\nprintf '\\033]11;?\\007\\033[>c'\n")
    editor.chmod(0o755)
    screen = reader(rows=24, columns=80, env={"VISUAL": str(editor)})
    screen.wait_for("Sparse Lanterns")
    screen.send("je")
    screen.wait_for("Note unchanged")
    screen.wait_for(lambda text: all(part in text for part in ("dry decade", "2/3", "? help")))
    before = without_messages(screen.redraw())
    for piece in (
        "\x1b]11;rgb:",
        "1e1e/1e1e/",
        "1e1e\x07",
        "bebe/bdbd/bcbc\x1b\\",
        "\x1b[>41;392;0c",
        "[?62;22c",
    ):
        screen.send(piece)
    screen.redraw()
    screen.wait_for(lambda text: without_messages(text) == before)
    screen.send("k")
    screen.wait_for("1/3")
    assert not (paths.library_folder() / "notebook.json").exists()


def without_messages(text: str) -> list[str]:
    """Return the lines of a screen, except the last but one, where messages appear and disappear."""
    *lines, _, footer = text.split("\n")
    return [*lines, footer]


@pytest.mark.endurance
def test_random_sequences_change_nothing(tmp_path: Path) -> None:
    assert terminal_input.run_in_reader(tmp_path, 400, seed=20251129) > 0


def test_random_sequences_in_pieces_are_no_keys() -> None:
    assert terminal_input.run_parser(1_500, seed=20251129) > 0

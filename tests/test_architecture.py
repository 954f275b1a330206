"""What holds for the house as a whole: who imports whom, what start-up loads, what documents promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from paperreader import __version__

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("textual", "whoosh", "numpy", "platformdirs", "filelock", "httpx2")


def modules_loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running `code`."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('loaded', *sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    return {name.partition(".")[0] for name in told.rpartition("loaded ")[2].split()}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_answering_about_itself_loads_no_engine_and_no_screen(argument):
    loaded = modules_loaded_after(
        f"import sys; sys.argv = ['paperreader', {argument!r}]\n"
        "from paperreader.__main__ import main\n"
        "assert main() == 0"
    )
    assert "paperreader" in loaded
    assert not loaded & {*HEAVY, "dataclasses", "inspect", "json"}


def test_the_reader_is_imported_without_the_engine():
    loaded = modules_loaded_after("import paperreader.tui.app, paperreader.library")
    assert "textual" in loaded
    assert not loaded & {"whoosh", "numpy", "httpx2"}


def test_imports_point_down_only():
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
            "--no-logo",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_changelog_knows_this_version():
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert __version__ in headings


def test_the_documents_tell_the_keys_as_they_are():
    from docs.keys import documents

    for path, wanted in documents().items():
        assert path.read_text(encoding="utf-8") == wanted, (
            f"run docs/keys.py: {path.name} is behind the bindings"
        )


def test_the_document_of_the_settings_tells_them_as_they_are():
    from docs.settings import PATH, document

    assert PATH.read_text(encoding="utf-8") == document(), "run docs/settings.py"


def test_every_link_inside_the_documents_leads_somewhere():
    broken = []
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")
    assert not broken


def test_every_command_stands_in_the_readme_and_helps_with_an_example():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    from paperreader.cli.parser import build_parser

    parser = build_parser()
    commands = next(action.choices for action in parser._actions if isinstance(action.choices, dict))
    assert len(commands) >= 10
    for name, command in commands.items():
        assert f"`{name}`" in readme
        assert re.search(rf"^  paperreader {name}\b", command.format_help(), re.M), f"{name} has no example"

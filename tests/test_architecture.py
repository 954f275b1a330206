"""Rules for the whole project: imports, what is loaded at the start, and documents that match the code."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paperreader import __version__
from tests.waiting import TIMEOUT_SECONDS

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "paperreader"
DOCUMENTS = [ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md", "sample_data/README.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))

HEAVY = ("textual", "whoosh", "numpy", "platformdirs", "filelock", "httpx2")

RETIRED_WORDS = (
    "again and again",
    "anew",
    "besides",
    "crews?",
    "frugal(ly)?",
    "furniture",
    "heed(s|ed|ing)?",
    "hush(es|ed|ing)?",
    "in one go",
    "ledgers?",
    "lull(s|ed)?",
    "manners",
    "mend(s|ed|ing)?",
    "shelf",
    "shelves",
    "stands? for",
    "whoever",
)
"""Patterns of names and words with a standard term, which the style guide in `docs/contributing.md` prefers."""

RETIRED_MODULES = ("copies", "exports", "locking", "programs", "serialize", "sources", "state", "tui[./]desk")
"""Modules and packages that were renamed."""

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_MODULES = 20
"""Modules in one folder, without `__init__`."""


def modules_loaded_after(code: str) -> set[str]:
    """Return the modules that a new interpreter has loaded after running `code`, and the packages that contain them."""
    output = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('loaded', *sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    ).stdout
    names = [name.split(".") for name in output.rpartition("loaded ")[2].split()]
    return {".".join(parts[:length]) for parts in names for length in range(1, len(parts) + 1)}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_no_heavy_module(argument):
    loaded = modules_loaded_after(
        f"import sys; sys.argv = ['paperreader', {argument!r}]\n"
        "from paperreader.__main__ import main\n"
        "assert main() == 0"
    )
    assert "paperreader" in loaded
    of_argparse = {"dataclasses", "inspect"} if sys.version_info >= (3, 14) else set()  # for its colors
    assert not loaded & ({*HEAVY, "msgspec", "dataclasses", "inspect", "json"} - of_argparse)
    assert ("paperreader.cli.commands.search" in loaded) == (argument == "--help")


def test_importing_the_reader_does_not_load_the_search_engine():
    loaded = modules_loaded_after("import paperreader.tui.app, paperreader.library")
    assert "textual" in loaded
    assert not loaded & {"whoosh", "numpy", "httpx2"}


def test_start_of_the_reader_loads_what_the_first_frame_needs():
    loaded = modules_loaded_after(
        "from paperreader.tui.runtime.partial_imports import import_textual\n"
        "import paperreader.cli.main, paperreader.cli.commands.reader, paperreader.library\n"
        "import_textual()\n"
        "import paperreader.tui.app, paperreader.tui.terminal.driver, paperreader.tui.terminal.first_frame"
    )
    assert "paperreader.tui.controllers.list_controllers" in loaded
    needless = {"reader_controllers", "papers.notes", "papers.export", "library.fetch", "programs"}
    assert not loaded & {
        *("argparse", "ssl", "hashlib", "paperreader.text.query", "paperreader.text.tex.converter"),
        *("paperreader.tui.dialogs", "paperreader.tui.full_text", "paperreader.fetch", "paperreader.jobs"),
        *(f"paperreader.tui.controllers.{name}" for name in needless),
    }


def test_import_contracts_are_kept():
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
        timeout=TIMEOUT_SECONDS,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_changelog_contains_this_version():
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert __version__ in headings


def test_changelog_has_one_line_per_entry():
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    continued = [line for line in lines if line.startswith(("  ", "\t"))]
    assert not continued, "an entry of CHANGELOG.md is one line: shorten or split it"


def test_key_tables_in_the_documents_match_the_bindings():
    from docs.keys import documents

    for path, expected in documents().items():
        assert path.read_text(encoding="utf-8") == expected, f"{path.name} is out of date: run docs/keys.py"


def test_settings_document_matches_the_settings():
    from docs.settings import PATH, document

    assert PATH.read_text(encoding="utf-8") == document(), "run docs/settings.py"


def test_links_in_the_documents_are_valid():
    broken = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)", document.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            file = document.parent / path if path else document
            if "://" not in target and not (file.exists() and (not anchor or anchor in anchors(file))):
                broken.append(f"{document.name}: {target}")
    assert not broken


def test_test_commands_in_the_documents_select_tests():
    wrong = []
    for document in DOCUMENTS:
        for command in re.findall(r"pytest ([^`\n]*)", document.read_text(encoding="utf-8")):
            words = shlex.split(command, comments=True)
            files = [ROOT / word for word in words if word.startswith("tests/")]
            names = [
                name
                for file in files
                if file.is_file()
                for name in re.findall(r"def (test_\w+)", file.read_text())
            ]
            chosen = words[words.index("-k") + 1].split(" or ") if "-k" in words else []
            wrong += [f"{document.name}: {file}" for file in files if not file.exists()]
            wrong += [
                f"{document.name}: -k {word}" for word in chosen if not any(word in name for name in names)
            ]
    assert not wrong


def anchors(document: Path) -> set[str]:
    """Return the anchors of a Markdown file, as GitHub derives them from its headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_table_in_the_documents_has_a_delimiter_row():
    incomplete = []
    for document in DOCUMENTS:
        lines = ["", *document.read_text(encoding="utf-8").splitlines(), ""]
        for number, (before, line, after) in enumerate(zip(lines, lines[1:], lines[2:], strict=False), 1):
            is_header = line.startswith("|") and not before.startswith("|")
            if is_header and not re.fullmatch(r"\|( :?-+:? \|)+", after):
                incomplete.append(f"{document.name}:{number}")
    assert not incomplete


def test_files_named_in_documents_and_comments_exist():
    missing = []
    for path in [*DOCUMENTS, *SOURCE.rglob("*.py")]:
        folders = (ROOT, SOURCE, SOURCE / "tui", ROOT / "benchmarks", path.parent, path.parent.parent)
        for name in re.findall(r"[\w./]*\w\.(?:py|tcss)\b", path.read_text(encoding="utf-8")):
            if not any((folder / name).exists() for folder in folders):
                missing.append(f"{path.relative_to(ROOT)}: {name}")
    assert not missing


def test_every_command_is_in_the_readme_and_has_an_example():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    from paperreader.cli.parser import build_parser

    parser = build_parser()
    commands = next(action.choices for action in parser._actions if isinstance(action.choices, dict))
    assert len(commands) >= 10
    for name, command in commands.items():
        assert f"`{name}`" in readme
        assert re.search(rf"^  paperreader {name}\b", command.format_help(), re.M), f"{name} has no example"


def test_retired_words_and_modules_are_not_used():
    modules = rf"paperreader[./](?:{'|'.join(RETIRED_MODULES)})"
    pattern = re.compile(rf"\b(?:{'|'.join(RETIRED_WORDS)}|{modules})\b", re.I)
    found = []
    code = [
        path for folder in ("src", "tests", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")
    ]
    for path in {*code, *DOCUMENTS} - {Path(__file__).resolve()}:
        text = path.read_text(encoding="utf-8")
        for match in pattern.finditer(text):
            found.append(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}")
    assert not found


def test_files_and_functions_are_short_and_folders_small():
    too_long = []
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > MAX_FILE_LINES:
            too_long.append(str(path.relative_to(SOURCE)))
        for node in statements(ast.parse(text)):
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and code_lines(node) > MAX_FUNCTION_LINES:
                too_long.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert not too_long
    folders = [SOURCE, *(path for path in SOURCE.rglob("*") if path.is_dir())]
    assert not [folder for folder in folders if len(list(folder.glob("[!_]*.py"))) > MAX_MODULES]


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements inside a node, at any depth. `ast.walk` also yields expressions, five times as many."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from statements(child)


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the number of lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def test_every_package_says_what_it_is_for():
    silent = []
    for path in SOURCE.rglob("__init__.py"):
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))):
            silent.append(str(path.parent.relative_to(SOURCE)))
    assert not silent

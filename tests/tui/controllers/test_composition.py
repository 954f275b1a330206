"""The rules of composition: plain classes, no stubs, no access to another object's private attributes, no cycles."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from textual.screen import Screen

import paperreader.tui
from paperreader.tui.full_text.screen import FullTextScreen
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.runtime.covered_screen import CoveredScreen

PACKAGE = Path(paperreader.tui.__file__).parent
FILES = [PACKAGE / "reader_screen.py", *PACKAGE.glob("controllers/**/*.py"), *PACKAGE.glob("context/*.py")]
CONTROLLERS = [path for path in PACKAGE.glob("controllers/**/*.py") if path.name != "__init__.py"]
OF_TEXTUAL = {"_driver"}
"""Private attributes of Textual without a public counterpart."""
PRIVATE = re.compile(r"_(?!_)")
OF_NAMED_TUPLES = {"_replace"}


BASES = ([], ["NamedTuple"], ["Generic[Sentence]"])
"""Of classes among the controllers."""


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(paths):
    """Yield each file with each of its nodes."""
    for path in paths:
        for node in ast.walk(parse(path)):
            yield path, node


def imported_controllers(path):
    prefix = "paperreader.tui.controllers."
    return {
        node.module.rsplit(".", 1)[1]
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(prefix)
    }


def test_the_screen_has_one_base_class():
    assert ReaderScreen.__bases__ == FullTextScreen.__bases__ == (CoveredScreen,)
    assert CoveredScreen.__bases__ == (Screen,), "it only corrects how Textual paints"


def test_a_controller_has_no_base_class_and_no_stub():
    assert len(CONTROLLERS) > 25
    for path, node in nodes(CONTROLLERS):
        if isinstance(node, ast.ClassDef):
            assert [ast.unparse(base) for base in node.bases] in BASES, (path, node.name)
        assert not (isinstance(node, ast.Name) and node.id in ("NotImplementedError", "super")), path


def test_private_attributes_are_used_by_their_owner_only():
    assert len(FILES) > 40
    allowed = OF_TEXTUAL | OF_NAMED_TUPLES
    for path, node in nodes(FILES):
        if isinstance(node, ast.Attribute) and PRIVATE.match(node.attr) and node.attr not in allowed:
            assert isinstance(node.value, ast.Name) and node.value.id == "self", (path, ast.unparse(node))


def test_controllers_depend_on_each_other_without_cycles():
    graph = {path.stem: imported_controllers(path) for path in CONTROLLERS}
    while leaves := [name for name, needs in graph.items() if not needs & graph.keys()]:
        for name in leaves:
            del graph[name]
    assert not graph

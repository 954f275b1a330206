"""What no line of the program does, whatever else it does: told from its source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import paperreader

SOURCES = sorted(Path(paperreader.__file__).parent.rglob("*.py"))
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "input", "breakpoint"}
FORBIDDEN_METHODS = {
    *("os.system", "os.popen", "os.execl", "os.execlp", "os.execv", "os.execvp", "os.spawnl", "os.spawnlp"),
    *(
        "os.startfile",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
        "asyncio.create_subprocess_shell",
    ),
    *("webbrowser.open", "tempfile.mktemp", "pickle.load", "pickle.loads", "marshal.load", "marshal.loads"),
    *("yaml.load", "logging.basicConfig"),
}
FORBIDDEN_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dbm", "webbrowser", "pty"}
SHELLS = {"sh", "bash", "zsh", "dash", "cmd", "cmd.exe", "powershell"}


def objections(tree: ast.AST) -> list[str]:
    """Every place in a module that hands text to a shell, to an interpreter, or to a loader that runs what it reads."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in FORBIDDEN_CALLS | FORBIDDEN_METHODS:
                found.append(f"line {node.lineno}: {called}()")
            for word in node.keywords:
                off = isinstance(word.value, ast.Constant) and word.value.value is False
                if word.arg == "shell" and not off:
                    found.append(f"line {node.lineno}: shell=")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names}
            module = getattr(node, "module", None) or ""
            for name in {module, *names, *(f"{module}.{name}" for name in names)}:
                if name.partition(".")[0] in FORBIDDEN_MODULES or name in FORBIDDEN_METHODS:
                    found.append(f"line {node.lineno}: import {name}")
        elif isinstance(node, ast.Tuple | ast.List) and node.elts:
            first = node.elts[0]
            if isinstance(first, ast.Constant) and first.value in SHELLS:
                found.append(f"line {node.lineno}: {first.value}")
    return found


def test_no_shell_no_interpreter_and_no_pickle_in_the_program():
    assert len(SOURCES) > 100
    found = {
        path.name: objected
        for path in SOURCES
        if (objected := objections(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.run(x, shell=True)",
        "subprocess.run(x, shell=wanted)",
        "os.system(x)",
        "eval(x)",
        "import pickle",
        "from pickle import loads",
        "from os import system",
        "import webbrowser",
        "run(['sh', '-c', x])",
    ],
)
def test_it_would_be_noticed(line):
    assert objections(ast.parse(line))


def test_only_the_search_and_its_guard_touch_whoosh():
    """Whoosh's table of contents is a pickle: whoever opens it does so behind the manifest's checks."""
    users = {
        path.relative_to(Path(paperreader.__file__).parent).parts[0]
        for path in SOURCES
        if any(
            (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "whoosh")
            or (
                isinstance(node, ast.Import) and any(a.name.partition(".")[0] == "whoosh" for a in node.names)
            )
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert users == {"search"}

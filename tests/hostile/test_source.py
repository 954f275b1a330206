"""Static checks of the source code: no shell, no interpreter, no pickle."""

from __future__ import annotations

import ast
import re
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


SUSPICIOUS = re.compile(
    "|".join(
        rf"\b{re.escape(word)}\b"
        for word in sorted(
            FORBIDDEN_MODULES
            | SHELLS
            | {"shell"}
            | {name.rpartition(".")[2] for name in FORBIDDEN_CALLS | FORBIDDEN_METHODS}
        )
    )
)
"""Words without which no module is parsed."""


def called_name(function: ast.expr) -> str:
    """Return the name of a function, or of a function in a module."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def violations(tree: ast.AST) -> list[str]:
    """Return every place in a module that passes text to a shell, an interpreter, or a loader that executes it."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = called_name(node.func)
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


def test_program_uses_no_shell_interpreter_or_pickle():
    assert len(SOURCES) > 100
    found = {
        path.name: violated
        for path in SOURCES
        if SUSPICIOUS.search(text := path.read_text(encoding="utf-8"))
        and (violated := violations(ast.parse(text)))
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
def test_forbidden_code_is_detected(line):
    assert SUSPICIOUS.search(line) and violations(ast.parse(line))


def test_only_search_imports_whoosh():
    """Whoosh's table of contents is a pickle, so only `search` may open it, after checking the manifest."""
    users = {
        path.relative_to(Path(paperreader.__file__).parent).parts[0]
        for path in SOURCES
        if "whoosh" in (text := path.read_text(encoding="utf-8"))
        and any(
            (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "whoosh")
            or (
                isinstance(node, ast.Import) and any(a.name.partition(".")[0] == "whoosh" for a in node.names)
            )
            for node in ast.walk(ast.parse(text))
        )
    }
    assert users == {"search"}

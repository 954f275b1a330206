"""Commands in environment variables such as `EDITOR`, parsed as a shell would, without starting one.

Quotes, `~`, `$NAME`, `${NAME}` and assignments before the program have their meaning of the POSIX shell (Shell Command
Language, sections 2.2, 2.6.1, 2.6.2 and 2.9.1). Everything else that a shell would interpret is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_SPACE = " \t\n"
_OPERATORS = {
    "|": "a pipe",
    "&": "&",
    ";": ";",
    "<": "a redirection",
    ">": "a redirection",
    "(": "(",
    ")": ")",
}
_PATTERNS = "*?["
_ESCAPED_IN_QUOTES = '$`"\\\n'


class ShellCommand(Struct, frozen=True):
    """A program with its arguments, and variables that are set for it."""

    words: tuple[str, ...]
    variables: Mapping[str, str]


def parse_command(text: str, environ: Mapping[str, str]) -> ShellCommand:
    """Parse a simple command. It has no words if the text has none.

    Raises:
        ValueError: it needs a shell, or a quote is not closed.
    """
    words = _Parser(text, environ).parse()
    variables: dict[str, str] = {}
    while words and (found := words[0].assignment):
        variables[found] = words.pop(0).text[len(found) + 1 :]
    if variables and not words:
        raise ValueError("it sets variables, but names no program")
    return ShellCommand(tuple(word.text for word in words), variables)


class _Word(Struct):
    text: str = ""
    assignment: str = ""
    """The variable that it assigns, if it comes before the program."""


class _Parser:
    """Splits a text into words, from left to right."""

    def __init__(self, text: str, environ: Mapping[str, str]) -> None:
        self._text, self._environ = text, environ
        self._position = 0
        self._words: list[_Word] = []
        self._word: _Word | None = None

    def parse(self) -> list[_Word]:
        while self._position < len(self._text):
            self._parse_next()
        self._end_word()
        return self._words

    def _parse_next(self) -> None:
        char = self._text[self._position]
        if char in _SPACE:
            self._position += 1
            self._end_word()
        elif char in _OPERATORS:
            raise ValueError(f"it contains {_OPERATORS[char]}, which only a shell understands; use a script")
        elif char in _PATTERNS:
            raise ValueError(f"it contains the pattern character {char}; put it in quotes")
        elif char == "#" and self._is_word_start:
            self._position = len(self._text)  # a comment
        elif char == "'":
            end = self._closing("'", self._position + 1)
            self._append(self._text[self._position + 1 : end])
            self._position = end + 1
        elif char == '"':
            self._parse_double_quotes()
        elif char == "\\":
            self._parse_backslash()
        elif char in "$`":
            self._append_split(self._expand())
        else:
            self._parse_plain()

    @property
    def _is_word_start(self) -> bool:
        """Return whether a word of the text starts here, not one that an expansion ended."""
        before = self._text[self._position - 1 : self._position]
        return self._word is None and (not before or before in _SPACE)

    def _parse_plain(self) -> None:
        """Parse unquoted characters without a special meaning, at the start of a word also `~` and `NAME=`."""
        is_before_program = self._is_word_start and not self._words_before()
        if is_before_program and (found := _ASSIGNMENT.match(self._text, self._position)):
            self._append(found[0])
            assert self._word is not None
            self._word.assignment = found[1]
            self._position = found.end()
            if self._text.startswith("~", self._position):
                self._append(self._expand_home())
        elif self._is_word_start and self._text[self._position] == "~":
            self._append(self._expand_home())
        else:
            self._append(self._text[self._position])
            self._position += 1

    def _parse_double_quotes(self) -> None:
        self._append("")
        self._position += 1
        while (char := self._text[self._position : self._position + 1]) != '"':
            if not char:
                raise ValueError("a double quote is not closed")
            if char in "$`":
                self._append(self._expand())
            elif char == "\\" and self._text[self._position + 1 : self._position + 2] in {
                *_ESCAPED_IN_QUOTES
            }:
                self._parse_backslash()
            else:
                self._append(char)
                self._position += 1
        self._position += 1

    def _parse_backslash(self) -> None:
        escaped = self._text[self._position + 1 : self._position + 2]
        if not escaped:
            raise ValueError("it ends with a backslash")
        if escaped != "\n":  # which continues the line
            self._append(escaped)
        self._position += 2

    def _expand(self) -> str:
        """Return the value of the variable at the position, and go beyond it."""
        if self._text[self._position] == "`" or self._text.startswith("$(", self._position):
            raise ValueError(
                "it contains a command substitution, which only a shell understands; use a script"
            )
        start = self._position + 1
        if self._text.startswith("{", start):
            end = self._closing("}", start)
            name = self._text[start + 1 : end]
            if not _NAME.fullmatch(name):
                raise ValueError(f"it contains ${{{name}}}, which only a shell understands; use a script")
            self._position = end + 1
            return self._environ.get(name, "")
        if found := _NAME.match(self._text, start):
            self._position = found.end()
            return self._environ.get(found[0], "")
        if (parameter := self._text[start : start + 1]) and parameter in "0123456789@*#?-$!":
            raise ValueError(f"it contains ${parameter}, which only a shell understands; use a script")
        self._position = start
        return "$"

    def _expand_home(self) -> str:
        """Return the home folder for `~` or `~name` at the position, and go beyond it; the text if there is none."""
        found = re.compile(r"~[A-Za-z0-9._-]*(?=[/\s]|$)").match(self._text, self._position)
        if found is None:
            self._position += 1
            return "~"
        self._position = found.end()
        if found[0] == "~" and (home := self._environ.get("HOME")):
            return home
        try:
            return str(Path(found[0]).expanduser())
        except RuntimeError:
            return found[0]

    def _closing(self, mark: str, start: int) -> int:
        end = self._text.find(mark, start)
        if end < 0:
            raise ValueError({"'": "a quote is not closed", "}": "a brace is not closed"}[mark])
        return end

    def _append(self, text: str) -> None:
        if self._word is None:
            self._word = _Word()
        self._word.text += text

    def _append_split(self, value: str) -> None:
        """Append the value of an unquoted variable, whose spaces separate words."""
        if self._word is not None and self._word.assignment:
            self._append(value)  # the value of an assignment is not split
            return
        if value[:1] in {*_SPACE}:
            self._end_word()
        for number, part in enumerate(value.split()):
            if number:
                self._end_word()
            self._append(part)
        if value.strip() and value[-1] in _SPACE:
            self._end_word()

    def _words_before(self) -> bool:
        """Return whether a word before this one is not an assignment."""
        return any(not word.assignment for word in self._words)

    def _end_word(self) -> None:
        if self._word is not None:
            self._words.append(self._word)
            self._word = None

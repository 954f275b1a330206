r"""Parse Python literals (`{'id': '2403.01234', 'hidden': False}`).

Some archives of Daily Papers contain their items as the `str()` of an object. This parses dicts, lists, tuples, texts,
numbers, `True`, `False` and `None`, and nothing else; nothing is ever evaluated.
https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals
"""

from __future__ import annotations

import re
from typing import Any

MAX_LENGTH = 4 * 1024 * 1024
MAX_DEPTH = 40

_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r"""'((?:[^'\\\n]++|\\.)*+)'|"((?:[^"\\\n]++|\\.)*+)\"""", re.DOTALL)
_NUMBER = re.compile(
    r"-?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?(?![\w.])", re.ASCII
)
_NAMES: tuple[tuple[str, Any], ...] = (("None", None), ("True", True), ("False", False))
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\n)|([nrtabfv0'\"\\]))", re.ASCII
)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def parse_literal(text: str) -> Any:
    """Return the data of a literal.

    Raises:
        ValueError: it is no literal, longer than `MAX_LENGTH` characters, or nested deeper than `MAX_DEPTH`.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError("its text is too long")
    value, offset = _value(text, _skip(text, 0), 0)
    if _skip(text, offset) != len(text):
        raise ValueError(f"more text follows at character {offset + 1}")
    return value


def _value(text: str, offset: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise ValueError("its values are nested too deeply")
    start = text[offset : offset + 1]
    if start and start in _CLOSING:
        return _container(text, offset, depth)
    if start and start in "'\"":
        return _text(text, offset)
    if number := _NUMBER.match(text, offset):
        plain = number[0].lstrip("-").isdigit()
        return (int(number[0]) if plain else float(number[0])), number.end()
    for name, value in _NAMES:
        if text.startswith(name, offset):
            return value, offset + len(name)
    raise ValueError(f"no value at character {offset + 1}" if start else "it ends too early")


def _container(text: str, offset: int, depth: int) -> tuple[Any, int]:
    opening = text[offset]
    pairs: dict[Any, Any] = {}
    elements: list[Any] = []
    offset = _skip(text, offset + 1)
    while text[offset : offset + 1] != _CLOSING[opening]:
        value, offset = _value(text, offset, depth + 1)
        offset = _skip(text, offset)
        if opening == "{":
            if not isinstance(value, str) or text[offset : offset + 1] != ":":
                raise ValueError(f"no name and value at character {offset + 1}")
            pairs[value], offset = _value(text, _skip(text, offset + 1), depth + 1)
            offset = _skip(text, offset)
        else:
            elements.append(value)
        if text[offset : offset + 1] == ",":
            offset = _skip(text, offset + 1)
        elif text[offset : offset + 1] != _CLOSING[opening]:
            raise ValueError(
                f"no comma at character {offset + 1}" if offset < len(text) else "it ends too early"
            )
    return (pairs if opening == "{" else elements), offset + 1


def _text(text: str, offset: int) -> tuple[str, int]:
    found = _TEXT.match(text, offset)
    if not found:
        raise ValueError(f"a text that begins at character {offset + 1} does not end")
    inside = found[1] if found[1] is not None else found[2]
    return (_ESCAPE.sub(_unescaped, inside) if "\\" in inside else inside), found.end()


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    if found[4]:
        return ""
    return _SIMPLE_ESCAPES.get(found[5], found[5])


def _skip(text: str, offset: int) -> int:
    found = _SPACE.match(text, offset)
    return found.end() if found else offset

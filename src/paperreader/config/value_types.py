"""Types of settings: each describes the values it allows, and parses a value of `config.toml`."""

from __future__ import annotations

import datetime as dt
import re
import string
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

MAX_TEXT_LENGTH = 1000
"""Characters; no setting needs more."""


class ValueType(Protocol):
    """The type of a setting."""

    @property
    def description(self) -> str:
        """The allowed values, to follow "allowed:"."""
        ...

    def parse(self, value: Any) -> Any:
        """Return the value as the settings hold it.

        Raises:
            list_types.InvalidEntries: some entries of a list are not of this type.
            ValueError: it is not of this type.
        """
        ...


class OneOf(NamedTuple):
    """One of a few words."""

    choices: tuple[str, ...]

    @property
    def description(self) -> str:
        *first, last = (f'"{word}"' for word in self.choices)
        return f"{', '.join(first)} or {last}"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError
        return value


class Switch(NamedTuple):
    """On or off."""

    @property
    def description(self) -> str:
        return "true or false"

    def parse(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value


class Text(NamedTuple):
    """Printable text on one line."""

    label: str = "one line of text"
    ascii_only: bool = False

    @property
    def description(self) -> str:
        return self.label

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH or not value.isprintable():
            raise ValueError
        if self.ascii_only and not value.isascii():
            raise ValueError
        return value


class Number(NamedTuple):
    """A number within inclusive limits."""

    minimum: int
    maximum: int
    unit: str = ""
    is_integer: bool = True

    @property
    def description(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"a{' whole' if self.is_integer else ''} number from {self.minimum} to {self.maximum}{unit}"

    def parse(self, value: Any) -> int | float:
        if not isinstance(value, int if self.is_integer else int | float) or isinstance(value, bool):
            raise ValueError
        if not self.minimum <= value <= self.maximum:  # also rejects nan
            raise ValueError
        return value if self.is_integer else float(value)


class ManualOrSeconds(NamedTuple):
    """Either by a key only, or automatically after some seconds."""

    max_seconds: int = 3600

    @property
    def description(self) -> str:
        return f'"key", or a number of seconds up to {self.max_seconds}'

    def parse(self, value: Any) -> str | float:
        if value == "key":
            return "key"
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= self.max_seconds:
            raise ValueError
        return float(value)


class ServiceUrl(NamedTuple):
    """The address of a service: https, or http on this machine."""

    @property
    def description(self) -> str:
        return "an https address without a user name, or an http one on this machine (localhost)"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[!-~]{1,1000}", value):
            raise ValueError
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise ValueError
        if parts.query or parts.fragment or (parts.scheme == "http" and not is_loopback(parts.hostname)):
            raise ValueError
        _ = parts.port  # raises if it is not a number
        return value.rstrip("/")


class Command(NamedTuple):
    """A program and its arguments, run without a shell."""

    example: str = '["pass", "show", "mail"]'

    @property
    def description(self) -> str:
        return f"a list of strings, the program first: {self.example}"

    def parse(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise ValueError
        for word in value:
            if not isinstance(word, str) or not word.isprintable() or len(word) > MAX_TEXT_LENGTH:
                raise ValueError
        if value and not value[0]:
            raise ValueError
        return tuple(value)


class Folder(NamedTuple):
    """A folder, which may not exist."""

    @property
    def description(self) -> str:
        return "the path of a folder, absolute or from ~, the home folder"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH or not value.isprintable():
            raise ValueError
        if not re.match(r"/|~(?:/|$)", value):
            raise ValueError
        return value


PDF_NAME_FIELDS = ("year", "first_author", "title", "venue", "id")
"""What the name of a PDF may contain in braces."""


class PdfName(NamedTuple):
    """A pattern for the names of PDFs, with folders."""

    @property
    def description(self) -> str:
        fields = ", ".join(f"{{{name}}}" for name in PDF_NAME_FIELDS)
        return f"a path that ends with .pdf, made of {fields} and plain text, with a title or an id"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or not value.isprintable() or len(value) > 200:
            raise ValueError
        if not value.endswith(".pdf") or re.search(r'[\\:*?"<>|]', value):
            raise ValueError
        used = set()
        for _, name, format, conversion in string.Formatter().parse(value):  # ValueError: an unmatched brace
            if name is not None and (name not in PDF_NAME_FIELDS or format or conversion):
                raise ValueError
            used.add(name)
        parts = value.removesuffix(".pdf").split("/")
        if not used & {"title", "id"} or any(not part or part.startswith((".", " ")) for part in parts):
            raise ValueError
        return value


class DateFormat(NamedTuple):
    """How a date is shown: a named format, or a pattern of strftime."""

    @property
    def description(self) -> str:
        return (
            '"short" (3 Oct, or 2024-10 in another year), "iso" (2025-10-03), or a pattern of %d %m %y %Y %b %a,'
            ' such as "%d.%m.%y", that makes at most 12 characters'
        )

    def parse(self, value: Any) -> str:
        if value in ("short", "iso"):
            return str(value)
        if not isinstance(value, str) or len(value) > 30 or not (value.isprintable() and value.isascii()):
            raise ValueError
        plain, fields = re.subn("%[dmyYba]", "", value)
        if not fields or "%" in plain:
            raise ValueError
        if len(dt.date(2025, 12, 31).strftime(value)) > 12:
            raise ValueError
        return value


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, judging by its name only."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(?:\.\d{1,3}){3}", host))

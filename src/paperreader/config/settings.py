"""Every setting: its section, type, default, what it may hold, and one line on what it does.

Documents, `paperreader config` and the validation are all made from these dataclasses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from paperreader.config.kinds import (
    Command,
    DateFormat,
    KeyOrSeconds,
    Kind,
    Number,
    OneOf,
    Text,
    WebAddress,
)

Layout = Literal["auto", "stacked", "side"]
Density = Literal["auto", "one-line", "two-line"]
Marks = Literal["auto", "unicode", "ascii"]
ClipboardWay = Literal["auto", "tmux", "osc52", "desktop"]
Security = Literal["tls", "starttls", "none"]


def _setting(default: Any, kind: Kind, does: str, *, name: str = "") -> Any:
    """A field with its kind; `name` where TOML's key is no name in Python."""
    return field(default=default, metadata={"kind": kind, "does": does, "name": name})


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the reader looks like."""

    theme: str = _setting(
        "auto",
        Text('"auto" or the name of a theme'),
        'the colours; "auto" takes those chosen last in the reader, else some that suit the terminal',
    )
    layout: Layout = _setting(
        "auto",
        OneOf(("auto", "stacked", "side")),
        'list above the detail, or beside it; "auto" stacks them under 100 columns',
    )
    density: Density = _setting(
        "auto",
        OneOf(("auto", "one-line", "two-line")),
        'lines that a paper takes in the list; "auto" takes two where list and detail are side by side',
    )
    date_format: str = _setting("short", DateFormat(), "how days are written")
    marks: Marks = _setting(
        "auto",
        OneOf(("auto", "unicode", "ascii")),
        'signs such as the star; "auto" takes ASCII where the terminal cannot show them',
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How papers are read."""

    mark_read: Literal["key"] | float = _setting(
        "key",
        KeyOrSeconds(),
        "what marks a paper read: a key alone, or so many seconds in the detail",
    )


@dataclass(frozen=True, slots=True)
class Clipboard:
    """How copies get to the clipboard."""

    way: ClipboardWay = _setting(
        "auto",
        OneOf(("auto", "tmux", "osc52", "desktop")),
        "tmux's buffer, the terminal (OSC 52), or the desktop's clipboard program;"
        ' "auto" tries what fits the session',
    )


@dataclass(frozen=True, slots=True)
class Fetch:
    """Where new papers are fetched from."""

    huggingface_url: str = _setting("https://huggingface.co", WebAddress(), "the Daily Papers site")
    arxiv_url: str = _setting("https://export.arxiv.org", WebAddress(), "the arXiv API")
    days_at_first: int = _setting(7, Number(1, 366), "days that the first fetch goes back")
    timeout: float = _setting(
        20.0, Number(1, 600, "seconds", whole=False), "seconds to wait for a service to answer"
    )
    contact: str = _setting(
        "",
        Text("an e-mail address or a web address, in ASCII", ascii_only=True),
        "how the services can reach you; told to them with every request, and to nobody else",
    )


@dataclass(frozen=True, slots=True)
class Mail:
    """How the digest is sent."""

    host: str = _setting(
        "", Text("the name of a mail server", ascii_only=True), "the server that sends your mail"
    )
    port: int = _setting(
        0, Number(0, 65535), "its port; 0 takes the usual one: 465 with tls, 587 with starttls, 25 with none"
    )
    security: Security = _setting(
        "tls",
        OneOf(("tls", "starttls", "none")),
        '"none" only for a server on this machine: anything else would send the password for all to read',
    )
    user: str = _setting("", Text(), "who signs in; empty signs in nobody")
    password_command: tuple[str, ...] = _setting(
        (), Command(), "a program that prints the password, and its arguments; run without a shell"
    )
    password_env: str = _setting(
        "",
        Text("the name of an environment variable", ascii_only=True),
        "an environment variable that holds it",
    )
    sender: str = _setting("", Text("a mail address"), "the address that digests come from", name="from")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, valid; without a file, the defaults."""

    appearance: Appearance = Appearance()
    reading: Reading = Reading()
    clipboard: Clipboard = Clipboard()
    fetch: Fetch = Fetch()
    mail: Mail = Mail()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Keys by the id of their binding, as the file has them; none for a binding without a key. Ids and names of keys
    are the reader's to judge."""


class Setting(NamedTuple):
    """One setting, for documents and tables."""

    section: str
    name: str
    """As in the file."""
    attribute: str
    """As in Python."""
    default: Any
    kind: Kind
    does: str

    @property
    def key(self) -> str:
        """`section.name`."""
        return f"{self.section}.{self.name}"


SECTIONS: Mapping[str, type] = MappingProxyType(
    {"appearance": Appearance, "reading": Reading, "clipboard": Clipboard, "fetch": Fetch, "mail": Mail}
)
"""The sections with settings of fixed names, in the order of the file; beside them there is `keys`."""


def every_setting() -> Iterator[Setting]:
    """All settings but `[keys]`, in the order of the file."""
    for section, owner in SECTIONS.items():
        for each in fields(owner):
            about = each.metadata
            name = about["name"] or each.name
            yield Setting(section, name, each.name, each.default, about["kind"], about["does"])

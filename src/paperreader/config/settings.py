"""Every setting: its section, type, default, what it may hold, and one line on what it does.

Each says in its annotation what it may hold, what it does and, where TOML's key is no name in Python, what it is called
in the file. Documents, `paperreader config` and the validation are all made from these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from msgspec import Struct, field

if TYPE_CHECKING:
    from paperreader.config.value_types import (
        Command,
        DateFormat,
        ManualOrSeconds,
        Number,
        OneOf,
        ServiceUrl,
        Text,
        ValueType,
    )

Layout = Literal["auto", "stacked", "side"]
Density = Literal["auto", "one-line", "two-line"]
Marks = Literal["auto", "unicode", "ascii"]
ClipboardMethod = Literal["auto", "tmux", "osc52", "desktop"]
Security = Literal["tls", "starttls", "none"]


class Appearance(Struct, frozen=True):
    """What the reader looks like."""

    theme: Annotated[
        str,
        Text('"auto" or the name of a theme'),
        'the colours; "auto" takes those chosen last in the reader, else some that suit the terminal',
    ] = "auto"
    layout: Annotated[
        Layout,
        OneOf(("auto", "stacked", "side")),
        'list above the detail, or beside it; "auto" stacks them under 100 columns',
    ] = "auto"
    density: Annotated[
        Density,
        OneOf(("auto", "one-line", "two-line")),
        'lines that a paper takes in the list; "auto" takes two where list and detail are side by side',
    ] = "auto"
    date_format: Annotated[str, DateFormat(), "how days are written"] = "short"
    marks: Annotated[
        Marks,
        OneOf(("auto", "unicode", "ascii")),
        'signs such as the star; "auto" takes ASCII where the terminal cannot show them',
    ] = "auto"


class Reading(Struct, frozen=True):
    """How papers are read."""

    mark_read: Annotated[
        Literal["key"] | float,
        ManualOrSeconds(),
        "what marks a paper read: a key alone, or so many seconds in the detail",
    ] = "key"


class Clipboard(Struct, frozen=True):
    """How copies get to the clipboard."""

    way: Annotated[
        ClipboardMethod,
        OneOf(("auto", "tmux", "osc52", "desktop")),
        "tmux's buffer, the terminal (OSC 52), or the desktop's clipboard program;"
        ' "auto" tries what fits the session',
    ] = "auto"


class Fetch(Struct, frozen=True):
    """Where new papers are fetched from."""

    huggingface_url: Annotated[str, ServiceUrl(), "the Daily Papers site"] = "https://huggingface.co"
    arxiv_url: Annotated[str, ServiceUrl(), "the arXiv API"] = "https://export.arxiv.org"
    days_at_first: Annotated[int, Number(1, 366), "days that the first fetch goes back"] = 7
    timeout: Annotated[
        float, Number(1, 600, "seconds", is_integer=False), "seconds to wait for a service to answer"
    ] = 20.0
    contact: Annotated[
        str,
        Text("an e-mail address or a web address, in ASCII", ascii_only=True),
        "how the services can reach you; told to them with every request, and to nobody else",
    ] = ""


class Mail(Struct, frozen=True):
    """How the digest is sent."""

    host: Annotated[
        str, Text("the name of a mail server", ascii_only=True), "the server that sends your mail"
    ] = ""
    port: Annotated[
        int,
        Number(0, 65535),
        "its port; 0 takes the usual one: 465 with tls, 587 with starttls, 25 with none",
    ] = 0
    security: Annotated[
        Security,
        OneOf(("tls", "starttls", "none")),
        '"none" only for a server on this machine: anything else would send the password for all to read',
    ] = "tls"
    user: Annotated[str, Text(), "who signs in; empty signs in nobody"] = ""
    password_command: Annotated[
        tuple[str, ...],
        Command(),
        "a program that prints the password, and its arguments; run without a shell",
    ] = ()
    password_env: Annotated[
        str,
        Text("the name of an environment variable", ascii_only=True),
        "an environment variable that holds it",
    ] = ""
    sender: Annotated[str, Text("a mail address"), "the address that digests come from", "from"] = ""


class Settings(Struct, frozen=True):
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
    value_type: ValueType
    help: str

    @property
    def key(self) -> str:
        """`section.name`."""
        return f"{self.section}.{self.name}"


SECTIONS: Mapping[str, type] = MappingProxyType(
    {"appearance": Appearance, "reading": Reading, "clipboard": Clipboard, "fetch": Fetch, "mail": Mail}
)
"""The sections with settings of fixed names, in the order of the file; beside them there is `keys`."""


def all_settings() -> Iterator[Setting]:
    """All settings but `[keys]`, in the order of the file."""
    from typing import get_type_hints

    from paperreader.config import value_types

    for section, owner in SECTIONS.items():
        defaults = owner()
        for attribute, told in get_type_hints(owner, localns=vars(value_types), include_extras=True).items():
            kind, does, *names = told.__metadata__
            name = names[0] if names else attribute
            yield Setting(section, name, attribute, getattr(defaults, attribute), kind, does)

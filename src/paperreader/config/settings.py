"""Every setting: section, type, default, and one line of help.

The annotation of a field holds its value type, its help and, if the key in the file is not a valid name in Python, that
key. Documents, `paperreader config` and the validation are generated from these fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_args

from msgspec import Struct, field

from paperreader.config.citation_settings import Citations
from paperreader.config.theme_names import THEMES
from paperreader.config.watch_settings import Watch

if TYPE_CHECKING:
    from paperreader.config.list_types import ArxivSubscriptions, Queries
    from paperreader.config.value_types import (
        Command,
        DateFormat,
        Folder,
        ManualOrSeconds,
        Number,
        OneOf,
        PdfName,
        ServiceUrl,
        Text,
        ValueType,
    )

Layout = Literal["auto", "stacked", "side"]
Density = Literal["auto", "one-line", "two-line"]
Marks = Literal["auto", "unicode", "ascii"]
Figures = Literal["auto", "kitty", "blocks", "none"]
ClipboardMethod = Literal["auto", "tmux", "osc52", "desktop"]
PipeInput = Literal["text", "fulltext", "markdown", "bibtex", "json", "none"]
PipeOutput = Literal["pane", "terminal", "note", "summary"]
Security = Literal["tls", "starttls", "none"]


class Appearance(Struct, frozen=True):
    """What the reader looks like."""

    theme: Annotated[
        str,
        Text('"auto" or a theme: ' + ", ".join(THEMES)),
        'the colors; "auto" uses the theme last chosen in the reader, otherwise one that suits the terminal',
    ] = "auto"
    layout: Annotated[
        Layout,
        OneOf(get_args(Layout)),
        'list above the detail ("stacked") or next to it ("side"); "auto" stacks them below 100 columns',
    ] = "auto"
    density: Annotated[
        Density,
        OneOf(get_args(Density)),
        'lines per paper in the list; "auto" uses two when list and detail are side by side',
    ] = "auto"
    date_format: Annotated[str, DateFormat(), "how dates are shown"] = "short"
    marks: Annotated[
        Marks,
        OneOf(get_args(Marks)),
        'symbols such as the star; "auto" uses ASCII if the terminal cannot show them',
    ] = "auto"


class Reading(Struct, frozen=True):
    """How papers are read."""

    mark_read: Annotated[
        Literal["key"] | float,
        ManualOrSeconds(),
        "what marks a paper as read: only a key, or this number of seconds in the detail view",
    ] = "key"
    text_width: Annotated[int, Number(30, 400), "columns of the lines of a full text"] = 80
    figures: Annotated[Figures, OneOf(get_args(Figures)), "pictures in full texts"] = "auto"


class Inbox(Struct, frozen=True):
    """Which of the papers that arrive are new."""

    hide: Annotated[
        tuple[str, ...],
        Queries(),
        "papers that match one of these queries are left out of New and of the digest",
    ] = ()


class Clipboard(Struct, frozen=True):
    """How text is copied to the clipboard."""

    way: Annotated[
        ClipboardMethod,
        OneOf(get_args(ClipboardMethod)),
        "the buffer of tmux, the terminal (OSC 52), or the clipboard program of the desktop;"
        ' "auto" tries what suits the session',
    ] = "auto"


class Fetch(Struct, frozen=True):
    """Where new papers are fetched from."""

    huggingface_url: Annotated[str, ServiceUrl(), "the Daily Papers site"] = "https://huggingface.co"
    arxiv_url: Annotated[str, ServiceUrl(), "the arXiv API"] = "https://export.arxiv.org"
    arxiv_oai_url: Annotated[
        str, ServiceUrl(), "the OAI-PMH interface of arXiv, which lists what was announced in a category"
    ] = "https://oaipmh.arxiv.org/oai"
    arxiv_pages_url: Annotated[
        str, ServiceUrl(), "the web site of arXiv, whose pages with full texts are read"
    ] = "https://arxiv.org"
    zotero_url: Annotated[
        str, ServiceUrl(), "Zotero on this machine, to which papers are sent and from which they are imported"
    ] = "http://127.0.0.1:23119"
    arxiv: Annotated[
        tuple[str, ...],
        ArxivSubscriptions(),
        "categories and queries of arXiv whose new papers are fetched together with Daily Papers",
    ] = ()
    days_at_first: Annotated[int, Number(1, 366), "how many days the first fetch goes back"] = 7
    timeout: Annotated[
        float, Number(1, 600, "seconds", is_integer=False), "how long to wait for a service to respond"
    ] = 20.0
    contact: Annotated[
        str,
        Text("an e-mail address or a web address, in ASCII", ascii_only=True),
        "contact address, sent with every request to the services and to no one else",
    ] = ""


class Pdf(Struct, frozen=True):
    """Where PDFs are downloaded to, and what opens them."""

    folder: Annotated[str, Folder(), "the folder for downloaded PDFs"] = "~/Papers"
    name: Annotated[str, PdfName(), "the file names; a file of that name is never replaced"] = (
        "{year}/{first_author}-{title}.pdf"
    )
    viewer: Annotated[
        tuple[str, ...],
        Command('["zathura"]'),
        "the program that opens a PDF, and its arguments, to which the file is added; run without a shell;"
        " [] uses the one of the system",
    ] = ()


class Mail(Struct, frozen=True):
    """How the digest is sent."""

    host: Annotated[
        str, Text("the name of a mail server", ascii_only=True), "the server that sends your mail"
    ] = ""
    port: Annotated[
        int,
        Number(0, 65535),
        "its port; 0 uses the usual one: 465 with tls, 587 with starttls, 25 with none",
    ] = 0
    security: Annotated[
        Security,
        OneOf(get_args(Security)),
        '"none" only for a server on this machine: over a network, anyone could read the password',
    ] = "tls"
    user: Annotated[str, Text(), "the user name for the login; empty sends without a login"] = ""
    password_command: Annotated[
        tuple[str, ...],
        Command(),
        "a program that prints the password, and its arguments; run without a shell",
    ] = ()
    password_env: Annotated[
        str,
        Text("the name of an environment variable", ascii_only=True),
        "an environment variable that holds the password",
    ] = ""
    sender: Annotated[str, Text("a mail address"), "the address that digests are sent from", "from"] = ""


class UserCommand(Struct, frozen=True):
    """A command of the user for papers, one section `[commands.NAME]`."""

    run: Annotated[
        tuple[str, ...],
        Command('["wc", "-w"]'),
        'the program and its arguments; run without a shell, which you can name: ["sh", "-c", "…"]',
    ] = ()
    title: Annotated[str, Text(), "how help and palette list it; empty lists its name"] = ""
    key: Annotated[str, Text('a key such as "ctrl+t", or "" for none'), "its key in list and detail"] = ""
    input: Annotated[
        PipeInput,
        OneOf(get_args(PipeInput)),
        "what it gets on standard input, of the paper under the cursor or of all that are selected;"
        ' "fulltext" is the title with the stored full text, or with the abstract',
    ] = "text"
    output: Annotated[
        PipeOutput,
        OneOf(get_args(PipeOutput)),
        'where its output goes: "pane" shows it, "terminal" leaves the terminal to the command, "note" adds it to the'
        ' note, "summary" stores it below the note, one run for each paper',
    ] = "pane"
    timeout: Annotated[
        float,
        Number(1, 3600, "seconds", is_integer=False),
        "after how long it is stopped, except in the terminal",
    ] = 60.0


class Settings(Struct, frozen=True):
    """All settings, validated; the defaults without a file."""

    appearance: Appearance = Appearance()
    reading: Reading = Reading()
    inbox: Inbox = Inbox()
    watch: Watch = Watch()
    clipboard: Clipboard = Clipboard()
    fetch: Fetch = Fetch()
    citations: Citations = Citations()
    pdf: Pdf = Pdf()
    mail: Mail = Mail()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Keys by the id of their command, as in the file; empty for a command without a key. The reader validates ids
    and names of keys.
    """
    commands: Mapping[str, UserCommand] = field(default_factory=lambda: MappingProxyType({}))
    """The commands of the user by their names. The reader validates their keys."""


class Setting(NamedTuple):
    """One setting, for documents and tables."""

    section: str
    name: str
    """The key in the file."""
    attribute: str
    """The name in Python."""
    default: Any
    value_type: ValueType
    help: str

    @property
    def key(self) -> str:
        """`section.name`."""
        return f"{self.section}.{self.name}"

    @property
    def description(self) -> str:
        """The help and the allowed values, as sentences."""
        return f"{self.help[0].upper()}{self.help[1:]}. Allowed: {self.value_type.description}."


SECTIONS: Mapping[str, type] = MappingProxyType(
    {
        "appearance": Appearance,
        "reading": Reading,
        "inbox": Inbox,
        "watch": Watch,
        "clipboard": Clipboard,
        "fetch": Fetch,
        "citations": Citations,
        "pdf": Pdf,
        "mail": Mail,
    }
)
"""The sections with settings of fixed names, in the order of the file. The other sections are `keys` and `commands`."""


def all_settings() -> Iterator[Setting]:
    """Generate all settings except `[keys]` and `[commands]`, in the order of the file."""
    for section, owner in SECTIONS.items():
        yield from settings_of(section, owner)


@cache
def settings_of(section: str, owner: type) -> tuple[Setting, ...]:
    """Return the settings of a section from the fields of its class."""
    from typing import get_type_hints

    from paperreader.config import list_types, value_types

    defaults, found = owner(), []
    for attribute, hint in get_type_hints(
        owner, localns={**vars(value_types), **vars(list_types)}, include_extras=True
    ).items():
        value_type, help, *names = hint.__metadata__
        name = names[0] if names else attribute
        found.append(Setting(section, name, attribute, getattr(defaults, attribute), value_type, help))
    return tuple(found)

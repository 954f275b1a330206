"""Generates `docs/settings.md` from the settings: `.venv/bin/python docs/settings.py`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from paperreader.config.settings import UserCommand, all_settings, settings_of
from paperreader.config.template import to_toml

PATH = Path(__file__).resolve().parent / "settings.md"

_INTRODUCTION = """\
# Settings

Settings are in `config.toml` in the platform's config folder. `paperreader config --path` prints its path, and
`PAPERREADER_CONFIG` names another file. `paperreader config --init` writes a file with all settings, commented out at
their defaults. It never changes an existing file.

`paperreader config` lists the current value of each setting and where it comes from: the file with its line, the
environment, or the default. Unknown settings, invalid values and conflicting keys are reported with file and line, and
the list says which lines have no effect. The reader then starts with the default instead and shows a warning. A
mistake in a section stops only what depends on it, and nothing is requested: `[fetch]` every request, `[citations]`
those for citations and to Semantic Scholar, `[pdf]` those for PDFs and full texts, `[reading]` pictures, `[mail]`
mails. An unknown section may be any of them. Such commands have exit code 1. Nothing in the file is executed, except
`password_command`, when a mail is sent, `viewer`, when a PDF is opened, `key_command`, when a service with a key is
asked, and your `[commands]`, when you choose one. All are run without a shell.

`PAPERREADER_ASCII=1` overrides `marks`. A theme that is chosen in the reader is remembered, unless the file sets one.
"""

_KEYS = """
## `[keys]`

Each command of the reader has an id. The settings can give it another key, a list of keys, or `[]` for none. Keys are
written like `"x"`, `"X"`, `"?"`, `"ctrl+x"`, `"f5"`, `"PgDn"`, `"space"`. A key can have only one command in the
same place: one that you assign is taken from the command that has it by default. The reader and `paperreader config`
say which command that was, until you give it another key, or `[]`. Footer, help and command palette show
the changed keys.

```toml
[keys]
bookmark = ["m", "f2"]
toggle-math = "W"
quit = "Q"
```

All ids: [keys.md](keys.md).
"""

_COMMANDS = """
## `[commands.NAME]`

Commands of your own for the paper under the cursor or the selected ones, one section each. They are listed in help and
command palette, where those without a key are found as well. Its key is taken from the command that has
it in list and detail by default. [recipes.md](recipes.md#commands-of-your-own) has examples.

```toml
[commands.words]
run = ["wc", "-w"]
title = "Count the words of the abstract"
key = "W"
```

"""


def document() -> str:
    """Return the content of the document."""
    parts = [_INTRODUCTION]
    for section, settings in groupby(all_settings(), key=lambda setting: setting.section):
        parts.append(f"\n## `[{section}]`\n\n| setting | default | |\n| --- | --- | --- |\n")
        for setting in settings:
            parts.append(f"| `{setting.name}` | `{to_toml(setting.default)}` | {setting.description} |\n")
    parts += [_KEYS, _COMMANDS, "| setting | default | |\n| --- | --- | --- |\n"]
    for setting in settings_of("commands", UserCommand):
        parts.append(f"| `{setting.name}` | `{to_toml(setting.default)}` | {setting.description} |\n")
    return "".join(parts)


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")

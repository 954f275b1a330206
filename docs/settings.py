"""Writes `docs/settings.md` from the settings themselves: `.venv/bin/python docs/settings.py`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from paperreader.config.settings import all_settings
from paperreader.config.template import to_toml

PATH = Path(__file__).resolve().parent / "settings.md"

_INTRODUCTION = """\
# Settings

`config.toml` in the platform's config folder (`paperreader config --path` says where; `PAPERREADER_CONFIG` names
another file) holds what should be otherwise than it is by default. `paperreader config --init` writes one with all
that stands here, commented out, and never touches one that is there already.

`paperreader config` shows what is in force and where each value comes from: the file with its line, the environment,
or the default. A setting that does not exist, a value that may not be, a key that means two things: each is told with
file and line, and beside what is in force that its line does not count. The reader then starts with the default in its
place and says so; commands that need the settings stop with exit code 1. Nothing in the file is ever executed, but for
`password_command`, which is run without a shell when a mail is sent.

`PAPERREADER_ASCII=1` overrules `marks`. A theme chosen in the reader is remembered there, unless the file sets one.
"""

_KEYS = """
## `[keys]`

What a key does has an id; under it the settings put another key, a list of keys, or `[]` for none. Keys are written
like `"x"`, `"X"`, `"?"`, `"ctrl+x"`, `"f5"`, `"pagedown"`, `"space"`. Within one place a key means one thing: who
gives `n` to something else has to give `note` another key as well. Footer, help and palette follow.

```toml
[keys]
bookmark = ["m", "f2"]
math = "M"
quit = "Q"
```

All ids: [keys.md](keys.md).
"""


def document() -> str:
    """What the document should hold."""
    parts = [_INTRODUCTION]
    for section, settings in groupby(all_settings(), key=lambda setting: setting.section):
        parts.append(f"\n## `[{section}]`\n\n| setting | default | |\n| --- | --- | --- |\n")
        for each in settings:
            about = f"{each.help[0].upper()}{each.help[1:]}. May be {each.value_type.description}."
            parts.append(f"| `{each.name}` | `{to_toml(each.default)}` | {about} |\n")
    parts.append(_KEYS)
    return "".join(parts)


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")

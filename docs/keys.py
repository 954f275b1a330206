"""Writes `docs/queries.md` and the tables of keys in `docs/keys.md` and the README: `.venv/bin/python docs/keys.py`."""

from __future__ import annotations

import re
from itertools import chain, groupby
from pathlib import Path

from paperreader.text.query import fields
from paperreader.tui.commands.command import HELP_ORDER, PALETTE_COMMANDS, KeyBinding, keys_label
from paperreader.tui.commands.keymap import KEY_TABLES
from paperreader.tui.commands.names import TITLES

ROOT = Path(__file__).resolve().parent.parent

FIRST = (
    "down", "up", "read-on", "read-next", "bookmark-next", "search", "bookmark", "tag", "select", "note", "copy-repo",
    "copy-any", "open-page", "view-all", "view-new", "view-unread", "view-bookmarks", "view-code", "fetch", "help",
    "quit",
)  # fmt: skip
"""The keys by which the README introduces the reader."""

_BLOCK = re.compile(r"(?<=<!-- keys -->\n).*?(?=<!-- end of keys -->)", re.S)


def documents() -> dict[Path, str]:
    """What each document that tells of keys and queries should hold."""
    readme = ROOT / "README.md"
    return {
        ROOT / "docs" / "keys.md": _all_keys(),
        ROOT / "docs" / "queries.md": _all_forms(),
        readme: _BLOCK.sub(lambda _: f"\n{_first_keys()}\n", readme.read_text(encoding="utf-8")),
    }


def _all_keys() -> str:
    parts = [
        "# Keys\n\nMade from the reader's own table of bindings by `docs/keys.py`; `?` shows the same in the reader. By"
        " its id a key can be changed in the [settings](settings.md).\n\n"
        "An order chosen with `s` is shown from its first paper on; back in the order of days the cursor stays on its"
        " paper. `escape` goes one step back, the first of which is to take away what is told in the corner. `ctrl+c`"
        " copies what is selected, closes what stands in front, and otherwise says what quits. `ctrl+z` gives the"
        " terminal back to the shell, once everything is written. Where no browser can be opened, `o` copies the"
        " link. A paste of several lines becomes one in the lines one types in.\n"
    ]
    for heading, members in groupby(chain.from_iterable(KEY_TABLES.values()), key=lambda key: key.group):
        parts.append(f"\n## {heading}\n\n| key | | id |\n| --- | --- | --- |\n")
        for does, same in groupby(members, key=lambda key: key.help):
            together = list(same)
            pressed = " ".join(f"`{key}`" for entry in together for key in keys_label(entry).split())
            ids = " ".join(f"`{entry.id}`" for entry in together)
            parts.append(f"| {pressed} | {does} | {ids} |\n")
    rows = "".join(f"| {TITLES[key.id]} | {key.help} |\n" for key in PALETTE_COMMANDS)
    parts.append(f"\n## By name alone, in the palette\n\n| name | |\n| --- | --- |\n{rows}")
    return "".join(parts)


def _all_forms() -> str:
    parts = [
        "# Queries\n\nWhat the search bar and `paperreader search` understand; `?` shows the same in the reader. What"
        " is not understood is searched as plain words. Filters alone list all papers that fit, newest first. Papers"
        " with every word come first; when fewer than ten have them all, papers with some of the words fill up.\n\n"
        "`tab` takes what the bar offers: an earlier search, a field, value, tag or word that goes on so, or, when"
        " fewer than three papers were found, a better spelling. `up` in an empty bar and `ctrl+r` bring earlier"
        " searches back, those of former sessions too. `R` lists the papers nearest to the one at hand, and `escape`"
        " leads back.\n\n"
        "No query takes long: only its first 100 words count, six of its stars, tildes and names, and where the rest"
        " would still be too much work, its most frequent words are left out, which the bar says.\n\n"
        "A paper of which only the year or the month is known stands at its beginning: `date:2016` and"
        " `date:>=2016-01-01` find a paper of 2016, `date:2016-01-01` and `date:2016-03` do not.\n"
    ]
    for heading, lines in fields.help_sections():
        rows = "".join(f"| `{form}` | {does.replace('|', '&#124;')} |\n" for form, does in lines)
        parts.append(f"\n## {heading}\n\n| query | |\n| --- | --- |\n{rows}")
    return "".join(parts)


def _first_keys() -> str:
    known: dict[str, KeyBinding] = {key.id: key for key in HELP_ORDER}
    chosen = groupby((known[first] for first in FIRST), key=lambda key: key.help)
    return _table([(" ".join(keys_label(key) for key in same), does) for does, same in chosen])


def _table(lines: list[tuple[str, str]]) -> str:
    rows = [f"| {' '.join(f'`{key}`' for key in keys.split())} | {does} |\n" for keys, does in lines]
    return "| key | |\n| --- | --- |\n" + "".join(rows)


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")

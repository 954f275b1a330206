"""Write `docs/queries.md` and the key tables in `docs/keys.md` and the README. Run `.venv/bin/python docs/keys.py`."""

from __future__ import annotations

import re
from itertools import chain, groupby
from pathlib import Path

from paperreader.text.query import fields
from paperreader.tui.commands.command import KeyBinding, keys_label
from paperreader.tui.commands.dialogs import GLOBAL_PALETTE_KEYS
from paperreader.tui.commands.reader import PALETTE_KEYS
from paperreader.tui.commands.tables import KEY_TABLES, KEYS_BY_ID

ROOT = Path(__file__).resolve().parent.parent

README_KEYS = (
    "down", "up", "page-or-next-unread", "read-and-next", "bookmark-and-next", "search", "bookmark", "tag", "select",
    "note", "copy-repo", "copy-any", "open-page", "view-all", "view-new", "view-unread", "view-bookmarks", "view-code",
    "fetch", "help", "quit",
)  # fmt: skip
"""The keys listed in the README."""

_BLOCK = re.compile(r"(?<=<!-- keys -->\n).*?(?=<!-- end of keys -->)", re.S)

_KEYS_INTRODUCTION = """\
# Keys

Generated from the key tables of the reader by `docs/keys.py`. Press `?` in the reader to see the same. The
[settings](settings.md) assign other keys to an id.

- After sorting with `s`, the list starts at its first paper. When sorting by date, the cursor stays on its paper.
- `escape` goes back one step. If a notification is shown, it dismisses that first.
- `ctrl+c` copies selected text, closes a dialog, and otherwise shows which key quits.
- `ctrl+z` suspends the reader once everything is saved.
- `o` leaves the terminal to a text browser in `BROWSER` until you quit it, and copies the link where no browser can be
  opened.
- Text with several lines becomes one line when pasted into a single-line input.
"""

_QUERIES_INTRODUCTION = """\
# Queries

The query language of the search bar and of `paperreader search`. Press `?` in the reader to see the same. Anything
else is searched as plain words. A query with filters only lists all matching papers, newest first. Papers with every
word come first. If fewer than ten papers have all words, the list is completed to fifty by papers that are *near in
meaning*, below a line of that name; they are counted separately. Filters, phrases, words with a field and `-word` apply
to them as well. While you type, papers with some of the words are there, and take part in the completed list after a
short pause.

Meaning helps where a paper uses other words than you: `~` at the beginning of a query ranks all papers by words and
meaning together, up to two hundred, such as `~ running big models without a graphics card`. A whole abstract or
paragraph may be pasted; `R` on a selected passage of a full text, and "Show papers like your note" in the palette, make
such a query. `like:2403.01234` lists papers that are related to one, as `R` does, and can be combined with
words and filters (`like:2403.01234 has:code date:1y`); of several `like:`, papers related to all come first. Each row
shows the sentence of the abstract that is nearest. Everything is computed on this machine, from a model of 20,000 words
of English papers: words that it does not know, such as those of other languages, are searched as words only.

If no paper has all words, but some have them in a corrected spelling, these are listed, and the search bar says for
what; `enter` searches what you typed, and `tab` accepts the correction.

- `tab` accepts what the search bar suggests: an earlier search, a field, value, tag or word, or a corrected spelling
  if fewer than three papers were found.
- `up` in an empty search bar and `ctrl+r` show earlier searches, also those of earlier sessions.
- `R` lists papers related to the current one, and `M` those by one of its authors, or with its keyword, category, tag
  or venue. `escape` goes back.

Words are searched in titles, abstracts, authors, notes and tags. The name of an author ranks before papers that contain
its words; it may have initials or begin with the family name, as in `hinton g` and `"He, Kaiming"`, and may lack those
of middle names. `-word` also excludes papers by an author of that name.

A word is found in all its forms and spellings: joined, with hyphens or in several words (`zeroshot`, `zero-shot`,
`zero shot`; `GPT4`, `GPT 4`; `text2image`, `text to image`), British and American, with irregular plurals (`indices`),
with raised and lowered digits and with names for Greek letters (`π₀`, `pi0`). Papers with a single word as typed come
before those with its completions and other forms; if it has capitals (`VAR`, `MoD`), papers with these are first. A
quoted word is only found as it is. `C++`, `C#`, `LoRA+` and `Q*` are words. Function words of a question (`how do
robots learn`) need not occur.

The last word is completed only while it is typed: `enter` finishes it (`gan` then does not find `Gandalf`), as does a
space. On the command line, in exports, in subscriptions and in earlier searches it is finished. If a finished word in
the reader finds nothing, its completions stay listed, and the search bar says so (`Results for transf*`).

An arXiv id, a DOI, or the URL of a paper or of one of its links, anywhere in a query, puts that paper first, even if it
is hidden. Other addresses of the same page count as well: a PDF at OpenReview, a DOI in the URL of a publisher. If the
paper is not in the library, this is reported and only papers that mention the id or URL are listed; `enter` offers to
add what arXiv has. `id:` lists all papers whose id begins with its value. If nothing but hidden papers matches, the
search bar says so.

Full texts are searched only where the query says so: `text:` for one word, phrase or group, `scope:text` anywhere in
the query for all words without a field; `ctrl+t` in the search bar adds or removes it. They combine with everything
else, and titles and abstracts remain the default. Papers are ranked by how often their full text contains the words.
List and detail show the sentence that matches, and `enter` opens the full text there. Of each paper, the newest stored
version is searched, with captions, formulas, tables and references. A phrase is not found across paragraphs.

`cat:CL` is `cat:cs.CL`, and `cat:CV` all categories with that subject class.

Dates and numbers may be compared without a colon (`stars>10`, `year >= 2024`), and `10+`, `1k` and `2023-2024` are
understood. Where a field, value or date is unknown, it is searched as words, and the search bar says what to write.

Queries have limits that keep them fast: only the first 100 words and six wildcards, fuzzy words and author names are
used. If that is still too expensive, the most frequent words are ignored, and the search bar reports it.

Titles are sorted as they are displayed, from their first letter or digit on, without accents and case.

A paper of which only the year or the month is known sorts at its beginning, but has no day: `date:2016` and
`date:>=2016-01-01` find a paper of 2016, `date:2016-01-01` and `date:2016-03` do not. A paper without any date sorts
last, and only `added:` finds it by a day.
"""


def documents() -> dict[Path, str]:
    """Return the expected content of each document with key tables or query forms."""
    readme = ROOT / "README.md"
    return {
        ROOT / "docs" / "keys.md": _keys_document(),
        ROOT / "docs" / "queries.md": _queries_document(),
        readme: _BLOCK.sub(lambda _: f"\n{_readme_table()}\n", readme.read_text(encoding="utf-8")),
    }


def _keys_document() -> str:
    parts = [_KEYS_INTRODUCTION]
    for heading, members in groupby(chain.from_iterable(KEY_TABLES.values()), key=lambda key: key.group):
        parts.append(f"\n## {heading}\n\n| key | | id |\n| --- | --- | --- |\n")
        for description, same in groupby(members, key=lambda key: key.help):
            line = list(same)
            keys = " ".join(f"`{label}`" for key in line for label in keys_label(key).split()).replace(
                "|", "\\|"
            )
            ids = " ".join(f"`{key.id}`" for key in line)
            parts.append(f"| {keys} | {description} | {ids} |\n")
    rows = "".join(f"| {key.title} | {key.help} |\n" for key in (*PALETTE_KEYS, *GLOBAL_PALETTE_KEYS))
    parts.append(f"\n## Only in the palette\n\n| command | |\n| --- | --- |\n{rows}")
    return "".join(parts)


def _queries_document() -> str:
    parts = [_QUERIES_INTRODUCTION]
    for heading, lines in fields.help_sections():
        rows = "".join(f"| `{example}` | {meaning.replace('|', '&#124;')} |\n" for example, meaning in lines)
        parts.append(f"\n## {heading}\n\n| query | |\n| --- | --- |\n{rows}")
    return "".join(parts)


def _readme_table() -> str:
    selected: list[KeyBinding] = [KEYS_BY_ID[id] for id in README_KEYS]
    rows = []
    for description, same in groupby(selected, key=lambda key: key.help):
        keys = " ".join(f"`{label}`" for key in same for label in keys_label(key).split())
        rows.append(f"| {keys} | {description} |\n")
    return "| key | |\n| --- | --- |\n" + "".join(rows)


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")

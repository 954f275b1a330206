"""Papers to export, simple and random ones, and the import of exported text."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader import importers
from paperreader.exporters.formats import ExportItem, render
from paperreader.models import EMPTY_MARK, ImportedEntry, Mark, Paper, SourceRecord
from paperreader.text.ids import slug_id
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.url_finder import find_links
from paperreader.text.urls import parse_link

TODAY = dt.date(2026, 1, 15)

LAMPS = Paper(
    id="2401.04321",
    arxiv="2401.04321",
    title="LampNet: 100% of {BERT} & $O(n^{2})$ Café <think>",
    abstract="We light [CLS].\n\nCode: https://github.com/lanternlab/lamp_net. Ünï – ok",
    authors=("Adá Lantern", "Corridor Group, Inc.", "Plato"),
    links=tuple(
        link
        for url in ("https://github.com/lanternlab/lamp_net", "https://lamps.github.io")
        if (link := parse_link(url))
    ),
    published="2024-01-09",
    listed="2024-01-10",
    added="2024-02-02",
    votes=5,
    keywords=("cs.LG", "small lamps"),
    doi="10.1000/xyz",
)
LAMPS_MARK = Mark(
    bookmark=(True, 5),
    note=("# To do\n- =1+1\n- `a_b` <script>\n@misc{x,\nTY  - JOUR\n  ER  -\nhttps://a.b/c_d~e", 7),
    tags={"rl": (True, 3), "gone": (False, 4), "=cmd": (True, 3)},
)

WORDS = st.sampled_from(
    [
        *(
            "lamps",
            "BERT",
            "a",
            "and",
            "others",
            "3.5",
            "C++",
            "GPT-4",
            "état",
            "naïve",
            "Gödel",
            "Łódź",
            "straße",
        ),
        *(
            "漢字",
            "한국어",
            "𝒪",
            "ℝ𝔻",
            "𝔄",
            "α",
            "≤",
            "²",
            "₂",
            "…",
            "–",
            "—",
            "“x”",
            "’s",
            "é\u0301",
            "e\u0301",
            "ﬁne",
            "\xad",
        ),
        *(
            "100%",
            "R&D",
            "a_b",
            "#1",
            "$5",
            "$6",
            "x^2",
            "~5",
            "10~20",
            "Fig.~3",
            "<think>",
            "[CLS]",
            "{",
            "}",
            "\\",
        ),
        *(
            "{BERT}",
            "V$^2$L",
            "$\\mathcal{O}(n\\log n)$",
            "$x_{i}$",
            "\\%",
            "\\_",
            "\\$",
            "\\&",
            "\\{",
            "\\}",
            "{\\'e}",
        ),
        *(
            'na\\"{\\i}ve',
            "\\ss",
            "\\textbf{x}",
            "\\emph{y}",
            "\\prjname",
            "\\input{/etc/passwd}",
            "\\write18{x}",
        ),
        *(
            "``q''",
            "--flag",
            "a--b",
            "@misc{a,",
            "TY  - JOUR",
            "ER  - ",
            "=1+1",
            "+x",
            "-y",
            "@z",
            "'=",
            "''",
            ";",
            ",",
        ),
        *(
            "https://github.com/a_b/c",
            "https://x.y/z?a=1&b=%20#q.",
            r"https://x.y/a\_b/c\_d.",
            "(https://lamps.github.io)",
            "\x1b[31m",
            "\u202e",
        ),
        *(
            '"',
            '""',
            "`",
            "```",
            "*",
            "**",
            "|",
            "!",
            "$$",
            "\\(",
            "\\)",
            "$",
            "^",
            "_",
            "~",
            "{{",
            "}}",
            "\\\\",
            "--",
        ),
    ]
)
LINES = st.lists(WORDS, max_size=8).map(" ".join)
PROSE = st.one_of(
    LINES,
    st.lists(LINES, max_size=4).map("\n".join),
    st.lists(LINES, max_size=3).map("\n\n".join),
    st.text(max_size=20),
)
NOTES = st.one_of(PROSE, PROSE.map(lambda text: f"<p>{text}</p>"))
"""Some look like HTML instead of Markdown."""
TITLES = (
    st.one_of(LINES, st.text(max_size=20)).map(single_line).filter(lambda text: any(map(str.isalnum, text)))
)
NAMES = st.lists(
    st.sampled_from(
        ["Ada", "Łukasz", "von", "de la", "René", "O'Neill", "Li", "King-Sun", "J.", "A_b", "Çelik", "漢字"]
    ),
    min_size=1,
    max_size=3,
    unique=True,
).map(" ".join)
GROUPS = st.sampled_from(
    (
        *(
            "Corridor Group, Inc.",
            "Corridor, Inc.",
            "Bo and Co",
            "A, B and C; D",
            "Ada; Bo",
            "Lee, Ada",
            "others",
        ),
        *("et al.", "MD. Lamp", "The {Lamp} Group", "R&amp;D <i>Group</i>"),
    )
)
TAGS = st.sampled_from(
    [
        "rl",
        "a; b",
        "x,y",
        '"quoted"',
        "{in braces}",
        "world models",
        "=cmd",
        "C#",
        "a/b",
        "ünï",
        "50%",
        "a_b",
        "~x",
        "@home",
    ]
)
JOURNALS = st.sampled_from(["", "Lamps & Doors", "Annals of 50% Light", r"Zeitschrift f{\"u}r Türen, B"])
BOOKS = st.sampled_from(["", "Proceedings of LAMPS'24 (Long Papers)", "Light_2024"])
CATEGORIES = st.sampled_from(["cs.CL", "cs.LG", "hep-th", "cond-mat.mtrl-sci", "physics.ao-ph", "stat.ML"])
SUBJECTS = st.sampled_from(["cs.LG", "small lamps", "doors, open", "R&D", "rl", "α-β", "on; off"])
URLS = st.sampled_from(
    [
        *("https://github.com/a_b/c", "https://gitlab.com/x/y/tree/main", "https://lamps.github.io"),
        *(
            "https://huggingface.co/datasets/a/b",
            "https://x.example/p?q=1&r=%20#s",
            "https://openreview.net/forum?id=1",
        ),
    ]
)


@st.composite
def export_items(draw: st.DrawFn, names: st.SearchStrategy[str] = NAMES) -> ExportItem:
    """Draw a paper with a mark. Its links are those of its text and some more, as in every source."""
    title, abstract = draw(TITLES), draw(PROSE)
    arxiv = draw(st.sampled_from(["", "2401.04321", "hep-th/9901001", "1412.6980"]))
    found = [
        *find_links(f"{title}\n{abstract}"),
        *(link for url in draw(st.lists(URLS)) if (link := parse_link(url))),
    ]
    paper = Paper(
        id=arxiv or slug_id(title, abstract),
        title=title,
        abstract=abstract,
        arxiv=arxiv,
        doi=draw(st.sampled_from(["", "10.1000/x_y(z)<1>", "10.1234/abc"])),
        authors=tuple(draw(st.lists(names, max_size=4))),
        links=tuple(dict.fromkeys(found)),
        published=draw(st.sampled_from([None, "2024-01-09", "1999-12-31", "2016", "2016-05"])),
        added="2025-01-01",
        keywords=tuple(draw(st.lists(SUBJECTS, max_size=3, unique=True))),
        categories=tuple(draw(st.lists(CATEGORIES, max_size=3, unique=True))),
        listed=draw(st.sampled_from([None, "2024-01-10"])),
        votes=draw(st.sampled_from([None, 0, 43])),
        comments=draw(st.sampled_from([None, 7])),
        stars=draw(st.sampled_from([None, 2**31 - 1])),
        summary=draw(LINES),
        journal=draw(JOURNALS),
        booktitle=draw(BOOKS),
    )
    note = sanitize(draw(NOTES)).strip("\n").rstrip()
    tags = draw(st.lists(TAGS, max_size=3, unique=True))
    bookmarked, read = draw(st.booleans()), draw(st.booleans())
    mark = Mark(
        title=title,
        bookmark=(bookmarked, 9 * bookmarked),
        read=(read, 9 * read),
        note=(note, 9 if note else 0),
        tags=dict.fromkeys(tags, (True, 9)),
    )
    return ExportItem(paper, mark if note or tags or bookmarked or read else EMPTY_MARK, ())


def render_text(form: str, *items: ExportItem) -> str:
    return "".join(f"{line}\n" for line in render(form, items))


def import_back(text: str) -> list[tuple[SourceRecord, Mark]]:
    """Return what the import reads from an export, without any problem."""
    entries = list(importers.read_entries(importers.Input("export", text.encode()), date=None, today=TODAY))
    assert all(isinstance(entry, ImportedEntry) for entry in entries), entries
    return [
        (entry.records[0], entry.mark or EMPTY_MARK) for entry in entries if isinstance(entry, ImportedEntry)
    ]


def lamp_paper(**fields) -> ExportItem:
    return ExportItem(replace(LAMPS, **fields), LAMPS_MARK, ())

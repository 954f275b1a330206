"""References of a full text that are papers of the library."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader import paths
from paperreader.fulltext import Document, Paragraph, Piece, Reference, StoredText
from paperreader.fulltext.reference_titles import MAX_TITLE_KEY, MIN_TITLE_KEY, title_keys
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from paperreader.text.ids import title_key

PAPERS: dict[str, dict[str, object]] = {
    "lamps": {
        "title": "Lighting Long Corridors with Very Small Lamps",
        "authors": ["Ada Lantern", "Bo Wick"],
        "arxiv_id": "2403.01234",
    },
    "rivers": {
        "title": "What Is a River? On Slow, Wide and Cold Water",
        "authors": ["Müller, Jörg"],
        "doi": "10.1000/rivers",
    },
    "long": {
        "title": "Lighting Long Corridors with Very Small Lamps: Ten Years of Measurements",
        "authors": ["C. Candle"],
    },
    "formula": {"title": r"Learning $O(n^2)$ Clocks for Sediment Transport", "authors": ["Dee Sand"]},
    "short": {"title": "Slow Rivers", "authors": ["Jörg Müller"]},
    "anonymous": {"title": "A Catalogue of Corridors in Northern Europe"},
}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, dict[int, str]]:
    """A library, and the name in `PAPERS` of the paper at each row."""
    folder = tmp_path_factory.mktemp("references")
    file = folder / "papers.json"
    file.write_text(
        json.dumps([{"abstract": "None.", **paper} for paper in PAPERS.values()]), encoding="utf-8"
    )
    library = Library.open(folder / "library")
    library.imports.import_paths([str(file)])
    names = {paper["title"]: name for name, paper in PAPERS.items()}
    return library, {row: names[library.paper(row).title] for row in library.table.newest}


@pytest.mark.parametrize(
    ("text", "ids", "name"),
    [
        (
            "A. Lantern and B. Wick. Lighting long corridors with very small lamps. In Proc. of Lamps, 2024.",
            (),
            "lamps",
        ),
        (
            "[3] Lantern, A.: “Lighting Long Corridors with\nVery Small Lamps,” J. Lamps 3 (2024), pp. 1–9",
            (),
            "lamps",
        ),
        ("Lantern A (2024a) Lighting long corridors with very-small lamps. doi:10.1/x", (), "lamps"),
        ("Some words and a preprint", ("arxiv:2403.01234",), "lamps"),
        (
            "Candle 2025 Lighting Long Corridors with Very Small Lamps: Ten Years of Measurements. Book",
            (),
            "long",
        ),
        ("Jörg Muller. What is a river? On slow, wide and cold water. 2020.", (), "rivers"),
        ("Anything at all", ("doi:10.1000/other", "doi:10.1000/rivers"), "rivers"),
        ("Sand, D., Learning O(n²) clocks for sediment transport, 2023", (), "formula"),
        ("No author is known. A catalogue of corridors in northern Europe. 1999.", (), "anonymous"),
        # Not these papers
        ("Someone Else. Lighting long corridors with very small lamps. In Proc. of Lamps, 2024.", (), None),
        ("A. Lantern. Lighting long corridors with very small lamps. 2021.", ("arxiv:2101.00001",), None),
        ("A. Lantern. On lighting long corridors with very small lamps and mirrors. 2024.", (), None),
        ("J. Müller. Slow rivers. 2021.", (), None),
        ("", (), None),
    ],
)
def test_reference_is_the_paper_that_it_names(
    papers, text: str, ids: tuple[str, ...], name: str | None
) -> None:
    library, names = papers
    document = Document(
        title=(),
        source="arxiv-html",
        blocks=(Paragraph(content=(Piece("Text"),)), Reference(label="[1]", content=(Piece(text),), ids=ids)),
    )
    found = library.full_texts.references(document)
    assert {index: names[row] for index, row in found.items()} == ({1: name} if name else {})


def store(library: Library, name: str, version: int, *references: Reference) -> None:
    text = StoredText(paper=name, version=version, source="arxiv-html", kind="html")
    document = Document(title=(Piece("x"),), source="arxiv-html", blocks=(Paragraph(content=()), *references))
    FullTextStore(paths.full_text_folder(library.uuid)).write(text, pack_document(document), pack(b"page"))


def cited(library: Library, names: dict[int, str], name: str) -> list[tuple[str, int, int]]:
    rows = {named: row for row, named in names.items()}
    return [
        (names[citation.row], citation.version, citation.block)
        for citation in library.full_texts.citations.cited_by(rows[name])
    ]


def test_papers_know_by_which_full_texts_they_are_cited(papers) -> None:
    library, names = papers
    ids = {name: library.table.id_of(row) for row, name in names.items()}
    to_lamps = Reference(
        label="[1]", content=(Piece("Lantern. Lighting long corridors with very small lamps."),)
    )
    to_rivers = Reference(label="[2]", content=(Piece("Something"),), ids=("doi:10.1000/rivers",))
    assert cited(library, names, "lamps") == []
    store(library, ids["rivers"], 1, to_lamps)
    store(library, ids["long"], 1, to_rivers)
    store(library, ids["long"], 2, to_rivers, to_lamps)
    store(library, ids["lamps"], 1, to_lamps)  # cites itself
    assert sorted(cited(library, names, "lamps")) == [("long", 2, 2), ("rivers", 1, 1)]
    assert cited(library, names, "rivers") == [("long", 2, 1)]
    assert cited(library, names, "short") == []
    # Derived from the texts alone: also by another process, and after any damage.
    (file,) = paths.cache_folder(library.uuid).glob("references.msgpack")
    for damage in (file.read_bytes(), b"", b"garbage", file.read_bytes()[:-3]):
        file.write_bytes(damage)
        assert len(cited(Library.open(library.folder), names, "lamps")) == 2
    library.full_texts.remove([ids["long"]])
    assert cited(library, names, "lamps") == [("rivers", 1, 1)]


@given(st.text(alphabet="ab c.:,(\n2024", max_size=300), st.text(alphabet="xy z", min_size=40, max_size=80))
def test_title_between_punctuation_is_one_of_the_parts(around: str, title: str) -> None:
    key = title_key(title)
    keys = list(title_keys(f"{around}. {title}. {around}"))
    assert all(MIN_TITLE_KEY <= len(each) <= MAX_TITLE_KEY for each in keys)
    assert keys == sorted(set(keys), key=lambda each: (-len(each), each))
    assert len(key) < MIN_TITLE_KEY or key in keys


def test_long_references_take_limited_time() -> None:
    assert len(list(title_keys("Aaaaa bbbbb ccccc, " * 5000))) < 2000

"""`has:text`: which papers have a stored full text."""

from __future__ import annotations

import pytest

from paperreader import paths
from paperreader.fulltext import StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from tests.fulltext.sample_paper import PAPER

TITLES = {
    "2611.00001": "@misc{a, title={River Bends}, eprint={2611.00001}}",
    "hep-th/9901001": "@misc{b, title={Old Lamps of Ours}, eprint={hep-th/9901001}}",
    "": "@book{c, title={A Very Long Title about Doors and Windows in the Houses of Others}, author={Ann Jay}}",
    "none": "@misc{d, title={Without a Text}, eprint={2611.00009}}",
}


@pytest.fixture
def library(home, tmp_path):
    (tmp_path / "all.bib").write_text("\n".join(TITLES.values()))
    library = Library.open()
    library.imports.import_paths([str(tmp_path / "all.bib")])
    return Library.open()


def store(library, id, version=1):
    described = StoredText(paper=id, version=version, source="arxiv-html", kind="html")
    packed = pack_document(PAPER)
    FullTextStore(paths.full_text_folder(library.uuid)).write(described, packed, pack(b"page"))


def found(library, query="has:text"):
    return sorted(library.paper(row).title.split()[0] for row in library.search(query).rows)


def test_papers_with_any_kind_of_id_are_found_as_soon_as_they_are_stored(library):
    library.maintenance.reindex()
    assert found(library) == []
    ids = [library.table.id_of(row) for row in library.table.newest]
    for number, id in enumerate(id for id in ids if id != "2611.00009"):
        store(library, id)
        assert len(found(library)) == number + 1
    assert found(library) == ["A", "Old", "River"]
    assert found(library, "-has:text") == ["Without"]
    store(library, "2611.00001", version=2)
    assert found(library, "has:text river") == ["River"]
    library.full_texts.remove(["2611.00001"])
    assert found(library) == ["A", "Old"] == found(Library.open())


def test_foreign_files_and_damage_are_no_texts(library):
    library.maintenance.reindex()
    store(library, "hep-th/9901001")
    folder = paths.full_text_folder(library.uuid)
    (folder / "notes_0123456789abcdef").mkdir()
    (folder / "Something else").mkdir()
    (folder / "file.txt").write_text("x")
    for path in folder.rglob("*.text"):
        path.write_bytes(b"damaged")
    assert found(Library.open()) == []

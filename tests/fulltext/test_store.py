"""The files of full texts: what is stored is read back, and nothing that happens to a file is more than a message."""

from __future__ import annotations

import os
import stat
import string
import zlib
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader.errors import StorageError
from paperreader.fulltext import Document, Paragraph, Piece, StoredText, text_file
from paperreader.fulltext.store import FullTextStore, folder_name
from paperreader.fulltext.text_file import pack, pack_document
from tests.examples import examples
from tests.faults import FAULTS
from tests.fulltext.test_document import DOCUMENT

PAGE = b"<article class=ltx_document>" + bytes(range(256)) * 20
TEXT = StoredText(
    paper="2403.01234",
    version=2,
    source="arxiv-html",
    kind="html",
    url="https://arxiv.org/html/2403.01234",
    etag='"abc"',
    fetched="2026-11-28T10:00:00Z",
    converter=1,
)


@pytest.fixture
def store(tmp_path: Path) -> FullTextStore:
    return FullTextStore(tmp_path / "texts")


def write(store: FullTextStore, text: StoredText = TEXT, document: Document = DOCUMENT, page=PAGE):
    return store.write(text, pack_document(document), pack(page))


def paragraph(words: str) -> Document:
    return Document(title=(), source="arxiv-html", blocks=(Paragraph(content=(Piece(words),)),))


def test_what_was_stored_is_read_back(store, tmp_path):
    written = write(store)
    assert store.texts("2403.01234") == (written,)
    assert store.document(written) == DOCUMENT
    page = store.page(written)
    assert (page.data, page.kind, page.url, page.etag, page.fetched) == (
        PAGE,
        "html",
        TEXT.url,
        TEXT.etag,
        TEXT.fetched,
    )
    assert list(FullTextStore(tmp_path / "texts").all_texts()) == [written]
    assert store.verify() == []


def test_versions_are_listed_newest_first_and_do_not_replace_each_other(store):
    for version in (2, 0, 10, 3):
        write(store, replace(TEXT, version=version), paragraph(f"version {version}"))
    texts = store.texts("2403.01234")
    assert [text.version for text in texts] == [10, 3, 2, 0]
    assert [store.document(text) for text in texts] == [paragraph(f"version {n}") for n in (10, 3, 2, 0)]


def test_a_better_source_replaces_a_worse_one_of_the_same_version_but_not_the_other_way_round(store):
    write(store, replace(TEXT, source="huggingface"), paragraph("Markdown"))
    better = write(store, TEXT, paragraph("HTML"))
    assert write(store, replace(TEXT, source="pdf"), paragraph("PDF")) == better
    assert store.document(better) == paragraph("HTML")
    newer = write(store, replace(TEXT, etag="new"), paragraph("HTML again"))
    assert store.texts("2403.01234") == (newer,)


def test_a_page_that_is_cut_off_replaces_only_one_with_less(store):
    short, long = pack(bytes(range(9))), pack(bytes(range(200)))
    cut = replace(TEXT, is_cut=True)
    part = store.write(cut, pack_document(paragraph("one")), short)
    more = store.write(cut, pack_document(paragraph("one two")), long)
    assert store.write(cut, pack_document(paragraph("one")), short) == more != part
    whole = store.write(TEXT, pack_document(paragraph("all")), short)
    assert store.write(cut, pack_document(paragraph("one two")), long) == whole
    assert store.document(whole) == paragraph("all")


def test_a_damaged_file_is_replaced_by_any_source(store):
    path = store.path(write(store))
    path.write_bytes(path.read_bytes()[:-1])
    worse = write(store, replace(TEXT, source="pdf"), paragraph("PDF"))
    assert store.document(worse) == paragraph("PDF")


def test_files_and_folders_are_private_whatever_the_umask(store, tmp_path):
    before = os.umask(0)
    try:
        write(store)
    finally:
        os.umask(before)
    modes = {
        stat.S_IMODE(path.stat().st_mode): path.is_dir()
        for path in [tmp_path / "texts", *(tmp_path / "texts").rglob("*")]
    }
    assert modes == {0o700: True, 0o600: False}


HOSTILE_IDS = (
    *(
        "",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "con",
        "nul.txt",
        "COM1",
        "-x",
        ".hidden",
        "a.",
    ),
    *(
        "a\0b",
        "\x1b[31m",
        "\ud800",
        "é" * 300,
        "a" * 300,
        "hep-th/9901001",
        "Hep-Th/9901001",
        "$x^2$",
        "x\ny",
        " ",
        "a_b",
    ),
)


@pytest.mark.parametrize("id", HOSTILE_IDS, ids=ascii)
def test_no_id_leads_out_of_the_folder_or_to_an_invalid_name(store, tmp_path, id):
    name = folder_name(id)
    assert set(name) <= set(string.ascii_lowercase + string.digits + ".-_")
    assert name.strip(".") and not name.startswith((".", "-")) and not name.endswith(".") and len(name) <= 80
    if id.isprintable() or "\n" in id:
        written = write(store, replace(TEXT, paper=id))
        assert store.texts(id) == (written,)
        assert store.remove(id) == 1
    assert {path.name for path in tmp_path.rglob("*")} <= {"texts", "full-texts.lock"}


@examples(20)
@given(st.lists(st.text(max_size=100), min_size=2, max_size=8, unique=True))
def test_different_ids_have_different_folders_even_if_case_is_ignored(ids):
    assert len({folder_name(id).casefold() for id in ids}) == len(ids)


def _header(fields: bytes, number: bytes = b"1") -> bytes:
    return b"paperreader full text %s %08x %s\n" % (number, crc32(fields), fields)


MAX_PART_BYTES = 1 << 20
BOMB = zlib.compress(bytes(MAX_PART_BYTES + 1))
DAMAGE = {
    "empty": lambda data: b"",
    "cut in the first line": lambda data: data[:30],
    "cut after the first line": lambda data: data[: data.index(b"\n") + 1],
    "cut in the document": lambda data: data[: data.index(b"\n") + 20],
    "zeros": lambda data: bytes(len(data)),
    "another program": lambda data: b"GIF89a" + data,
    "newer format": lambda data: data.replace(b"text 1 ", b"text 2 ", 1),
    "no number": lambda data: data.replace(b"text 1 ", b"text x ", 1),
    "other checksum": lambda data: data.replace(b"arxiv-html", b"arxiv-htmk", 1),
    "other fields": lambda data: _header(b'{"paper":1}'),
    "an array": lambda data: _header(b"[]"),
    "nested": lambda data: _header(b"[" * 5000),
    "huge version": lambda data: _header(
        b'{"paper":"2403.01234","source":"pdf","kind":"pdf","version":1e400}'
    ),
    "long line": lambda data: data[:30] + b"x" * 100_000,
    "flipped in the document": lambda data: _flip(data, data.index(b"\n") + 30),
    "another paper": lambda data: _header(b'{"paper":"2403.99999","source":"pdf","kind":"pdf","version":2}'),
    "another version": lambda data: _header(
        b'{"paper":"2403.01234","source":"pdf","kind":"pdf","version":3}'
    ),
    "a bomb": lambda data: (
        _header(
            b'{"paper":"2403.01234","source":"pdf","kind":"pdf","version":2,"document":[%d,%d]}'
            % (len(BOMB), crc32(BOMB))
        )
        + BOMB
    ),
}


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_reported_once_and_can_be_written_again(store, damage, monkeypatch):
    monkeypatch.setattr(text_file, "MAX_PART_BYTES", MAX_PART_BYTES)
    path = store.path(write(store))
    path.write_bytes(damage(path.read_bytes()))
    for _ in range(2):
        assert [store.document(text) for text in store.texts("2403.01234")] in ([], [None])
    (problem,) = store.pop_problems()
    assert problem.file == "full text 2403.01234/v2.text" and problem.message
    store.texts("2403.01234")
    assert store.pop_problems() == []
    assert len(store.verify()) == 1
    assert store.document(write(store)) == DOCUMENT
    assert store.verify() == []


def test_a_flipped_bit_anywhere_is_noticed(store):
    path = store.path(write(store, page=b"page"))
    data = path.read_bytes()
    first_line = data.index(b"\n")
    for at in (*range(0, first_line, 2), *range(first_line - 1, len(data), 20)):
        path.write_bytes(_flip(data, at))
        assert store.verify(), at


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_reported_and_not_waited_for(store, make):
    path = store.path(write(store))
    path.unlink()
    make(path)
    assert store.texts("2403.01234") == ()
    (problem,) = store.pop_problems()
    assert "cannot be read" in problem.message


def test_a_file_in_place_of_a_folder_is_no_text(store):
    write(store)
    store.remove("2403.01234")
    (store.folder / "2403.01234").write_text("mine")
    assert (
        store.texts("2403.01234") == () and list(store.all_texts()) == [] and store.remove("2403.01234") == 0
    )
    assert (store.folder / "2403.01234").read_text() == "mine"


def test_an_intact_page_survives_a_damaged_document(store):
    path = store.path(write(store))
    data = path.read_bytes()
    path.write_bytes(_flip(data, data.index(b"\n") + 10))
    (text,) = store.texts("2403.01234")
    assert store.document(text) is None and store.page(text).data == PAGE


def test_removing_leaves_files_of_others_and_nothing_of_its_own(store):
    for version in (1, 2):
        path = store.path(write(store, replace(TEXT, version=version)))
    (path.parent / ".v2.text.paperreader-abcdefgh.tmp").write_bytes(b"left by a crash")
    assert store.remove("2403.01234") == 2
    assert not path.parent.exists()
    path = store.path(write(store))
    (path.parent / "notes.txt").write_text("mine")
    assert store.remove("2403.01234") == 1
    assert [other.name for other in path.parent.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["full", "no space", "read-only", "write error"])
def test_a_disk_that_fails_is_an_error_and_the_old_text_stays(store, name):
    old = write(store)
    with FAULTS[name](), pytest.raises(StorageError):
        write(store, replace(TEXT, etag="new"), paragraph("new"))
    assert store.texts("2403.01234") == (old,)
    assert store.document(old) == DOCUMENT
    newer = write(store, replace(TEXT, etag="new"), paragraph("new"))
    assert store.document(newer) == paragraph("new")

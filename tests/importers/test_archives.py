"""Import of compressed files and archives: contents are read, dangerous ones are reported, limits apply."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import pytest

from paperreader.importers.input import compression
from tests.importers.import_helpers import import_clean, import_paths, import_text

DAY = json.dumps([{"paper": {"id": "2405.01234", "title": "Lamps in Corridors", "upvotes": 3}}]).encode()
BIB = b"@misc{a, title = {Bridges That Hold}}\n"
LINES = b"".join(
    json.dumps(
        {"id": f"2401.{n:05}", "title": f"Lamp {n}", "abstract": "Lit.", "update_date": "2024-01-09"}
    ).encode()
    + b"\n"
    for n in range(3000)
)
PACKERS = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


def tar(members, mode="w"):
    """Return an archive of these members: a name and bytes, or a header."""
    made = io.BytesIO()
    fast = {"preset": 0} if mode == "w:xz" else {}
    with tarfile.open(fileobj=made, mode=mode, **fast) as archive:
        for member, data in members:
            header = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(member)
            if header.isreg():
                header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return made.getvalue()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return made.getvalue()


MEMBERS = [("days/2024-05-27.json", DAY), ("refs/mine.bib", BIB)]
ARCHIVES = {
    "tar": tar(MEMBERS),
    "tar.gz": tar(MEMBERS, "w:gz"),
    "tar.xz": tar(MEMBERS, "w:xz"),
    "tar.bz2": tar(MEMBERS, "w:bz2"),
    "zip": zipped(MEMBERS),
    "stored zip": zipped(MEMBERS, zipfile.ZIP_STORED),
}


@pytest.mark.parametrize("packer", PACKERS)
def test_compressed_file_is_read_as_a_stream(packer):
    records = import_clean(PACKERS[packer](LINES), f"rows.jsonl.{packer}")
    assert [record.arxiv for record in records] == [f"2401.{n:05}" for n in range(3000)]
    assert {record.source.name for record in records} == {f"rows.jsonl.{packer}"}


@pytest.mark.parametrize("packer", PACKERS)
def test_compressed_page_has_the_same_date_and_sources(packer):
    (record,) = import_clean(PACKERS[packer](DAY), f"2024-05-27.json.{packer}")
    (plain,) = import_clean(DAY, "2024-05-27.json")
    assert record.source.date == "2024-05-27"
    assert record.source.key == plain.source.key


def test_concatenated_streams_are_one():
    assert len(import_clean(gzip.compress(LINES) + gzip.compress(LINES) + b"\0" * 512)) == 6000


@pytest.mark.parametrize("packer", PACKERS)
def test_truncated_or_damaged_stream_yields_its_beginning(packer):
    complete = PACKERS[packer](LINES * 2)
    damaged = bytearray(complete)
    damaged[len(complete) // 2] ^= 0xFF
    for broken in (complete[: len(complete) * 2 // 3], bytes(damaged)):
        records, problems = import_text(broken, "rows")
        assert len(records) < 6_000
        assert problems
        assert "rows" in str(problems[-1])


@pytest.mark.parametrize("kind", ARCHIVES)
def test_members_of_an_archive(kind):
    day, reference = import_clean(ARCHIVES[kind], f"all.{kind}")
    assert (day.source.name, day.source.date) == ("2024-05-27.json", "2024-05-27")
    assert day.source.key == import_clean(DAY)[0].source.key, "the same page, wherever it lies"
    assert (reference.source.name, reference.title) == ("mine.bib", "Bridges That Hold")


@pytest.mark.parametrize("pack", [tar, zipped])
def test_problems_in_an_archive_name_their_member(pack):
    records = import_clean(pack([("a.jsonl", LINES), ("b/a.jsonl", LINES)]))
    assert len({record.source.key for record in records}) == 6000


def test_problems_name_archive_member_and_line():
    records, (problem,) = import_text(tar([("a/b.bib", b"\n@misc{x, year = 1}\n")]), "all.tar")
    assert records == []
    assert str(problem) == "all.tar/a/b.bib:2: the entry “x” has no title"


@pytest.mark.parametrize("pack", [tar, zipped])
def test_members_outside_the_archive_are_refused_and_the_rest_is_read(pack):
    names = ["../up.bib", "/etc/abs.bib", "a/../../b.bib", "C:\\x.bib", "..\\y.bib", "fine.bib"]
    records, problems = import_text(pack([(name, BIB) for name in names]), "all")
    assert [record.source.name for record in records] == ["fine.bib"]
    assert len(problems) == 5
    assert all("leads out of the archive" in problem.message for problem in problems)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(kind):
    header = tarfile.TarInfo("link.bib")
    header.type, header.linkname = kind, "/etc/passwd"
    records, (problem,) = import_text(tar([(header, b""), ("fine.bib", BIB)]), "all")
    assert len(records) == 1
    assert problem.message == "is a link or a device, not a file; it was not read"


def test_links_in_a_zip_are_refused():
    link = zipfile.ZipInfo("link.bib")
    link.external_attr = 0o120777 << 16
    records, (problem,) = import_text(zipped([(link, b"/etc/passwd"), ("fine.bib", BIB)]))
    assert len(records) == 1
    assert "is a link" in problem.message


@pytest.mark.parametrize("inner", ["tar", "tar.gz", "zip"])
@pytest.mark.parametrize("pack", [tar, zipped])
def test_archives_in_archives_are_refused(pack, inner):
    records, (problem,) = import_text(
        pack([(f"inner.{inner.split('.')[-1]}", ARCHIVES[inner]), ("fine.bib", BIB)]), "all"
    )
    assert len(records) == 1
    assert "unpack it first" in problem.message


def test_nothing_is_unpacked_twice():
    for data in (gzip.compress(gzip.compress(BIB)), gzip.compress(ARCHIVES["zip"])):
        records, (problem,) = import_text(data)
        assert records == []
        assert "unpack it first" in problem.message


def test_hidden_members_are_ignored_and_unsupported_ones_counted():
    members = [
        (".DS_Store", b"x"),
        ("__MACOSX/._a.bib", b"x"),
        ("a.png", b"x"),
        ("b.png", b"x"),
        ("fine.bib", BIB),
    ]
    for pack in (tar, zipped):
        records, (problem,) = import_text(pack(members), "all")
        assert len(records) == 1
        assert problem.message == "ignored 2 files ending in .png"


@pytest.mark.parametrize("kind", ARCHIVES)
def test_truncated_archive_is_reported(kind):
    complete = ARCHIVES[kind].rstrip(b"\0")
    for length in (len(complete) // 3, len(complete) // 2):
        records, problems = import_text(complete[:length], "all")
        assert len(records) < 2
        assert problems or (kind == "tar" and len(records) == 1), "a tar may end anywhere between members"


@pytest.mark.parametrize("empty", [tar([]), zipped([])])
def test_empty_archive_is_reported(empty):
    records, (problem,) = import_text(empty)
    assert records == []
    assert problem.message in (
        "the archive contains no files",
        "is empty but for white space",
        "is binary data, not text",
    )


def test_encrypted_member_is_reported():
    data = bytearray(zipped([("secret.bib", BIB)]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    records, (problem,) = import_text(bytes(data), "all")
    assert records == []
    assert "is encrypted" in problem.message


@pytest.mark.parametrize("packer", PACKERS)
def test_decompression_bomb_is_refused(packer, monkeypatch):
    monkeypatch.setattr(compression, "UNCHECKED_BYTES", 1 << 20)
    records, problems = import_text(PACKERS[packer](b" " * (12 << 20)), "bomb")
    assert records == []
    assert [problem.message for problem in problems] == [
        "would unpack to far more than any papers need; it was not read to the end"
    ]


@pytest.mark.parametrize(
    "bomb",
    [tar([("a.jsonl", b" " * (12 << 20))], "w:xz"), zipped([("a.jsonl", b" " * (12 << 20))])],
    ids=[
        "tar",
        "zip",
    ],  # a zip contains the time, so that without ids the workers would name the test differently
)
def test_decompression_bomb_in_an_archive_is_refused(bomb, monkeypatch):
    monkeypatch.setattr(compression, "UNCHECKED_BYTES", 1 << 20)
    records, problems = import_text(bomb, "bomb")
    assert records == []
    assert problems
    assert all("far more than any papers need" in problem.message for problem in problems)


def test_xz_stream_with_a_huge_dictionary_is_refused():
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 512 << 20}]
    records, (problem,) = import_text(lzma.compress(LINES, filters=filters), "rows")
    assert records == []
    assert "of memory to unpack" in problem.message


def test_tar_with_a_huge_extended_header_is_refused():
    header = tarfile.TarInfo("x" * 100)
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 1 << 33
    records, (problem,) = import_text(header.tobuf() + BIB, "all")
    assert records == []
    assert "damaged tar archive" in problem.message


def test_sparse_member_is_refused():
    header = tarfile.TarInfo("holes.bib")
    header.type = tarfile.GNUTYPE_SPARSE
    raw = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    raw[483:495] = b"77777777777\0"
    raw[148:156] = b"%06o\0 " % (256 + sum(raw[:148]) + sum(raw[156:512]))
    records, problems = import_text(bytes(raw) + b"\0" * 1024, "all")
    assert records == []
    assert any("not a file" in problem.message for problem in problems)


def test_archives_in_a_folder_are_read(tmp_path):
    (tmp_path / "all.tar.xz").write_bytes(ARCHIVES["tar.xz"])
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(LINES[:400]))
    (tmp_path / "notes.docx").write_bytes(b"PK\x03\x04")
    records, problems = import_paths(tmp_path)
    assert {record.source.name for record in records} == {"2024-05-27.json", "mine.bib", "rows.jsonl.gz"}
    assert any(problem.message == "ignored 1 file ending in .docx" for problem in problems)


def test_member_has_the_date_of_the_archive_entry():
    header = tarfile.TarInfo("answer.json")
    header.mtime = int(dt.datetime(2025, 6, 1, 12).timestamp())
    (record,) = import_clean(tar([(header, DAY)]))
    assert record.observed == "2025-06-01"

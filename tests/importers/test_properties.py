"""Random input for every importer: never an exception, always an entry or a problem."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.importers import Input
from paperreader.importers.input.content import UnsupportedContent
from paperreader.importers.json import python_literals
from paperreader.importers.json.json_stream import JsonError, iter_values
from paperreader.json_codec import record_from_json, record_to_json
from paperreader.models import ImportedEntry, Problem
from paperreader.text.ids import match_keys, slug_id
from paperreader.text.tex.braces import strip_case_braces
from tests.examples import every_second, examples
from tests.importers.hf_renderings import RENDERERS
from tests.importers.import_helpers import import_input
from tests.importers.test_archives import ARCHIVES, LINES, PACKERS
from tests.importers.test_arxiv import ATOM, ROW, RSS
from tests.importers.test_arxiv_pages import (
    ABSTRACT_PAGE,
    ARXIV,
    MAIL,
    mail,
    oai,
    oai_record,
)
from tests.importers.test_huggingface import FIRST, LATER
from tests.importers.test_json_services import EXPECTED
from tests.importers.test_markdown_lists import ITEMS
from tests.importers.test_paper_pages import JINA
from tests.importers.test_reference_managers import ENDNOTE_XML, ENW, NBIB, WEB_OF_SCIENCE
from tests.importers.test_references import BIBTEX, RIS
from tests.importers.test_rendered_pages import WITH_ABSTRACTS
from tests.importers.test_zotero_rdf import ARTICLE, JOURNAL, NOTE, rdf

SERVICES = [item for _, item, _ in EXPECTED]

GOOD = {
    "day": json.dumps([FIRST, LATER], indent=1).encode(),
    "damaged day": json.dumps([repr(FIRST), repr(LATER)]).encode(),
    "frame": json.dumps({"status": "ok", "date": "2025-01-10", "data": [FIRST]}).encode(),
    "page": b'<html><div data-target="DailyPapers" data-props="'
    + json.dumps({"dailyPapers": [LATER]}).replace('"', "&quot;").encode()
    + b'"></div></html>',
    "row": json.dumps(ROW).encode() + b"\n",
    "atom": ATOM.encode(),
    "rss": RSS.encode(),
    "bibtex": BIBTEX.encode(),
    "ris": RIS.encode(),
    "nbib": NBIB.encode(),
    "wos": WEB_OF_SCIENCE.encode(),
    "enw": ENW.encode(),
    "endnote": ENDNOTE_XML.encode(),
    "abstract page": ABSTRACT_PAGE.encode(),
    "announcement": MAIL.encode(),
    "mail": mail("8bit", MAIL.encode()),
    "oai": oai(oai_record(ARXIV)).encode(),
    "single page": JINA.encode(),
    "list": "\n".join(ITEMS.values()).encode(),
    **{program: RENDERERS[program](WITH_ABSTRACTS).encode() for program in ("w3m", "html2text")},
    "zotero": rdf(ARTICLE, JOURNAL, NOTE).encode(),
    "services": json.dumps(SERVICES).encode(),
    **ARCHIVES,
    **{packer: pack(LINES[:2000]) for packer, pack in PACKERS.items()},
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(
    {*FIRST, *LATER, *FIRST["paper"], *LATER["paper"], *ROW, "paperreader", "records", "mark", "links"}
    | {name for item in SERVICES for name in item}
)


def check(data: bytes, name: str = "2024-05-27.json") -> None:
    """Import it; every result can be stored and found again."""
    for made in import_input(Input(name, data)):
        assert isinstance(made, (ImportedEntry, Problem))
        if isinstance(made, Problem):
            assert made.message
            assert not {unicodedata.category(char) for char in str(made)} & {"Cc", "Cs"}
            continue
        for record in made.records:
            assert record.title.strip()
            assert record_from_json(json.loads(json.dumps(record_to_json(record)))) == record
            assert match_keys(record) or slug_id(record.title, record.abstract)
            assert all(link.url.startswith("http") for link in record.links)


@given(st.binary(max_size=300), st.sampled_from(list(GOOD)), st.integers(0, 50))
def test_any_bytes(data, kind, length):
    check(data)
    check(GOOD[kind][:length] + data)


@pytest.mark.parametrize("kind", every_second(GOOD))
@examples(8)
@given(data=st.data())
def test_valid_input_with_random_byte_changes(kind, data):
    wild = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(wild)))
        stop = min(len(wild), start + data.draw(st.integers(0, 12)))
        wild[start:stop] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b"{", b"}", b'"', b"\\", b"<", b"&", b"["])
        )
    check(bytes(wild))


@given(
    st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8), max_size=3),
    st.sampled_from([None, 1]),
)
def test_objects_with_fields_of_any_type_are_accepted(items, indent):
    check(json.dumps(items, indent=indent).encode())
    check("\n".join(map(json.dumps, items)).encode())
    check(json.dumps([{"paper": item} for item in items]).encode())
    check(json.dumps([repr(item) for item in items]).encode())
    check(json.dumps({"date": "2025-01-10", "data": items}).encode())
    check(json.dumps([{**ROW, **item} for item in items]).encode())


@given(st.sampled_from(SERVICES), st.data())
def test_objects_of_services_with_fields_of_any_type_are_accepted(item, data):
    inner = next((name for name in ("content", "data") if name in item), "")
    changed = data.draw(
        st.dictionaries(st.sampled_from(sorted(item[inner] if inner else item)), JSON, max_size=4)
    )
    check(
        json.dumps([{**item, inner: {**item[inner], **changed}} if inner else {**item, **changed}]).encode()
    )


@given(
    st.text(max_size=200),
    st.sampled_from(["@misc{a, title = {%s}}", "@article{%s", "TY  - JOUR\nTI  - %s\nER  - "]),
)
def test_references_of_any_text(text, form):
    check((form % text).encode("utf-8", "surrogatepass"))


@given(st.text(alphabet='{}\\$^_ab"# ,=@\n', max_size=60))
def test_bibtex_with_special_characters(text):
    check(f"@misc{{a, title = {text}".encode())
    strip_case_braces(text)


@given(JSON)
@example({"a": [1.5, -2, "it's", 'a "b"', None, True, {}, []]})
def test_python_literals(value):
    written = repr(value)
    if "nan" in written or "inf" in written:
        return
    assert python_literals.parse_literal(written) == value


@given(st.text(max_size=60) | st.text(alphabet="{}[]()'\",: \\ntx0TrueNo", max_size=40))
def test_any_text_as_python_literal(text):
    try:
        python_literals.parse_literal(text)
    except ValueError as error:
        assert str(error)


@given(st.lists(JSON, max_size=5), st.sampled_from([None, 0, 2]))
def test_values_of_a_document(document, indent):
    text = json.dumps(document, indent=indent)
    found = list(iter_values(text))
    assert json.dumps([value for _, value in found]) == json.dumps(document)
    lines = text.split("\n")
    for line, value in found:
        assert json.dumps(value)[:1] in lines[line - 1]


@given(st.text(alphabet='{}[]",:0 \n\\u', max_size=60))
def test_any_text_as_a_document(text):
    try:
        for _ in iter_values(text):
            pass
    except (JsonError, UnsupportedContent) as error:
        assert str(error)


@given(st.text(max_size=40), st.binary(max_size=60))
def test_members_of_any_name(name, data):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "x"), data)
    check(made.getvalue())

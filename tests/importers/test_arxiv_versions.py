"""The version of a paper at arXiv that import formats name."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.catalog.merge.grouping import group_by_paper
from paperreader.catalog.merge.matching import with_keys
from paperreader.catalog.merge.paper_merge import merge_records
from paperreader.json_codec import record_from_json, record_to_json
from paperreader.library import Library
from paperreader.text.ids import parse_arxiv_version
from tests.catalog.records import record
from tests.examples import examples
from tests.importers.import_helpers import import_clean
from tests.importers.test_arxiv import ATOM
from tests.importers.test_arxiv_pages import ABSTRACT_PAGE

RSS_ITEM = """<rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"><channel><title>cs.CL</title><item>
<title>Bends of Rivers</title><link>https://arxiv.org/abs/2609.12345</link>
<description>arXiv:2609.12345v4 Announce Type: replace
Abstract: A river is asked.</description>{}</item></channel></rss>"""

RAW = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record>
<header><identifier>oai:arXiv.org:2609.12345</identifier></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2609.12345</id>
<version version="v1"><date>Tue, 01 Sep 2026 10:00:00 GMT</date><size>9kb</size></version>
<version version="v2"><date>Wed, 02 Sep 2026 10:00:00 GMT</date><size>9kb</size></version>
<title>Bends of Rivers</title><authors>Cy River</authors><abstract>A river.</abstract></arXivRaw>
</metadata></record></GetRecord></OAI-PMH>"""

MAIL = r"""\\
arXiv:2609.12345v2
Date: Tue, 1 Sep 2026 18:59:01 GMT   (12kb)

Title: Bends of Rivers
Authors: Cy River
\\
  A river.
\\ ( https://arxiv.org/abs/2609.12345 ,  12kb)
"""

FULL_TEXT = """<html><head><link rel="canonical" href="https://arxiv.org/html/2609.12345"/></head><body>
<div id="watermark-tr">arXiv:2609.12345v3 [cs.CL] 03 Sep 2026</div><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Bends of Rivers</h1>
<div class="ltx_abstract"><p class="ltx_p">A river.</p></div></article></body></html>"""

HISTORY = '<div class="submission-history">From: Ada <a>[v1]</a> Mon<br/><b>[v4]</b> Tue</div>'

SNAPSHOT = {"id": "2609.12345", "title": "Bends of Rivers", "abstract": "A river.", "authors": "Cy River"}


def snapshot(*versions: object, **changed: str) -> str:
    return json.dumps({**SNAPSHOT, "versions": list(versions), "update_date": "2026-09-03", **changed})


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        (ATOM, [3, 1]),
        (RSS_ITEM.format(""), [4]),
        (RSS_ITEM.format('<guid isPermaLink="false">oai:arXiv.org:2609.12345v5</guid>'), [5]),
        (RAW, [2]),
        (RAW.replace('<version version="v2">', "<other>").replace("</version>\n<title", "</other>\n<title"), [1]),
        (MAIL, [2]),
        (MAIL.replace("12345v2", "12345"), [0]),
        (ABSTRACT_PAGE, [0]),
        (ABSTRACT_PAGE.replace("org/abs/2607.11111", "org/abs/2607.11111v2"), [2]),
        (ABSTRACT_PAGE.replace("</body>", f"{HISTORY}</body>"), [4]),
        (FULL_TEXT, [3]),
        (snapshot({"version": "v1", "created": "Tue, 1 Sep 2026 10:00:00 GMT"}, {"version": "v3"}), [3]),
        (snapshot(id="2609.12345v2"), [2]),
        (snapshot({"version": "three"}), [0]),
        ("@misc{a, title={Bends of Rivers}, eprint={2609.12345v2}, archiveprefix={arXiv}}", [2]),
        ("@misc{a, title={Bends}, url={https://arxiv.org/abs/2609.12345v7}, note={arXiv:2609.99999v9}}", [7]),
        ("TY  - JOUR\nTI  - Bends of Rivers\nUR  - http://arxiv.org/pdf/2609.12345v3.pdf\nER  - \n", [3]),
        ("@article{a, title={Bends of Rivers}, doi={10.1000/v2}}", [0]),
    ],
)  # fmt: skip
def test_version_that_a_format_names(text, versions):
    assert [record.arxiv_version for record in import_clean(text)] == versions


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2403.01234v2", 2),
        ("arXiv:2403.01234V12", 12),
        ("https://arxiv.org/pdf/2403.01234v3.pdf?x=v9", 3),
        ("hep-th/9901001v4", 4),
        ("10.48550/arXiv.2403.01234v2", 2),
        ("2403.01234", 0),
        ("2403.01234v0", 0),
        ("2403.1234v2", 0),
        ("v2", 0),
        ("bends-v2-01234567", 0),
    ],
)
def test_version_in_an_id(text, version):
    assert parse_arxiv_version(text) == version


@given(versions=st.lists(st.integers(0, 999), min_size=1, max_size=4))
@examples(25)
def test_the_highest_version_is_kept_in_any_order(versions):
    records = [
        with_keys(record("Bends of Rivers", f"k:{number}", arxiv="2609.12345", arxiv_version=version))
        for number, version in enumerate(versions)
    ]
    for order in itertools.islice(itertools.permutations(records), 6):
        (group,) = group_by_paper(order)
        assert merge_records(group.arxiv, group.members).paper.arxiv_version == max(versions)


@pytest.mark.parametrize(("stored", "version"), [(3, 3), (3.0, 3), (0, 0), (-1, 0), (10**30, 0), (2.5, 0)])
def test_stored_versions_are_checked(stored, version):
    data = record_to_json(record("Bends", "k:0", arxiv="2609.12345"))
    assert "arxiv_version" not in data
    assert record_from_json({**data, "arxiv_version": stored}).arxiv_version == version


def test_version_in_a_library_and_its_exports(home, tmp_path):
    library = Library.open()
    (tmp_path / "a.bib").write_text("@misc{a, title={Bends of Rivers at Night}, eprint={2609.12345v2}}")
    (tmp_path / "b.json").write_text(snapshot({"version": "v1"}))
    (tmp_path / "c.bib").write_text("@misc{a, title={Bends of Rivers at Night}, year={2026}}")
    library.imports.import_paths([str(tmp_path / name) for name in ("a.bib", "b.json", "c.bib")])
    for opened in (library, Library.open()):
        (row,) = opened.table.newest
        assert opened.paper(row).arxiv_version == 2
    (line,) = library.exports.lines(library.table.newest, "jsonl")
    assert json.loads(line)["arxiv_version"] == 2
    other = Library.open(tmp_path / "other")
    (tmp_path / "all.jsonl").write_text(line)
    other.imports.import_paths([str(tmp_path / "all.jsonl")])
    assert other.paper(other.table.newest[0]).arxiv_version == 2
    assert [problem for problem in library.maintenance.check() if problem.file != "index"] == []

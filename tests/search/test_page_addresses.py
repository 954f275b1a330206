"""Queries that name papers by the addresses that known sites have for them."""

from __future__ import annotations

import pytest

from paperreader.models import Paper
from paperreader.text.urls import parse_link
from tests.search.conftest import MemoryTable


def _link(url):
    link = parse_link(url)
    assert link is not None
    return link


PAPERS = (
    Paper(
        "review-1",
        "Reviewed doors",
        links=(_link("https://openreview.net/forum?id=Ab_c-1"), _link("https://github.com/Lamps/Doors")),
    ),
    Paper("icml-1", "Lamps in order", links=(_link("https://proceedings.mlr.press/v139/lamp21a.html"),)),
    Paper(
        "cvpr-1",
        "Seen doors",
        links=(_link("https://openaccess.thecvf.com/content/CVPR2021/papers/Lee_Doors_CVPR_2021_paper.pdf"),),
    ),
    Paper(
        "nips-1",
        "Lamps are all",
        links=(
            _link("https://papers.nips.cc/paper/2017/hash/3f5ee243547dee91fbd053c1c4a845aa-Abstract.html"),
        ),
    ),
    Paper("acm-1", "Doors at work", doi="10.1145/3292500.3330701"),
    Paper("bio-1", "Lamps of cells", doi="10.1101/2020.01.02.123456"),
    Paper("springer-1", "Doors of Europe", doi="10.1007/978-3-030-58452-8_13"),
    Paper("nature-1", "Lamps of nature", doi="10.1038/s41586-021-03819-2"),
    Paper("zenodo-1", "Counted doors", doi="10.5281/zenodo.1234567"),
    Paper("ssrn-1", "Priced lamps", doi="10.2139/ssrn.1234567"),
    Paper("ieee-1", "Electric lamps", links=(_link("https://ieeexplore.ieee.org/document/8765432"),)),
    Paper("iacr-1", "Locked doors", links=(_link("https://eprint.iacr.org/2020/123"),)),
    Paper(
        "model-1",
        "Lamp models",
        links=(_link("https://huggingface.co/lamps/base"), _link("https://lamps.github.io")),
    ),
    Paper(
        "cell-1",
        "Small lamps",
        links=(_link("https://www.sciencedirect.com/science/article/pii/S0893608021000001"),),
    ),
    Paper(
        "pmc-1", "Lamps of medicine", links=(_link("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/"),)
    ),
    Paper(
        "s2-1",
        "Scholarly doors",
        links=(
            _link(
                "https://www.semanticscholar.org/paper/Scholarly-doors-Lee/0123456789012345678901234567890123456789"
            ),
        ),
    ),
    Paper(
        "aaai-1", "Logical lamps", links=(_link("https://ojs.aaai.org/index.php/AAAI/article/view/12345"),)
    ),
    Paper("kaggle-1", "Lamp data", links=(_link("https://www.kaggle.com/datasets/lamps/doors"),)),
    Paper("acl-old", "Old window lamps", links=(_link("https://www.aclweb.org/anthology/P19-1001.pdf"),)),
)
ROWS = {paper.id: row for row, paper in enumerate(PAPERS)}


@pytest.fixture
def search(engine):
    table = MemoryTable(PAPERS)
    engine.store.update(table)
    return lambda query: engine.search(query, table, {})


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("openreview.net/forum?id=Ab_c-1", "review-1"),
        ("https://openreview.net/forum?id=Ab_c-1&noteId=xyz", "review-1"),
        ("https://openreview.net/forum?referrer=%5Bthe%20profile%5D(/x)&id=Ab_c-1", "review-1"),
        ("https://openreview.net/attachment?id=Ab_c-1&name=supplementary_material", "review-1"),
        ("github.com/lamps/doors", "review-1"),
        ("https://github.com/lamps/doors?utm_source=mail#readme", "review-1"),
        ("https://proceedings.mlr.press/v139/lamp21a/lamp21a.pdf", "icml-1"),
        ("http://proceedings.mlr.press/v139/lamp21a.html", "icml-1"),
        ("https://openaccess.thecvf.com/content/CVPR2021/html/Lee_Doors_CVPR_2021_paper.html", "cvpr-1"),
        ("https://proceedings.neurips.cc/paper/2017/file/3f5ee243547dee91fbd053c1c4a845aa-Paper.pdf", "nips-1"),
        ("https://papers.neurips.cc/paper_files/paper/2017/hash/"
"3f5ee243547dee91fbd053c1c4a845aa-Abstract.html", "nips-1"),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", "acm-1"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701?download=true", "acm-1"),
        ("https://dl.acm.org/doi/abs/10.1145/3292500.3330701", "acm-1"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2.full.pdf", "bio-1"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v1", "bio-1"),
        ("https://link.springer.com/chapter/10.1007/978-3-030-58452-8_13", "springer-1"),
        ("https://link.springer.com/content/pdf/10.1007/978-3-030-58452-8_13.pdf", "springer-1"),
        ("https://link.springer.com/10.1007%2F978-3-030-58452-8_13", "springer-1"),
        ("https://www.nature.com/articles/s41586-021-03819-2", "nature-1"),
        ("https://www.nature.com/articles/s41586-021-03819-2.pdf", "nature-1"),
        ("https://zenodo.org/records/1234567", "zenodo-1"),
        ("zenodo.org/record/1234567", "zenodo-1"),
        ("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=1234567", "ssrn-1"),
        ("https://ieeexplore.ieee.org/abstract/document/8765432/", "ieee-1"),
        ("https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=8765432", "ieee-1"),
        ("https://eprint.iacr.org/2020/123.pdf", "iacr-1"),
        ("https://huggingface.co/lamps/base/tree/main", "model-1"),
        ("hf.co/lamps/base", "model-1"),
        ("lamps.github.io/", "model-1"),
        ("https://www.sciencedirect.com/science/article/abs/pii/S0893608021000001?via%3Dihub", "cell-1"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/", "pmc-1"),
        ("https://www.semanticscholar.org/paper/Scholarly-doors-Lee/0123456789012345678901234567890123456789", "s2-1"),
        ("https://ojs.aaai.org/index.php/AAAI/article/view/12345/12204", "aaai-1"),
        ("www.kaggle.com/datasets/lamps/doors", "kaggle-1"),
        ("https://aclanthology.org/P19-1001/", "acl-old"),
    ],
)  # fmt: skip
def test_addresses_of_known_sites_name_their_papers(search, address, id):
    hits = search(address)
    assert [*hits.rows] == [ROWS[id]]
    assert hits.missing == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://openreview.net/forum?id=Unknown_lamps",
        "openreview.net/pdf?id=doors",
        "https://aclanthology.org/2024.lamps-main.1",
        "https://proceedings.mlr.press/v1/lamps1a.html",
        "https://openaccess.thecvf.com/content/X/html/Lamps_paper.html",
        "https://papers.nips.cc/paper/2017/hash/0000-Abstract.html",
        "https://dl.acm.org/doi/10.1145/lamps",
        "https://ieeexplore.ieee.org/document/1111111",
        "https://www.biorxiv.org/content/10.1101/lamps",
        "https://www.semanticscholar.org/paper/lamps-doors/abc",
        "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=1",
        "https://eprint.iacr.org/1999/999",
        "https://www.sciencedirect.com/science/article/pii/S1",
        "https://pubmed.ncbi.nlm.nih.gov/1234567/",
        "https://ojs.aaai.org/index.php/lamps/article/view/1",
        "https://zenodo.org/record/1",
        "https://www.kaggle.com/lamps",
        "https://osf.io/lamps",
        "https://figshare.com/articles/lamps/1",
        "https://physionet.org/content/lamps/1.0/",
        "https://github.com/doors/lamps",
        "gitlab.com/doors/lamps",
        "https://huggingface.co/doors/lamps",
        "https://huggingface.co/datasets/doors/lamps",
        "https://doors.github.io/lamps",
        "https://doi.org/10.1234/lamps",
        "10.1234/doors",
        "doi:10.1234/doors",
        "https://example.org/lamps",
    ],
)
def test_unknown_addresses_list_nothing(search, address):
    hits = search(address)
    assert [*hits.rows] == []
    assert hits.missing == (address.removeprefix("doi:").removeprefix("https://doi.org/"),)
    assert hits.suggestion == hits.corrected == ""
    with_words = search(f"{address} logical lamps")
    assert [*with_words.rows[: with_words.full_matches]] == [ROWS["aaai-1"]]
    assert with_words.missing == hits.missing


def test_papers_that_mention_a_missing_one_are_listed(engine):
    papers = (
        Paper("a", "Lamps", "The code is at https://github.com/doors/lamps now."),
        Paper("b", "Doors", "Continues 10.1234/doors and 2510.99999."),
        Paper("c", "Lamps of doors", "Neither github nor com."),
    )
    table = MemoryTable(papers)
    engine.store.update(table)
    for query, row in (("https://github.com/doors/lamps", 0), ("doi:10.1234/doors", 1), ("2510.99999", 1)):
        hits = engine.search(query, table, {})
        assert ([*hits.rows], hits.full_matches) == ([row], 1)
        assert len(hits.missing) == 1

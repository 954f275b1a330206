"""Files of known formats that are legal but unusual: each field is what a person would read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.import_helpers import import_clean, import_text

SEARCH_RESULT = """<html><body><ol><li class="arxiv-result"><p class="list-title"><a
href="https://arxiv.org/abs/2512.00001">arXiv:2512.00001</a></p><div class="tags"><span class="tag">cs.CL</span></div>
<div class="tags"><span class="tag">doi</span><span class="tag"><a href="https://doi.org/10.1000/se.1">10.1000/se.1</a>
</span></div><p class="title is-5 mathjax">Lamps of the deep</p><p class="authors"><a>Ada Lee</a></p></li></ol></body>
</html>"""

ARXIV_PAGE = """Title: Lamps of the deep

URL Source: https://arxiv.org/abs/2512.04072

Markdown Content:
[Skip to main content](https://arxiv.org/abs/2512.04072#content)

Title:Lamps of the deep
=======================

Authors:[Ada Lee](https://arxiv.org/search/cs?searchtype=author&query=Lee,+A), [Bo Chen](https://arxiv.org/search/cs?\
searchtype=author&query=Chen,+B)

[View PDF](https://arxiv.org/pdf/2512.04072)
> Abstract:We study lamps.
> They are bright.

Comments:9 pages
Subjects:Computation and Language (cs.CL)
"""

CLIPPED_NOTE = """---
title: "Lamps of the deep: a study"
author:
  - "[[Ada Lee]]"
  - "[[people/bo|Bo Chen]]"
source: "https://arxiv.org/abs/2512.04072"
published: 2025-12-03
---
We study lamps, see [another paper](https://arxiv.org/abs/2001.00001).
"""

NUMBERED_HEADINGS = """# Daily papers

### 1. Lamps of the deep
- **Authors**: Ada Lee, Bo Chen
- **Link**: https://arxiv.org/abs/2512.04072
"""

PROJECT_LINKS = """# Lamps

- [Lamps of the deep](https://arxiv.org/abs/2512.04072), ICML, [Project](https://lamps.github.io/)
  [Model](https://huggingface.co/ada/lamps) [News](https://example.org/news)
"""

TABLE_WITHOUT_VENUE = """| Year | Title | Venue |
|---|---|---|
| 2025 | [Lamps of the deep](https://arxiv.org/abs/2512.04072) | - |
"""

ZOTERO_EXTRA = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><bib:Article rdf:about="http://arxiv.org/abs/2512.04072">
<z:itemType>preprint</z:itemType><dc:title>Lamps of the deep</dc:title><dc:date>2025-12-03</dc:date>
<dc:description>arXiv:2512.04072 [cs]
Comment: code at https://github.com/ada/lamps</dc:description></bib:Article></rdf:RDF>"""

DBLP = """{"result": {"hits": {"@total": "1", "hit": [{"@score": "4", "info": {"authors": {"author": [
{"@pid": "1", "text": "Ada Lee 0001"}, {"@pid": "2", "text": "Bo Chen"}]}, "title": "Lamps of the deep.",
"venue": ["ICML", "PMLR"], "year": "2023", "ee": "https://doi.org/10.1000/db.1",
"url": "https://dblp.org/rec/conf/icml/LeeC23"}}]}}}"""

CHAPTER = """{"status": "ok", "message-type": "work", "message": {"DOI": "10.1000/a.1", "type": "book-chapter",
"title": ["Lamps of the deep"], "container-title": ["Lecture Notes in Lamps", "Handbook of Lamps"],
"author": [{"given": "Ada", "family": "Lee"}], "issued": {"date-parts": [[2019]]},
"ISBN": ["http://id.crossref.org/isbn/9783161484100"], "member": "1", "prefix": "10.1000"}}"""

EUROPE_PMC = """{"hitCount": 1, "resultList": {"result": [{"pmid": "123", "doi": "10.1000/ep.1", "pageInfo": "1-9",
"title": "Lamps of the deep.", "authorString": "Lee A, van den Berg C.", "pubYear": "2021", "journalVolume": "3",
"abstractText": "<h4>Background</h4>On lamps."}]}}"""

NUMBERS_IN_BRACKETS = """# arXiv daily

**[1] Lamps of the deep**
*Ada Lee, Bo Chen*
[Abstract](https://arxiv.org/abs/2512.04072) [PDF](https://arxiv.org/pdf/2512.04072)
"""

PAPER_PAGE = """[Papers](https://huggingface.co/papers)

arxiv:2512.04072

Lamps of the deep
=================

Published on Dec 3, 2025

Authors:

[Ada Lee](https://huggingface.co/ada),

Bo Chen

Abstract
--------

We study lamps.

[View arXiv page](https://arxiv.org/abs/2512.04072)[GitHub 12](https://github.com/ada/l)
"""

MAIL_IN_HTML = r"""From: ada@example.org
Subject: cs daily
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><body><pre>\\
arXiv:2512.04072
Date: Wed, 3 Dec 2025 18:59:01 GMT   (12028kb,D)

Title: Lamps of the deep
Authors: Ada Lee, Jörg Berg
\\
  We study lamps where x &lt; 3.
\\ ( <a href="https://arxiv.org/abs/2512.04072">https://arxiv.org/abs/2512.04072</a> ,  12028kb)
</pre></body></html>
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SEARCH_RESULT, {"doi": "10.1000/se.1", "abstract": "", "categories": ("cs.CL",)}),
        (ARXIV_PAGE, {"authors": ("Ada Lee", "Bo Chen"), "abstract": "We study lamps.\nThey are bright."}),
        (CLIPPED_NOTE, {"authors": ("Ada Lee", "Bo Chen"), "published": "2025-12-03"}),
        (NUMBERED_HEADINGS, {"authors": ("Ada Lee", "Bo Chen")}),
        (PROJECT_LINKS, {"links": ["https://lamps.github.io/", "https://huggingface.co/ada/lamps"]}),
        (TABLE_WITHOUT_VENUE, {"booktitle": "", "published": "2025-12"}),
        (ZOTERO_EXTRA, {"arxiv": "2512.04072", "links": ["https://github.com/ada/lamps"]}),
        (
            '{"data": [{"paperId": "' + "b" * 40 + '", "title": "Lamps of the deep"}]}',
            {"links": [f"https://www.semanticscholar.org/paper/{'b' * 40}"]},
        ),
        (DBLP, {"title": "Lamps of the deep", "authors": ("Ada Lee", "Bo Chen"), "booktitle": "ICML"}),
        (CHAPTER, {"booktitle": "Handbook of Lamps", "isbn": "9783161484100", "published": "2019"}),
        (
            EUROPE_PMC,
            {"abstract": "Background: On lamps.", "links": ["https://pubmed.ncbi.nlm.nih.gov/123/"]},
        ),
        (NUMBERS_IN_BRACKETS, {"arxiv": "2512.04072"}),
        (PAPER_PAGE, {"repo": "https://github.com/ada/l", "authors": ("Ada Lee", "Bo Chen")}),
        (MAIL_IN_HTML, {"authors": ("Ada Lee", "Jörg Berg"), "abstract": "We study lamps where x < 3."}),
    ],
    ids=[
        "search",
        "arxiv page",
        "clipped",
        "numbered",
        "project",
        "venue",
        "zotero",
        "semantic scholar",
        "dblp",
        "crossref",
        "europe pmc",
        "brackets",
        "paper page",
        "mail",
    ],
)
def test_unusual_file(text: str, expected: dict[str, Any]) -> None:
    (record,) = import_clean(text)
    assert record.title.startswith("Lamps of the deep")
    for name, value in expected.items():
        found: Any = getattr(record, name)
        assert ([link.url for link in found] if name == "links" else found) == value


@pytest.mark.parametrize(
    "text",
    [
        "Reading list\n\n- [ ] lamps https://arxiv.org/abs/2512.04072\n- [x] doors https://arxiv.org/abs/2512.04073\n",
        "   [1]arXiv:2512.04072 [[2]pdf, [3]html]\n   Title: Lamps\n   Authors: Ada Lee\n\n   We study lamps.\n",
    ],
)
def test_text_that_mentions_papers_is_refused_with_advice(text: str) -> None:
    records, (problem,) = import_text(text)
    assert records == []
    assert "mentions arXiv papers" in problem.message
    assert "paperreader add" in problem.message

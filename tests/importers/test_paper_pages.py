"""Pages of single papers of Hugging Face as text or Markdown, and notes whose header describes a paper."""

from __future__ import annotations

import textwrap

import pytest

from tests.importers.import_helpers import import_clean, import_text

TITLE = "Lanterns in a Corridor: How Few Lamps Suffice for Multi-Agent Walks"
ABSTRACT = "We ask how few lamps light a corridor of many doors. A greedy walk comes within a factor of two."
WRAPPED = [*textwrap.wrap(TITLE, 60, break_on_hyphens=False), *textwrap.wrap(ABSTRACT, 60)]

JINA = f"""Title: Paper page - {TITLE}

URL Source: https://huggingface.co/papers/2607.11111

Markdown Content:
*   [Models](https://huggingface.co/models)
*   [Log In](https://huggingface.co/login)

[Papers](https://huggingface.co/papers)

arxiv:2607.11111

{TITLE}
======================================================================

Published on Jul 15, 2026

· Submitted by [![Image 1](https://cdn.example/a.jpeg) lamplighter](https://huggingface.co/lamplighter) on Jul 16, 2026

[#1 Paper of the day](https://huggingface.co/papers?date=2026-07-16)

 [Upvote 19](https://huggingface.co/login?next=%2Fpapers%2F2607.11111)

*   [![Image 2](https://cdn.example/b.jpeg)](https://huggingface.co/bo "bo")
*   +7

Authors:

 ![Image 3](https://cdn.example/c.svg) [Ada van River](https://huggingface.co/ada) ,

Bo Lee ,

 Cy Hill

Abstract
--------

{ABSTRACT}

[View arXiv page](https://arxiv.org/abs/2607.11111) [View PDF](https://arxiv.org/pdf/2607.11111)

### Community

The following papers were recommended:

*   [Sediment as a Clock of Many Rivers](https://huggingface.co/papers/2607.22222) (2026)
"""
BROWSER = f"""Hugging Face
Models
Log In
Sign Up
Papers
arxiv:2607.11111

Copy markdown

{TITLE}
Published on Jul 15, 2026
· Submitted by
lamplighter
on Jul 16, 2026
Upvote
19
Authors:
Ada van River
,
Bo Lee
,
Cy Hill
Abstract
Lamps are counted.

AI-generated summary

{ABSTRACT}

View arXiv page
View PDF
Community
"""
W3M = f"""  • Models
  • Log In

Papers
arxiv:2607.11111

{WRAPPED[0]}
{WRAPPED[1]}

Published on Jul 15, 2026
·Submitted by
[s] lamplighter on Jul 16, 2026
[ ] Upvote 19

Authors:
Ada van River , Bo Lee ,
Cy Hill

Abstract

{WRAPPED[2]}
{WRAPPED[3]}

View arXiv page View PDF
"""


@pytest.mark.parametrize("text", [JINA, BROWSER, W3M], ids=["Jina", "browser", "w3m"])
def test_page_of_a_single_paper(text):
    (record,) = import_clean(text)
    assert (record.title, record.arxiv, record.published) == (TITLE, "2607.11111", "2026-07-15")
    assert record.authors == ("Ada van River", "Bo Lee", "Cy Hill")
    assert (record.abstract, record.source.kind) == (ABSTRACT, "capture")
    assert record.summary == ("Lamps are counted." if text is BROWSER else "")


def test_page_whose_title_is_missing_is_refused():
    records, (problem,) = import_text(BROWSER.replace(TITLE, ""))
    assert records == []
    assert "paperreader add" in problem.message


@pytest.mark.parametrize(
    "header",
    [
        f'---\narxiv_id: "2607.11111"\ntitle: "{TITLE}"\nauthors:\n  - Ada van River\n  - Bo Lee\n'
        'submitted: "2026-07-15"\n---\n',
        "---\ntitle: Paper page - Lanterns in a Corridor: How Few Lamps Suffice\n  for Multi-Agent Walks\n"
        "url: https://huggingface.co/papers/2607.11111\nauthors: [Ada van River, Bo Lee]\ndate: 2026-07-15\n---\n",
        f"Title: [2607.11111] {TITLE}\n\nURL Source: https://arxiv.org/abs/2607.11111\n\nMarkdown Content:\n",
    ],
    ids=["note", "clipping", "Jina"],
)
def test_header_describes_the_paper_that_a_note_is_about(header):
    (record,) = import_clean(
        f"{header}\n# {TITLE}\n\nSee [Sediment as a Clock of Rivers](https://arxiv.org/abs/2607.22222).\n"
    )
    assert (record.title, record.arxiv) == (TITLE, "2607.11111")
    if not header.startswith("Title:"):
        assert (record.authors, record.published) == (("Ada van River", "Bo Lee"), "2026-07-15")


def test_header_of_another_page_describes_no_paper():
    header = "---\ntitle: A Blog about Many Lamps\nurl: https://lamps.example/blog\n---\n"
    (record,) = import_clean(f"{header}\n- [{TITLE}](https://arxiv.org/abs/2607.11111)\n")
    assert (record.title, record.arxiv) == (TITLE, "2607.11111")

"""Lists of papers in Markdown: awesome lists, tables of daily arXiv scripts, notes with links."""

from __future__ import annotations

import pytest

from tests.importers.import_helpers import import_clean, import_text

ID, URL = "2607.11111", "https://arxiv.org/abs/2607.11111"
CODE = "https://github.com/lanternlab/corridors"
TITLE = "Lanterns in a Corridor: How Few Lamps Suffice"

ITEMS = {
    "link": f"- [{TITLE}]({URL})",
    "link of a pdf": f"* [{TITLE}](https://arxiv.org/pdf/{ID}v2.pdf), ICML 2026. [[code]({CODE})]",
    "bold before links": f"- (ICML 2026) **{TITLE}**, Ada River et al. [[Paper]({URL})] [[Code]({CODE})]",
    "bold link": f"* **[{TITLE}]({URL})** <br> *Ada River, Bo Lee* | [code]({CODE})",
    "text before links": f"1. [2026/07] {TITLE}. [[paper]({URL})] [[code]({CODE})]",
    "double brackets": f"* {TITLE} [[Paper]]({URL}) [[Code]]({CODE})",
    "quoted": f'- A. River and B. Lee, "{TITLE}," 2026. [[paper]]({URL})',
    "wrapped": f"- **{TITLE}** \\\n  *Ada River* \\\n  arXiv 2026. [[Paper]({URL})]",
    "nested": f"- Halls\n  - [{TITLE}]({URL})\n    - a note about it",
    "badges": f"- [![Star](https://img.shields.io/github/stars/lanternlab/corridors.svg)]({CODE}) [{TITLE}]({URL})",
    "heading": f"### [{TITLE}]({URL})\n\nSome words about it.",
    "numbered heading": f"## 1. [{TITLE}](https://huggingface.co/papers/{ID})\n\nA summary.",
    "heading with fields": f"#### {TITLE}\n - **Authors:** Ada River, Bo Lee\n - **Arxiv link:** {URL}\n\n"
    " - **Abstract**\n We light lamps.",
    "title as a field": f"### Title:\n          {TITLE}\n - **Authors:** Ada River\n - **Arxiv link:** {URL}",
    "paragraph": f"**{TITLE}**  \n*Ada River, Bo Lee*  \narXiv 2026 [[paper]]({URL})",
    "reference": f"- [{TITLE}][1]\n\n[1]: {URL}",
    "result of a search": f"7. [[{ID}] {TITLE}]({URL}) - We light lamps ...",
    "page title": f"- [{TITLE} - arXiv]({URL})",
    "paper page": f"- [Paper page - {TITLE}](https://huggingface.co/papers/{ID})",
    "doi": f"- [{TITLE}](https://doi.org/10.1234/lamps.7)",
    "publisher": f"- **{TITLE}**. [[paper](https://openreview.net/forum?id=lamp)]",
}
TABLES = {
    "daily": "|Publish Date|Title|Authors|PDF|Code|\n|---|---|---|---|---|\n"
    f"|**2026-07-15**|**{TITLE}**|Ada River et.al.|[{ID}](http://arxiv.org/abs/{ID})|**[link]({CODE})**|\n",
    "daily with outer spaces": "| Publish Date | Title | Authors | PDF | Code |\n|:---------|:------|:------|:--|:--|\n"
    f"| **2026-07-15** | **{TITLE}** | Ada River et.al. | [{ID}]({URL}) | null |\n",
    "awesome": "| Title | Venue | Date | Code | Demo |\n|:--|:--:|:--:|:--:|:--:|\n"
    f"| ![Star](https://img.shields.io/x.svg) <br> [**{TITLE}**]({URL}) | ICML | 2026-07-15 | [Github]({CODE}) |\n",
    "without bars at the ends": f"Paper | Link\n---|---\n{TITLE} | [pdf](https://arxiv.org/pdf/{ID})\n",
    "bar in a title": f"| Title | Date |\n|-|-|\n| [{TITLE} \\| Part 1]({URL}) | 2026 |\n",
}


@pytest.mark.parametrize("name", ITEMS)
def test_item(name):
    (record,) = import_clean(f"# Awesome Lamps\n\nPapers about lamps.\n\n{ITEMS[name]}\n")
    assert record.title == TITLE
    assert (record.arxiv, record.source.kind) == ("" if name in ("doi", "publisher") else ID, "markdown")
    assert record.published == (None if name in ("doi", "publisher") else "2026-07")
    if CODE in ITEMS[name] and name != "badges":
        assert record.repo == CODE


def test_fields_below_a_heading():
    (record,) = import_clean(ITEMS["heading with fields"])
    assert (record.authors, record.abstract) == (("Ada River", "Bo Lee"), "We light lamps.")


@pytest.mark.parametrize("title", ["基于灯光的走廊研究", "ランプと廊下についての研究"])
def test_titles_without_blanks_between_words(title):
    (record,) = import_clean(f"# Lamps\n\n- [{title}](https://arxiv.org/abs/{ID})\n")
    assert record.title == title


@pytest.mark.parametrize("name", TABLES)
def test_table(name):
    (record,) = import_clean(f"## Lamps\n\n{TABLES[name]}")
    assert record.title == (f"{TITLE} | Part 1" if "bar in" in name else TITLE)
    assert record.arxiv == ID
    if name == "daily":
        assert (record.authors, record.published, record.repo) == (("Ada River",), "2026-07-15", CODE)
    if name == "awesome":
        assert (record.booktitle, record.published, record.repo) == ("ICML", "2026-07-15", CODE)


def test_row_with_line_ends_and_an_abstract_in_the_column_of_authors():
    abstract = "Numerous tasks, including lighting and\ncounting of lamps, can\nbe cast as walks, so we propose plans."
    row = f"|**2026-07-15**|**{TITLE}**|{abstract}|[{ID}]({URL})|null|"
    other = "|**2026-07-14**|**Another Paper about Lamps**|Ada River et.al.|[a](https://arxiv.org/abs/2607.22222)|null|"
    records = import_clean(
        f"## Lamps\n\n|Publish Date|Title|Authors|PDF|Code|\n|---|---|---|---|---|\n{row}\n{other}\n"
    )
    assert [(record.title, record.arxiv, record.authors) for record in records] == [
        (TITLE, ID, ()),
        ("Another Paper about Lamps", "2607.22222", ("Ada River",)),
    ]


def test_every_part_of_a_long_list_is_found_in_order():
    entries = [
        f"- [A Study of Lamps, Part {number}](https://arxiv.org/abs/2607.{number:05})"
        for number in range(300)
    ]
    records = import_clean("# Lamps\n\n" + "\n".join(entries))
    assert [record.arxiv for record in records] == [f"2607.{number:05}" for number in range(300)]


@pytest.mark.parametrize(
    "text",
    [
        f"- our implementation of [the paper]({URL})",
        f"- based on [River et al. (2026)]({URL}), with changes",
        f"[![arXiv](https://img.shields.io/badge/arXiv-{ID}-red.svg)]({URL})",
        f"- [Paper]({URL}) [Code]({CODE})",
        f"- [Corridor]({URL}) - our model",
        f"- [{TITLE[:30]}...]({URL})",
        f"The method follows [an older idea of ours]({URL}) and works.",
        f"Ground truth: “Tomorrow is the day of the exam”. See [here]({URL}).",
    ],
)
def test_link_without_a_certain_title_is_reported_and_not_imported(text):
    records, problems = import_text(
        f"- [A Title of Another Paper](https://arxiv.org/abs/2601.00001)\n\n{text}\n"
    )
    assert [record.arxiv for record in records] == ["2601.00001"]
    assert "no certain title" in problems[0].message
    records, (problem,) = import_text(f"# A project\n\nInstall it.\n\n{text}\n")
    assert records == []
    assert "without a list of papers" in problem.message


def test_code_and_comments_are_not_looked_at():
    hidden = f"- [{TITLE}]({URL})\n"
    text = f"- [A Title of Another Paper](https://arxiv.org/abs/2601.00001)\n\n```\n{hidden}```\n<!--\n{hidden}-->\n"
    assert [record.arxiv for record in import_clean(text)] == ["2601.00001"]


def test_list_with_a_citation_in_bibtex_is_a_list():
    entry = "```bibtex\n@article{river,\n  title={Lanterns},\n  author={Ada River}\n}\n```\n"
    items = "".join(
        f"- [A Study of Lamps, Part {number}](https://arxiv.org/abs/2607.0000{number})\n"
        for number in range(3)
    )
    assert len(import_clean(items + entry)) == 3
    records = import_clean(f"# Lamps\n\n[paper]({URL})\n\n{entry}")
    assert [record.source.kind for record in records] == ["bibtex"]


def test_title_keeps_formulas_and_loses_markup():
    (record,) = import_clean(f"- [**On $O(n^2)$ \\[Lamps\\]** &amp; _Halls_ of `n` Doors]({URL})")
    assert record.title == "On $O(n^2)$ [Lamps] & Halls of `n` Doors"

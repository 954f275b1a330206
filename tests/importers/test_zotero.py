"""Import of papers that Zotero exported."""

from __future__ import annotations

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from tests.importers.import_helpers import import_input

RIS = """TY  - UNPB\r
TI  - Lamps in Long Corridors\r
AU  - Lantern, Ada\r
AU  - de la River, Cy\r
AB  - We light corridors.\r
DA  - 2024/01/09/\r
PY  - 2024\r
DO  - 10.48550/arXiv.2401.04321\r
DP  - arXiv.org\r
PB  - arXiv\r
UR  - http://arxiv.org/abs/2401.04321\r
Y2  - 2024/02/01/10:11:12\r
AN  - arXiv:2401.04321 [cs]\r
L1  - https://arxiv.org/pdf/2401.04321.pdf\r
L2  - http://arxiv.org/abs/2401.04321\r
N1  - <p>Comment: 15 pages</p>\r
N1  - <div data-schema-version="8"><p>Read <strong>again</strong>:</p>\r
<ul>\r
<li>\r
the proof\r
</li>\r
</ul>\r
</div>\r
KW  - Computer Science - Machine Learning\r
KW  - rl\r
ER  - \r
\r
"""

BIBLATEX = r"""
@misc{lantern_lamps_2024,
	title = {Lamps in {Long} {Corridors}},
	url = {http://arxiv.org/abs/2401.04321},
	doi = {10.48550/arXiv.2401.04321},
	abstract = {We light corridors.},
	number = {{arXiv}:2401.04321},
	publisher = {{arXiv}},
	author = {Lantern, Ada and de la River, Cy},
	urldate = {2024-02-01},
	date = {2024-01-09},
	eprinttype = {arxiv},
	eprint = {2401.04321 [cs]},
	keywords = {Computer Science - Machine Learning, rl},
	annotation = {Comment: 15 pages

Read again: the proof},
	file = {Full Text PDF:/home/ada/Zotero/storage/ABCD1234/Lantern - 2024 - Lamps.pdf:application/pdf},
}
"""

CSV = (
    "\ufeff"
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url",'
    '"Abstract Note","Date","Date Added","Date Modified","Access Date","Pages","Extra","Notes",'
    '"File Attachments","Link Attachments","Manual Tags","Automatic Tags","Editor"\n'
    '"ABCD1234","preprint","2024","Lantern, Ada; de la River, Cy","Lamps in Long Corridors","","","",'
    '"10.48550/arXiv.2401.04321","http://arxiv.org/abs/2401.04321","We light corridors.","2024-01-09",'
    '"2024-02-01 10:11:12","2024-02-01 10:11:12","2024-02-01 10:11:12","","arXiv:2401.04321 [cs]",'
    '"<p>Comment: 15 pages</p>; <div data-schema-version=""8""><p>Read <strong>again</strong>:</p> <ul> <li> the proof'
    ' </li> </ul> </div>","/home/ada/Zotero/storage/ABCD1234/Lamps.pdf","http://arxiv.org/abs/2401.04321",'
    '"rl; to read","Computer Science - Machine Learning",""\n'
)

ARXIV_DOI = "10.48550/arxiv.2401.04321"
NOTE = "Comment: 15 pages\n\nRead **again**:\n\n- the proof"


@pytest.mark.parametrize(
    ("text", "note", "tags", "keywords"),
    [
        (RIS, NOTE, [], ("Computer Science - Machine Learning", "rl")),
        (
            BIBLATEX,
            "Comment: 15 pages\n\nRead again: the proof",
            [],
            ("Computer Science - Machine Learning", "rl"),
        ),
        (CSV, NOTE, ["rl", "to read"], ("Computer Science - Machine Learning",)),
    ],
    ids=["ris", "biblatex", "csv"],
)
def test_every_export_of_a_paper_is_the_same_paper(text, note, tags, keywords):
    (entry,) = import_input(importers.Input("export", text.encode()))
    assert isinstance(entry, ImportedEntry)
    (record,) = entry.records
    assert (record.title, record.abstract) == ("Lamps in Long Corridors", "We light corridors.")
    assert record.authors == ("Ada Lantern", "Cy de la River")
    assert (record.arxiv, record.doi, record.published) == ("2401.04321", ARXIV_DOI, "2024-01-09")
    assert record.keywords == keywords
    assert record.links == (), "the paper's own page follows from its id"
    assert entry.mark is not None
    assert entry.mark.note_text == note
    assert list(entry.mark.tag_names) == tags


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (
            r"Read \textbf{again}: \emph{the \textbf{proof}}, 50\% of it",
            "Read **again**: *the **proof***, 50% of it",
        ),
        (r"one\par two\textit{ and three }", "one\n\ntwo *and three*"),
        (
            r"\begin{itemize} \item a \item \texttt{b}\end{itemize}\url{https://x.example/a\_b}",
            "- a\n- `b`\n<https://x.example/a_b>",
        ),
        (r"\href{https://x.example}{a {Page}}", "[a {Page}](https://x.example)"),
        (
            r"a\textbf{} \textbackslash{}textbf\{typed\}",
            r"a \textbf{typed}",
        ),
        (r"\itemized \parted $\alpha$", r"\itemized \parted α"),
    ],
)
def test_notes_in_tex_become_markdown(source, note):
    (entry,) = import_input(
        importers.Input("export", f"@misc{{a,\n title = {{Lamps}},\n annotation = {{{source}}},\n}}".encode())
    )
    assert entry.mark.note_text == note

"""Import of Zotero RDF."""

from __future__ import annotations

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from tests.importers.import_helpers import import_clean, import_input, import_text

HEAD = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
"""


def rdf(*elements: str) -> str:
    return "\n".join([HEAD, *elements, "</rdf:RDF>"])


def people(role: str, *names: tuple[str, str]) -> str:
    given = "<foaf:givenName>{}</foaf:givenName>"
    items = "".join(
        f"<rdf:li><foaf:Person><foaf:surname>{family}</foaf:surname>{given.format(first) if first else ''}"
        "</foaf:Person></rdf:li>"
        for first, family in names
    )
    return f"<bib:{role}><rdf:Seq>{items}</rdf:Seq></bib:{role}>"


ARTICLE = f"""
<bib:Article rdf:about="https://lamps.example/article">
  <z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf rdf:resource="urn:issn:1234-5678"/>
  {people("authors", ("Ada", "Lee"), ("", "Lamp Group"))}{people("editors", ("Dee", "Door"))}
  <dcterms:isReferencedBy rdf:resource="#item_7"/>
  <link:link rdf:resource="#item_8"/>
  <dc:subject>mine</dc:subject>
  <dc:subject><z:AutomaticTag><rdf:value>automatic</rdf:value></z:AutomaticTag></dc:subject>
  <dc:title>Lamps &amp; &lt;i&gt;Corridors&lt;/i&gt; of &lt;think&gt;</dc:title>
  <dcterms:abstract>We light $x &lt; y$.</dcterms:abstract>
  <dc:date>2020-05-03</dc:date>
  <bib:pages>11-19</bib:pages>
  <dc:description>arXiv:2001.04321 [cs]</dc:description>
</bib:Article>"""
JOURNAL = """
<bib:Journal rdf:about="urn:issn:1234-5678">
  <dc:title>Journal of Lamps</dc:title>
  <prism:volume>7</prism:volume><prism:number>2</prism:number>
  <dc:identifier>ISSN 1234-5678</dc:identifier><dc:identifier>DOI 10.1000/LAMP.1</dc:identifier>
</bib:Journal>"""
NOTE = """
<bib:Memo rdf:about="#item_7"><rdf:value>&lt;p&gt;Read &lt;b&gt;again&lt;/b&gt;&lt;/p&gt;</rdf:value></bib:Memo>"""
ATTACHMENT = """
<z:Attachment rdf:about="#item_8"><z:itemType>attachment</z:itemType><dc:title>Full text</dc:title>
  <dc:identifier><dcterms:URI><rdf:value>https://lamps.example/snapshot</rdf:value></dcterms:URI></dc:identifier>
</z:Attachment>"""


def test_article_with_journal_note_tags_and_attachment():
    (entry,) = import_input(importers.Input("lib.rdf", rdf(ARTICLE, JOURNAL, NOTE, ATTACHMENT).encode()))
    assert isinstance(entry, ImportedEntry)
    (record,) = entry.records
    assert record.title == "Lamps & Corridors of <think>"
    assert (record.authors, record.editors) == (("Ada Lee", "Lamp Group"), ("Dee Door",))
    assert (record.journal, record.volume, record.number, record.pages) == (
        "Journal of Lamps",
        "7",
        "2",
        "11--19",
    )
    assert (record.doi, record.issn, record.arxiv) == ("10.1000/lamp.1", "1234-5678", "2001.04321")
    assert (record.published, record.entry_type, record.keywords) == ("2020-05-03", "article", ("automatic",))
    assert record.abstract == "We light $x < y$."
    assert [link.url for link in record.links] == ["https://lamps.example/article"]
    assert entry.mark is not None
    assert (entry.mark.note_text, entry.mark.tag_names) == ("Read **again**", ("mine",))


def item(kind: str, element: str = "rdf:Description", more: str = "") -> str:
    return (
        f'<{element} rdf:about="#item_1"><z:itemType>{kind}</z:itemType><dc:title>A Lamp</dc:title>'
        f"{people('authors', ('Ada', 'Lee'))}{more}</{element}>"
    )


def part_of(element: str, title: str) -> str:
    return f"<dcterms:isPartOf><{element}><dc:title>{title}</dc:title></{element}></dcterms:isPartOf>"


CONFERENCE = "<bib:Conference><dc:title>Lamps 20</dc:title></bib:Conference>"
PUBLISHER = (
    "<dc:publisher><foaf:Organization><foaf:name>Lamp House</foaf:name></foaf:Organization></dc:publisher>"
)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (
            item("conferencePaper", more=part_of("bib:Journal", "Proceedings of Lamps")),
            {"entry_type": "inproceedings", "booktitle": "Proceedings of Lamps", "journal": ""},
        ),
        (
            item(
                "conferencePaper",
                more=f"<bib:presentedAt>{CONFERENCE}</bib:presentedAt>",
            ),
            {"entry_type": "inproceedings", "booktitle": "Lamps 20"},
        ),
        (
            item("bookSection", "bib:BookSection", part_of("bib:Book", "The Book of Lamps")),
            {"entry_type": "incollection", "booktitle": "The Book of Lamps"},
        ),
        (
            item("book", "bib:Book", PUBLISHER),
            {"entry_type": "book", "publisher": "Lamp House", "school": ""},
        ),
        (
            item("thesis", "bib:Thesis", f"{PUBLISHER}<z:type>Master's thesis</z:type>"),
            {"entry_type": "mastersthesis", "school": "Lamp House", "publisher": ""},
        ),
        (
            item("preprint", "bib:Article", "<z:archiveID>arXiv:2001.04321</z:archiveID>"),
            {"entry_type": "", "arxiv": "2001.04321", "journal": ""},
        ),
        (
            item("preprint", "bib:Article").replace("#item_1", "https://arxiv.org/abs/2001.04321v2"),
            {"arxiv": "2001.04321", "links": ()},
        ),
        (item("blogPost", "bib:Document", part_of("z:Website", "A Blog")), {"journal": "", "booktitle": ""}),
    ],
)
def test_types_of_items(element, expected):
    (record,) = import_clean(rdf(element))
    assert {name: getattr(record, name) for name in expected} == expected


def test_doi_of_a_shared_journal_is_not_that_of_its_articles():
    second = ARTICLE.replace("https://lamps.example/article", "https://lamps.example/second").replace(
        "Lamps &", "Doors &"
    )
    records = import_clean(rdf(ARTICLE, second, JOURNAL, NOTE))
    assert [record.doi for record in records] == ["", ""]
    assert {record.journal for record in records} == {"Journal of Lamps"}


def test_what_belongs_to_no_item_is_reported():
    records, problems = import_text(
        rdf(
            item("book"),
            NOTE,
            ATTACHMENT,
            "<z:Collection/>",
            "<rdf:x><z:itemType>letter</z:itemType></rdf:x>",
        )
    )
    assert len(records) == 1
    assert [problem.message for problem in problems] == [
        "an item of the type “letter” has no title",
        "notes that belong to no item were not imported: 1",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "<bib:Article>", "damaged in line"),
        ("<!DOCTYPE rdf:RDF [<!ENTITY x 'y'>]>\n" + rdf(item("book")), "document type"),
    ],
)
def test_damaged_and_dangerous_files_are_refused(text, message):
    records, (problem,) = import_text(text)
    assert records == []
    assert message in problem.message

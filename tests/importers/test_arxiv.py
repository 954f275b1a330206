"""Import of arXiv feeds and of the metadata snapshot."""

from __future__ import annotations

import json

import pytest

from tests.importers.import_helpers import import_clean, import_text

ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/q</id>
  <title>arXiv Query: all:lanterns</title>
  <entry>
    <id>http://arxiv.org/abs/2401.04321v3</id>
    <title>Lanterns &lt;EOS&gt; in
  Corridors</title>
    <updated>2024-05-01T00:00:00Z</updated>
    <link href="https://arxiv.org/abs/2401.04321v3" rel="alternate" type="text/html"/>
    <summary>  A corridor of $n$ doors &amp; few lamps.
</summary>
    <published>2024-01-09T18:00:00Z</published>
    <arxiv:comment>8 pages, code: https://github.com/lanternlab/lamps</arxiv:comment>
    <arxiv:doi>10.1000/Lamps.7</arxiv:doi>
    <author><name>Ada Lantern</name><arxiv:affiliation>Corridor College</arxiv:affiliation></author>
    <author><name>Bo  Corridor</name></author>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="hep-th" scheme="http://arxiv.org/schemas/atom"/>
    <category term="68T07; I.2.7" scheme="http://arxiv.org/schemas/atom"/>
    <arxiv:primary_category term="cs.LG"/>
  </entry>
  <entry>
    <id>http://arxiv.org/abs/hep-th/9901001v1</id>
    <title>Old Lamps</title>
    <summary>They still burn.</summary>
    <published>1999-01-01T00:00:00Z</published>
    <author><name>Cy River</name></author>
  </entry>
</feed>
"""

RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.CL updates on arXiv.org</title>
    <pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate>
    <item>
      <title>Bends of Rivers</title>
      <link>https://arxiv.org/abs/2609.12345</link>
      <description>arXiv:2609.12345v1 Announce Type: new
Abstract: A river is asked where it goes.</description>
      <guid isPermaLink="false">oai:arXiv.org:2609.12345v1</guid>
      <pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <category>cs.GL</category>
      <category>physics.ao-ph</category>
      <dc:creator>Cy River, Di Bridge</dc:creator>
    </item>
    <item>
      <title>Bridges, Revisited</title>
      <link>https://arxiv.org/abs/2501.00001</link>
      <description>arXiv:2501.00001v4 Announce Type: replace-cross
Abstract: They hold.</description>
      <guid isPermaLink="false">oai:arXiv.org:2501.00001v4</guid>
      <pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate>
      <dc:creator>Di Bridge</dc:creator>
    </item>
  </channel>
</rss>
"""

ROW = {
    "id": "0704.1234",
    "submitter": "Ada Lantern",
    "authors": "Ada L\\'antern, Bo Corridor and Cy River",
    "title": "Lamps and\n  Doors",
    "comments": "12 pages; code at https://gitlab.com/lamps/doors",
    "journal-ref": None,
    "doi": "10.1000/AB.1 10.1000/ab.2",
    "report-no": None,
    "categories": "cs.AI",
    "license": None,
    "abstract": "  Doors are lit\nby lamps.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "x"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [["Lántern", "Ada", ""], ["Corridor", "Bo", "Jr."], ["River Group", "", ""]],
}


def test_query_api_response():
    first, second = import_clean(ATOM)
    assert (first.arxiv, first.published, first.doi) == ("2401.04321", "2024-01-09", "10.1000/lamps.7")
    assert first.title == "Lanterns <EOS> in\n  Corridors"
    assert first.abstract == "  A corridor of $n$ doors & few lamps."
    assert first.authors == ("Ada Lantern", "Bo Corridor")
    assert [link.url for link in first.links] == ["https://github.com/lanternlab/lamps"]
    assert (first.source.kind, first.source.date) == ("arxiv", None)
    assert first.categories == ("cs.LG", "cs.CL", "hep-th")
    assert second.arxiv == "hep-th/9901001"


def test_feed_is_recognised_by_namespace_not_by_prefix():
    text = ATOM.replace("arxiv:", "x:").replace("xmlns:arxiv", "xmlns:x").replace('xmlns="', 'xmlns:a="')
    for tag in ("feed", "entry", "id", "title", "summary", "published", "author", "name", "link", "updated"):
        text = text.replace(f"<{tag}", f"<a:{tag}").replace(f"</{tag}", f"</a:{tag}")
    text = text.replace("xmlns:x:", "xmlns:").replace("xmlns:arxiv", "xmlns:x")
    (first, second), problems = import_text(text)
    assert problems == []
    assert [(record.title, record.authors) for record in import_clean(ATOM)] == [
        (first.title, first.authors),
        (second.title, second.authors),
    ]
    assert first.doi == "10.1000/lamps.7"


def test_error_feed_is_reported():
    error = """<feed xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/</id>
    <entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title>
    <summary>malformed id</summary></entry></feed>"""
    records, (problem,) = import_text(error)
    assert records == []
    assert problem.message == "arXiv returned an error: malformed id"
    assert problem.line == 2


@pytest.mark.parametrize(
    "empty",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>arXiv Query</title></feed>',
        '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>cs.CL</title></channel></rss>',
    ],
)
def test_feed_without_entries_is_no_problem(empty):
    assert import_text(empty) == ([], [])


def test_daily_announcement():
    new, replaced = import_clean(RSS)
    assert (new.arxiv, new.title, new.published) == ("2609.12345", "Bends of Rivers", "2026-09-24")
    assert new.abstract == "A river is asked where it goes."
    assert new.authors == ("Cy River", "Di Bridge")
    assert new.categories == ("cs.GL", "physics.ao-ph")
    assert (replaced.arxiv, replaced.abstract) == ("2501.00001", "They hold.")
    assert replaced.published == "2025-01", "its id says the month of the first version"


def test_announcement_in_the_older_format():
    text = """<?xml version="1.0"?>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
             xmlns:dc="http://purl.org/dc/elements/1.1/">
    <item><title>Old News. (arXiv:2101.00001v2 [cs.CL] UPDATED)</title><link>http://arxiv.org/abs/2101.00001</link>
    <description>&lt;p&gt;We report $x&lt;y$ news.&lt;/p&gt;</description>
    <dc:creator>&lt;a href="http://arxiv.org/find/1"&gt;Ada Lantern&lt;/a&gt;,
    &lt;a href="x"&gt;Bo Door&lt;/a&gt;</dc:creator>
    </item></rdf:RDF>"""
    (record,) = import_clean(text)
    assert (record.title, record.arxiv) == ("Old News", "2101.00001")
    assert record.abstract == "We report $x<y$ news."
    assert record.authors == ("Ada Lantern", "Bo Door")
    assert record.categories == ("cs.CL",)


OLD_RSS = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://arxiv.org/"><title>cs.LG</title><dc:date>2018-05-23T20:30:00-05:00</dc:date></channel>
<item><title>Lamps When Losses Are Small. (arXiv:{id} [cs.LG]{state})</title><link>http://arxiv.org/abs/1805.08875</link>
<description>&lt;p&gt;In the range $2.6&amp;lt;\\eta&amp;lt;4$ it is R&amp;amp;D. Code is at
&lt;a href=&quot;https://github.com/ex/losses&quot;&gt;this https URL&lt;/a&gt;.
&lt;/p&gt;</description>
<dc:creator>{creator}</dc:creator>
</item></rdf:RDF>"""
LINKED = "&lt;a href=&quot;http://arxiv.org/find/1&quot;&gt;{}&lt;/a&gt;"


@pytest.mark.parametrize(
    ("creator", "authors"),
    [
        (
            f"{LINKED.format('Anna M&amp;#xFC;ller')} (1), {LINKED.format('Di Roe')} (2) ((1) Lamp Lab, (2) Door Lab)",
            ("Anna Müller", "Di Roe"),
        ),
        ("Anna M\u00fcller (1), Di Roe (1 and 2) ((1) Lamp Lab, (2) Door Lab)", ("Anna Müller", "Di Roe")),
        ("Anna Müller (Lamp Lab, Lampton), Di Roe", ("Anna Müller", "Di Roe")),
        ("Di Bridge, Plato", ("Di Bridge", "Plato")),
        (f"{LINKED.format('Di Roe')} (1), Anna Müller", ("Di Roe", "Anna Müller")),
        ("Roe, Di; Müller, Anna", ("Di Roe", "Anna Müller")),
        ("Di Roe and Anna Müller", ("Di Roe", "Anna Müller")),
        ("Di Roe, Jr., Anna Müller", ("Di Roe Jr.", "Anna Müller")),
    ],
)
def test_older_announcement_with_entities_and_affiliations(creator, authors):
    (record,) = import_clean(OLD_RSS.format(id="1805.08875v1", state="", creator=creator))
    assert record.authors == authors
    assert "range $2.6<\\eta<4$ it is R&D." in record.abstract
    assert [link.url for link in record.links] == ["https://github.com/ex/losses"]


def test_entities_that_were_escaped_twice():
    text = OLD_RSS.format(id="1805.08875v1", state="", creator="Jos&amp;eacute; Pe&amp;#xF1;a")
    text = text.replace("Lamps When", "Q&amp;amp;A: &amp;lt;think&amp;gt; When")
    (record,) = import_clean(text)
    assert (record.title, record.authors) == ("Q&A: <think> When Losses Are Small", ("José Peña",))


@pytest.mark.parametrize(
    ("id", "state", "published"),
    [
        ("1805.08875v1", "", "2018-05-23"),
        ("1805.08875v2", " UPDATED", "2018-05"),
        ("1805.08875v1", " CROSS LISTED", "2018-05"),
    ],
)
def test_day_of_an_older_announcement(id, state, published):
    (record,) = import_clean(OLD_RSS.format(id=id, state=state, creator="A B"))
    assert record.published == published


@pytest.mark.parametrize(("id", "month"), [("hep-th/9901001", "1999-01"), ("0704.0001", "2007-04")])
def test_a_new_version_is_dated_by_its_id(id, month):
    (record,) = import_clean(
        RSS.replace("2609.12345", id).replace("new", "replace").replace("2501.00001", id)
    )[:1]
    assert record.published == month


def test_entries_of_other_feeds_are_reported():
    text = '<rss version="2.0"><channel><item><title>My Cat</title><guid>1</guid></item></channel></rss>'
    records, (problem,) = import_text(text)
    assert records == []
    assert "“My Cat” has no arXiv id" in problem.message


def test_truncated_feed_yields_its_entries():
    records, (problem,) = import_text(ATOM[: ATOM.index("They still")])
    assert [record.arxiv for record in records] == ["2401.04321"]
    assert "not valid XML" in problem.message
    assert problem.line >= 22


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE f [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE f [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE f SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(prologue):
    feed = f'<?xml version="1.0"?>{prologue}<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&a;</title></entry></feed>'
    records, (problem,) = import_text(feed)
    assert records == []
    assert "declares a document type or entities" in problem.message


def test_other_markup_is_reported():
    records, (problem,) = import_text('<?xml version="1.0"?><note><to>you</to></note>')
    assert records == []
    assert "neither a web page nor a feed with papers" in problem.message


def test_metadata_row():
    (record,) = import_clean(json.dumps(ROW) + "\n")
    assert (record.arxiv, record.title, record.abstract) == (ROW["id"], ROW["title"], ROW["abstract"])
    assert record.doi == "10.1000/ab.1"
    assert record.authors == ("Ada Lántern", "Bo Corridor Jr.", "River Group")
    assert record.published == "2007-04-02"
    assert [link.url for link in record.links] == ["https://gitlab.com/lamps/doors"]
    assert (record.source.kind, record.source.date) == ("kaggle", None)
    assert record.categories == ("cs.AI",)


def test_row_with_few_fields():
    bare = dict.fromkeys(ROW, None) | {
        "id": "2403.00001",
        "title": "Lamps",
        "abstract": "Lit.",
        "authors": "Ada L\\'antern, Bo Corridor and Cy River",
        "versions": [],
        "authors_parsed": [],
        "update_date": "2024-03-05",
    }
    (record,) = import_clean(json.dumps(bare))
    assert record.authors == ("Ada L\\'antern", "Bo Corridor", "Cy River")
    assert (record.published, record.doi) == ("2024-03-05", "")


@pytest.mark.parametrize("form", ["lines", "array", "indented"])
def test_rows_in_any_layout(form):
    rows = [ROW, {**ROW, "id": "0704.1235"}]
    text = {
        "lines": "\n".join(map(json.dumps, rows)),
        "array": json.dumps(rows),
        "indented": json.dumps(rows, indent=2),
    }[form]
    assert [record.arxiv for record in import_clean(text)] == ["0704.1234", "0704.1235"]


def test_only_a_damaged_row_is_lost():
    lines = [json.dumps(ROW), json.dumps(ROW)[:100], json.dumps({**ROW, "title": None}), json.dumps(ROW)]
    records, problems = import_text("\n".join(lines))
    assert [record.source.key[-2:] for record in records] == [":0", ":3"]
    assert [problem.line for problem in problems] == [2, 3]


@pytest.mark.parametrize(
    ("announced", "day", "id", "expected"),
    [
        ("new", "Fri, 02 Aug 2024 00:00:00 -0400", "2408.00001", "2024-08-02"),
        ("new", "Thu, 01 Aug 2024 00:00:00 -0400", "2407.22222", "2024-08-01"),
        ("cross", "Fri, 02 Aug 2024 00:00:00 -0400", "2406.00001", "2024-06"),
        ("replace", "Fri, 02 Aug 2024 00:00:00 -0400", "1706.03762", "2017-06"),
        ("replace-cross", "Fri, 02 Aug 2024 00:00:00 -0400", "2408.00001", "2024-08"),
        ("", "Fri, 02 Aug 2024 00:00:00 -0400", "2408.00001", "2024-08-02"),
        ("", "Fri, 02 Aug 2024 00:00:00 -0400", "1706.03762", "2017-06"),
        ("new", "", "2408.00001", "2024-08"),
        ("new", "yesterday", "hep-th/9901001", "1999-01"),
    ],
)
def test_rss_dates_papers_by_their_first_version_and_never_by_today(announced, day, id, expected):
    kind = f"<arxiv:announce_type>{announced}</arxiv:announce_type>" if announced else ""
    start = f"arXiv:{id}v1 Announce Type: {announced} \nAbstract: " if announced else ""
    feed = f"""<rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"><channel><title>cs.LG</title>
    <item><title>Lamps</title><link>https://arxiv.org/abs/{id}</link><description>{start}We count.</description>
    {kind}<pubDate>{day}</pubDate></item></channel></rss>"""
    (record,) = import_clean(feed)
    assert (record.published, record.source.date) == (expected, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phys.Lamp.D76:013009,2007", ("Phys.Lamp.D", "76", "", "013009")),
        ("Astrolamp.J.663:1149-1173,2007", ("Astrolamp.J.", "663", "", "1149--1173")),
        ("Class.Quant.Lamp.24:S541-S550,2007", ("Class.Quant.Lamp.", "24", "", "S541--S550")),
        ("J. Lamps 23(10): 2592-2601\n  (2006)", ("J. Lamps", "23", "10", "2592--2601")),
        ("Journal of Lamps, vol. 104, no. 3, pp. 73-75, 2008", ("Journal of Lamps", "104", "3", "73--75")),
        ("Illinois J. Lamps 52 (2008), no. 2, 681--689.", ("Illinois J. Lamps", "52", "2", "681--689")),
        ("J. Lamps: Bright Matter 20 (2008) 055214", ("J. Lamps: Bright Matter", "20", "", "055214")),
        # Not divided if a number could mean something else.
        ("Annals of Lamps 2008, Vol. 18, No. 3, 1026-1058", None),
        ("J. Lamps 23, 1-9 (2006); Erratum: J. Lamps 32, 2-4 (2015)", None),
        ("Lamp Notes, No. 1551, pp. 57-62 (2007)", None),
        ("Proc. of the 7th Workshop on Lamps, pp. 240-251, 2007", None),
        ("Proceedings of Lamps 28, 1-9 (2013)", None),
        ("Journal of Lamps", None),
    ],
)
def test_journal_reference(text, expected):
    (record,) = import_clean(json.dumps({**ROW, "journal-ref": text}))
    found = (record.journal, record.volume, record.number, record.pages)
    assert found == (expected or (" ".join(text.split()), "", "", ""))


@pytest.mark.parametrize("text", ["", "arXiv preprint arXiv:2401.04321"])
def test_reference_to_arxiv_is_no_journal(text):
    (record,) = import_clean(json.dumps({**ROW, "journal-ref": text}))
    assert (record.journal, record.volume) == ("", "")


def test_journal_reference_of_other_files_of_arxiv():
    reference = "J. Lamps 7, 1-9 (2024)"
    atom = ATOM.replace("</title>\n", f"</title>\n<arxiv:journal_ref>{reference}</arxiv:journal_ref>\n")
    row = {
        "entry_id": "http://arxiv.org/abs/2401.04321v1",
        "title": "A Lamp",
        "authors": "Ada Lee",
        "summary": "We light.",
        "journal_ref": reference,
    }
    table = "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (row, row.values()))
    for text in (atom, json.dumps([row]), table):
        record = import_clean(text)[0]
        found = (record.arxiv, record.journal, record.volume, record.pages)
        assert found == ("2401.04321", "J. Lamps", "7", "1--9"), text

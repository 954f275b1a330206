"""Addresses in pages: places in the paper, other pages, pictures; and ids that lead to blocks."""

import pytest

from paperreader.fulltext import Figure
from tests.fulltext.outline import show
from tests.fulltext.pages import URL, convert_article, math, note, paragraph, table

BASE = '<base href="/html/2501.01234v1/">'

LINKS = [
    # address, base element, target
    ("#S1", "", "#S1"),
    ("#none", "", "#none"),
    ("#a%7Bb%7D", "", "#a{b}"),
    ("#", "", ""),
    ("https://arxiv.org/html/2501.01234v1#S1", BASE, "#S1"),
    ("https://arxiv.org/html/2501.01234#S1", "", "#S1"),
    ("https://ar5iv.labs.arxiv.org/html/2501.01234#S1", "", "#S1"),
    ("https://arxiv.org/html/2501.99999v1#S1", "", "https://arxiv.org/html/2501.99999v1#S1"),
    ("https://example.org/a#b", "", "https://example.org/a#b"),
    ("mailto:ada@example.org", "", "mailto:ada@example.org"),
    ("2501.01234v2/mailto:ada@example.org", "", "mailto:ada@example.org"),
    ("2501.01234v2/https://example.org/x", "", "https://example.org/x"),
    ("https://web.example.org/1/https://example.org", "", "https://web.example.org/1/https://example.org"),
    ("mailto:", "", ""),
    ("javascript:alert(1)", "", ""),
    ("file:///etc/passwd", "", ""),
    ("http://[", "", ""),
    ("data:text/plain,x", "", ""),
    ("anc/data.csv", "", "https://arxiv.org/html/anc/data.csv"),
    ("anc/data.csv", BASE, "https://arxiv.org/html/2501.01234v1/anc/data.csv"),
    ("", "", ""),
]


@pytest.mark.parametrize(("address", "base", "target"), LINKS)
def test_links(address, base, target):
    body = paragraph("Begin", "S1") + paragraph("Brace", "a{b}") + paragraph(f'<a href="{address}">here</a>')
    assert convert_article(body, head=base).blocks[2].content[0].target == target


IMAGES = [
    # address, base element, URL of the page, address of the picture
    ("2501.01234v2/x1.png", "", URL, "https://arxiv.org/html/2501.01234v2/x1.png"),
    ("x1.png", BASE, URL, "https://arxiv.org/html/2501.01234v1/x1.png"),
    (
        "extracted/61/figures/a.png",
        BASE,
        "",
        "https://arxiv.org/html/2501.01234v1/extracted/61/figures/a.png",
    ),
    (
        "/html/2501.01234/assets/x1.png",
        "",
        "https://ar5iv.labs.arxiv.org/html/2501.01234",
        "https://ar5iv.labs.arxiv.org/html/2501.01234/assets/x1.png",
    ),
    ("./Small Model_files/x1.png", "", "", "https://arxiv.org/html/x1.png"),
    ("./Small Model_files/x1.png", "", URL, "https://arxiv.org/html/2501.01234v2/x1.png"),
    ("https://example.org/x.png", "", URL, "https://example.org/x.png"),
]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/html/2501.01234/assets/x1.png", "2501.01234/assets/x1.png"),
        ("./A Small Model_files/x1.png", "2501.01234/assets/x1.png"),
    ],
)
def test_pictures_of_a_saved_page_of_ar5iv(address, expected):
    (figure,) = convert_article(
        f'<img src="{address}">',
        url="",
        head='<link rel="canonical" href="https://ar5iv.org/html/2501.01234">',
        after='<div class="ar5iv-footer"></div>',
    ).blocks
    assert figure.images[0].address == f"https://ar5iv.labs.arxiv.org/html/{expected}"


@pytest.mark.parametrize(("address", "base", "url", "expected"), IMAGES)
def test_addresses_of_pictures(address, base, url, expected):
    (figure,) = convert_article(f'<img src="{address}" alt="A cat">', head=base, url=url).blocks
    assert isinstance(figure, Figure)
    assert figure.images[0].address == expected


def test_picture_in_the_page_has_no_address():
    (figure,) = convert_article('<img src="data:image/png;base64,AAAA" alt="A cat">').blocks
    assert (figure.images[0].address, figure.images[0].alternative) == ("", "A cat")


def test_all_pieces_of_a_link_lead_there():
    (block,) = convert_article(
        paragraph(f'<a href="https://example.org">See <b>all</b> {math("x")}</a>')
    ).blocks
    assert show(block.content) == (
        "[See ](https://example.org)[{b:all}](https://example.org) [$x$](https://example.org)".replace(
            ") [", ")[ ](https://example.org)["
        )
    )


WANTED = {
    "paragraph": paragraph("here", "x"),
    "text": paragraph('some <span id="x" class="ltx_text">here</span>'),
    "formula": paragraph(math("x").replace("<math", '<math id="x"') + " here"),
    "inside of a formula": paragraph(math("y").replace("<mi>", '<mi id="x">') + " here"),
    "cell": table(['<td id="x" class="ltx_td">here</td>']),
    "text in a cell": table(['<td class="ltx_td"><span id="x">here</span></td>']),
    "row": '<table class="ltx_tabular"><tr id="x" class="ltx_tr"><td class="ltx_td">here</td></tr></table>',
    "section": '<section id="x"><h2 class="ltx_title">here</h2></section>',
    "figure": '<figure id="x" class="ltx_figure"><figcaption class="ltx_caption">here</figcaption></figure>',
    "caption": '<figure><figcaption id="x" class="ltx_caption">here</figcaption></figure>',
    "item": '<ul><li id="x">here</li></ul>',
    "list": '<ul id="x"><li>here</li></ul>',
    "term": '<dl><dt id="x">here</dt><dd>there</dd></dl>',
    "line of code": '<div class="ltx_listing"><div id="x" class="ltx_listingline">here</div></div>',
    "line of code in a line": '<div class="ltx_listing"><div class="ltx_listingline"><span class="ltx_listing"><span'
    ' id="x" class="ltx_listingline">here</span></span></div></div>',
    "footnote": paragraph("text" + note("1", "here", name="x")),
    "text in a footnote": paragraph("here" + note("1", '<span id="x">here</span>')),
    "theorem": '<div id="x" class="ltx_theorem"><p>here</p></div>',
    "empty element": '<a id="x"></a>' + paragraph("here"),
    "id with TeX": paragraph("here", "\\algocf@printnl@i{{{2}}}alg1.l1"),
    "row of an equation": '<table class="ltx_equationgroup"><tbody id="x"><tr><td>'
    + math("here")
    + "</td></tr></tbody></table>",
    "formula of an equation": '<table class="ltx_equation"><tr><td>'
    + math("here").replace("<math", '<math id="x"')
    + "</td></tr></table>",
    "drawing": '<svg><g id="x"><foreignObject><p>here</p></foreignObject></g></svg>',
    "at the end": paragraph("here") + '<div id="x"></div>',
}


@pytest.mark.parametrize("body", WANTED.values(), ids=WANTED)
def test_links_reach_their_blocks(body):
    name = "\\algocf@printnl@i{{{2}}}alg1.l1" if "algocf" in body else "x"
    before, after = paragraph("before"), paragraph("after")
    link = f'<p class="ltx_p"><a href="#{name}">link</a></p>'
    tail = after if body != WANTED["at the end"] else ""
    document = convert_article(link + before + body + tail)
    block = document.blocks[document.anchors[name]]
    assert "here" in str(block)

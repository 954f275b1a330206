"""The formats of a digest, with papers whose text has a special meaning in each of them."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest
from defusedxml import ElementTree
from markdown_it import MarkdownIt

from paperreader.digest.delivery import DeliveryRequest, deliver
from paperreader.digest.render import RENDERERS
from paperreader.subscriptions import load_subscriptions
from paperreader.text.cell_width import cell_width
from tests.digest.papers import HOSTILE_TEXTS, hostile_day, write_day
from tests.program import program_command
from tests.waiting import TIMEOUT_SECONDS

PAPERS = 4 + len(HOSTILE_TEXTS)
CONTROL_CHARACTERS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters of terminals, and those that change the direction of text."""

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def render_hostile(subscribed, tmp_path):
    """A function that renders the digest of all papers in a format."""
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", hostile_day())])

    def render(format_name: str) -> str:
        digests = []
        request = DeliveryRequest(
            "test", load_subscriptions().entries, since="2025-10-02", include_other_papers=True
        )
        assert deliver(subscribed, request, digests.append, now=NOW)[0] == "delivered"
        return "".join(f"{line}\n" for line in RENDERERS[format_name](digests[0]))

    return render


def test_text_is_72_columns_wide(render_hostile):
    lines = render_hostile("text").splitlines()
    assert [line for line in lines if cell_width(line) > 72 and "://" not in line] == []
    assert not any(map(CONTROL_CHARACTERS.search, lines))
    assert sum("paper   https://" in line for line in lines) == PAPERS


def test_markdown_escapes_text_of_papers(render_hostile):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(render_hostile("markdown"))
    flat = [*tokens, *(child for token in tokens for child in token.children or ())]
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in flat} <= {
        *("heading", "paragraph", "inline", "text", "text_special", "softbreak", "em", "link")
    }
    links = [token.attrGet("href") for token in flat if token.type == "link_open"]
    assert len(links) > PAPERS
    assert all(
        link.startswith(("https://arxiv.org/", "https://github.com/", "https://lantern")) for link in links
    )
    assert sum(token.type == "heading_open" and token.tag == "h3" for token in tokens) == PAPERS
    shown = "".join(child.content for token in tokens for child in token.children or ())
    assert "# Heading <script>alert(1)</script> & <b>bold</b>" in shown
    assert "- [x](javascript:alert(1)) ![i](http://evil.example/i.png) `code` *a* _b_ ~~c~~" in shown


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_html_is_self_contained_and_escapes_text_of_papers(render_hostile):
    text = render_hostile("html")
    page = Page(text)
    assert page.open == []
    assert page.tags == {
        *("html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "h3", "p", "span", "a")
    }
    assert {name for name, _ in page.attributes} == {
        *("lang", "charset", "name", "content", "style", "class", "href")
    }
    assert all(value.startswith("https://") for name, value in page.attributes if name == "href")
    assert not re.search(r"url\(|@import|\ssrc=|<link", text)
    assert "# Heading <script>alert(1)</script> & <b>bold</b>" in page.text
    assert '" onmouseover="alert(1)' in page.text
    assert "Water & <more>" in page.text
    assert not CONTROL_CHARACTERS.search(text)


def test_rss_items_have_ids_and_dates(render_hostile):
    channel = ElementTree.fromstring(render_hostile("rss").encode()).find("channel")
    assert channel.findtext("link").startswith("https://")
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == NOW.replace(microsecond=0)
    items = channel.findall("item")
    ids = [each.findtext("guid") for each in items]
    assert len(set(ids)) == PAPERS
    assert all(each.find("guid").get("isPermaLink") == "false" for each in items)
    rivers = next(each for each in items if each.findtext("title") == "Rivers Remember Lanterns")
    assert rivers.findtext("pubDate") == "Thu, 02 Oct 2025 00:00:00 GMT"
    assert rivers.findtext("link") == "https://arxiv.org/abs/2510.00002"
    assert [each.text for each in rivers.findall("category")] == ["Light", "Water & <more>"]
    for each in items:
        page = Page(each.findtext("description"))
        assert page.tags <= {"p", "a"}
        assert page.open == []
    assert "]]> <![CDATA[x]]> &amp; &lt;" in " ".join(each.findtext("title") for each in items)


def test_feed_covers_last_days_even_without_new_papers(library, capsys, tmp_path):
    from paperreader.cli.main import run

    file = tmp_path / "papers.xml"
    for _ in range(2):  # feed readers recognize known papers by id
        assert run(["digest", "--format", "rss", "--output", str(file)]) == 0
        assert len(ElementTree.parse(file).findall("channel/item")) == 4
    library.removals.remove([f"2510.{number:05}" for number in range(1, 5)])
    assert run(["digest", "--format", "rss", "--output", str(file)]) == 0
    assert "No new papers" in capsys.readouterr().out
    assert ElementTree.parse(file).findall("channel/item") == []


def test_document_in_pipe_is_utf8_in_any_locale(library):
    """HTML and RSS declare UTF-8."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    output = subprocess.run(
        [*program_command(), "digest", "--format", "html"],
        capture_output=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
        env=environment,
    ).stdout.decode("utf-8")
    assert "Ada Lantern and Bo Corridor ·" in Page(output).text

"""Notes that other programs store as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.text.html_notes import html_to_markdown, looks_like_html, markdown_to_html_note

NOTE = """<div data-citation-items="%5B%5D" data-schema-version="8"><h1>Annotations<br>(9 Jan 2024)</h1>
<p><span class="highlight">“Lamps &amp; doors”</span> (<a href="zotero://select/items/1">Lantern, p. 3</a>), see
<a href="https://lamps.example/a_(b)">here</a>: <strong>bold</strong>, <em>slanted</em></p>
<ul>
<li>
one
</li>
<li>two<ul><li>deep</li></ul></li>
</ul><ol><li><p>first</p></li></ol>
<blockquote><p>quoted</p></blockquote><pre>if lit:
    walk()</pre><p>last<br/>line</p></div>"""

MARKDOWN = """# Annotations
(9 Jan 2024)

“Lamps & doors” (Lantern, p. 3), see [here](<https://lamps.example/a_(b)>): **bold**, *slanted*

- one
- two
  - deep

1. first

> quoted

```
if lit:
    walk()
```

last
line"""


def test_markup_with_a_markdown_equivalent_is_converted():
    assert html_to_markdown(NOTE) == MARKDOWN
    assert html_to_markdown("<p>One.</p>; <p>Two.</p>") == "One.\n\nTwo.", (
        "several notes in a cell of a table"
    )


@pytest.mark.parametrize(
    "note", ["Is a < b?", "<think> aloud", "<p>never closed", "- a <p>b</p>", "<h9>x</h9>"]
)
def test_note_that_is_not_html_is_unchanged(note):
    assert html_to_markdown(note) == markdown_to_html_note(note) == note


@given(st.one_of(st.text(), st.text().map(lambda text: f"<p>{text}</p>")))
def test_exported_notes_round_trip_exactly(note):
    assert html_to_markdown(markdown_to_html_note(note)) == note or not looks_like_html(note)


TAGS = (
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<ul>",
    "<li>",
    "</ul>",
    "<pre>",
    "</pre>",
    "<a href='https://a.example'>",
    "</a>",
)
WILD = ("<h99999999>", "<blockquote>", "</blockquote>", "<script x=1>", "<br/>", "<!--", "&lt;", "\n")


@given(st.lists(st.sampled_from((*TAGS, *WILD)), max_size=30))
def test_words_are_preserved_and_tags_removed(tags):
    note = "<p>" + "".join(f"{tag} word{index} " for index, tag in enumerate(tags)) + "</p>"
    markdown = html_to_markdown(note)
    found = [markdown.find(f"word{index}") for index in range(len(tags))]
    assert -1 not in found
    assert found == sorted(found)
    assert not any(tag in markdown for tag in (*TAGS, *WILD[:5]))

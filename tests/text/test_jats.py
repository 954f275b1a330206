"""Titles and abstracts with the tags of JATS, HTML and CSL."""

from __future__ import annotations

import pytest

from paperreader.text.jats import strip_tags


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A Lamp", "A Lamp"),
        ("A <think> Lamp for x < y", "A <think> Lamp for x < y"),
        ("Lamps &amp; Doors", "Lamps & Doors"),
        ("p &lt; 0.01", "p < 0.01"),
        ('A <i>Lamp</i>\n   of <span style="font-variant: small-caps">Doors</span>', "A Lamp of Doors"),
        ("CO<sub>2</sub> and x<sup> 2 </sup>", "CO$_{2}$ and x$^{2}$"),
        ("<jats:p>One\n  line.</jats:p><jats:p>Two.</jats:p>", "One line.\n\nTwo."),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p>", "One."),
        (
            "<jats:sec><jats:title>Aims</jats:title><jats:p>One.</jats:p></jats:sec>"
            "<jats:sec><jats:title>Results:</jats:title><jats:p>Two.</jats:p></jats:sec>",
            "Aims: One.\n\nResults: Two.",
        ),
        ("<p>\n  (\n  <i>p</i>\n  &lt; 0.01)\n</p>", "( p < 0.01)"),
        ("&lt;p&gt;One &lt;em&gt;line&lt;/em&gt;.&lt;/p&gt;", "One line."),
        ("<jats:p>&lt;p&gt;One line.&lt;/p&gt;</jats:p>", "One line."),
        (
            "A <mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> lamp",
            "A x2 lamp",
        ),
        (
            "A <jats:inline-formula><jats:alternatives><jats:tex-math>\\begin{document}$$x^2$$\\end{document}"
            "</jats:tex-math><mml:math><mml:mi>x</mml:mi></mml:math></jats:alternatives></jats:inline-formula> lamp",
            "A $$x^2$$ lamp",
        ),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_tags_are_removed(text, plain):
    assert strip_tags(text) == plain

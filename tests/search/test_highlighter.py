"""Where a text matches a query, however the words are looked for in it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.search.analysis.tokenizer import stem, tokenize
from paperreader.search.assist.highlighter import Highlighter
from paperreader.search.query.plan import TermGroup, TermSlot

WORDS = [
    "die",
    "dies",
    "dying",
    "happy",
    "happily",
    "possibility",
    "possible",
    "possibly",
    "hoping",
    "hope",
    "skies",
    "sky",
    "models",
    "model",
    "modelled",
    "modèle",
    "generative",
    "generation",
    "generalization",
    "gently",
    "early",
    "don't",
    "it's",
    "we've",
    "s",
    "t",
    "d",
    "m",
    "re",
    "o'clock",
    "V²L",
    "3d",
    "α",
    "x_y",
    "学习",
    "model's",
    "models’",
    "donut",
    "news",
]
pieces = st.sampled_from(WORDS) | st.text(st.sampled_from("stdmrvelo'’-_ .é2²α\n"), max_size=6)
texts = st.lists(pieces, max_size=12).flatmap(
    lambda found: st.sampled_from([" ", "", "'", "-", "’", "_"]).map(lambda between: between.join(found))
)
asked = st.sampled_from([word for each in WORDS for word, _, _ in tokenize(each)]) | st.text(
    st.sampled_from("stdmrehop"), min_size=1, max_size=3
)


@given(texts, st.lists(st.tuples(asked, st.booleans()), min_size=1, max_size=3))
@example("don't dance, it's 't done", [("d", True), ("t", True)])
@example("possibility", [("possible", False)])
@example("学习", [("学习", False)])
def test_a_word_is_lit_when_its_stem_was_asked_for_or_it_begins_as_asked(text, query):
    finder = Highlighter(
        [(TermGroup((TermSlot(word, opened),)), [frozenset([stem(word)])]) for word, opened in query]
    )
    lit = {place for start, end in finder(text) for place in range(start, end)}
    pairs = {start for found, start, _ in tokenize(text) if len(found) > 1 and not found.isascii()}
    for found, start, end in tokenize(text):
        fits = any(stem(found) == stem(word) or (opened and found.startswith(word)) for word, opened in query)
        pair = len(found) > 1 and not found.isascii()  # a query of one ideograph highlights half a pair
        if not pair and start - 1 not in pairs:  # the last ideograph is highlighted with its pair
            assert fits == (start in lit), (found, start, end)
        if fits and found.isascii():
            assert lit.issuperset(range(start, end))

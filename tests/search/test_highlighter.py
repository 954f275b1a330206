"""The highlighter finds the same spans by scanning and by tokenizing."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import tokenize
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
fragments = st.sampled_from(WORDS) | st.text(st.sampled_from("stdmrvelo'’-_ .é2²α\n"), max_size=6)
texts = st.lists(fragments, max_size=12).flatmap(
    lambda token: st.sampled_from([" ", "", "'", "-", "’", "_"]).map(lambda separator: separator.join(token))
)
query_words = st.sampled_from([word for each in WORDS for word, _, _ in tokenize(each)]) | st.text(
    st.sampled_from("stdmrehop"), min_size=1, max_size=3
)


@given(texts, st.lists(st.tuples(query_words, st.booleans()), min_size=1, max_size=3))
@example("don't dance, it's 't done", [("d", True), ("t", True)])
@example("possibility", [("possible", False)])
@example("学习", [("学习", False)])
def test_words_are_highlighted_by_stem_or_prefix(text, query):
    highlighter = Highlighter(
        [(TermGroup((TermSlot(word, is_prefix),)), [frozenset([stem(word)])]) for word, is_prefix in query]
    )
    highlighted = {place for start, end in highlighter(text) for place in range(start, end)}
    pairs = {start for token, start, _ in tokenize(text) if len(token) > 1 and not token.isascii()}
    for token, start, end in tokenize(text):
        matches = any(
            stem(token) == stem(word) or (is_prefix and token.startswith(word)) for word, is_prefix in query
        )
        pair = len(token) > 1 and not token.isascii()  # a query of one ideograph highlights half a pair
        if not pair and start - 1 not in pairs:  # the last ideograph is highlighted with its pair
            assert matches == (start in highlighted), (token, start, end)
        if matches and token.isascii():
            assert highlighted.issuperset(range(start, end))


PHRASE_WORDS = ["language", "languages", "model", "models", "model's", "don't", "flow", "c++", "x", "modèle"]
phrase_texts = st.lists(st.sampled_from(PHRASE_WORDS), max_size=8).flatmap(
    lambda words: st.sampled_from([" ", "-", "’", "_", " (", "'", "é ", "² "]).map(
        lambda sign: sign.join(words)
    )
)


@given(phrase_texts, st.lists(st.sampled_from(["language", "model", "flow", "x"]), min_size=2, max_size=3))
@example("language model's flow", ["model", "flow"])
@example("language (models)", ["language", "model"])
@example("language of models", ["language", "model"])
def test_phrases_are_highlighted_where_their_words_are_adjacent(text, words):
    group = TermGroup(tuple(TermSlot(word, False) for word in words))
    found = Highlighter([(group, [frozenset([stem(word)]) for word in words])])(text)
    highlighted = {place for start, end in found for place in range(start, end)}
    tokens = tokenize(text)
    stems = [stem(word) for word, _, _ in tokens]
    starts = [
        at for at in range(len(tokens)) if stems[at : at + len(words)] == [stem(each) for each in words]
    ]
    inside = {at + offset for at in starts for offset in range(len(words))}
    assert inside == {at for at, (_, start, _) in enumerate(tokens) if start in highlighted}
    for at in starts:
        assert highlighted.issuperset(range(tokens[at][1], tokens[at + len(words) - 1][2] - 2))


ideographs = st.text(st.sampled_from("学习深度漢カあ각ab 。"), max_size=12)
ideograph_words = st.text(st.sampled_from("学习深度漢カあ각"), min_size=1, max_size=2)


@given(ideographs, st.lists(ideograph_words, min_size=1, max_size=3))
@example("深度学习", ["学习"])
@example("学习学", ["学", "习学"])
def test_ideographs_are_highlighted_wherever_they_occur(text, words):
    slots = [TermSlot(word, len(word) == 1) for word in words]
    highlighter = Highlighter([(TermGroup((slot,)), [frozenset([slot.word])]) for slot in slots])
    highlighted = {place for start, end in highlighter(text) for place in range(start, end)}
    expected = {
        place
        for word in words
        for start in range(len(text))
        if text.startswith(word, start)
        for place in range(start, start + len(word))
    }
    assert highlighted == expected

"""Sanitized text, and the keys by which titles are compared."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.text.ids import title_key
from paperreader.text.sanitize import fold_for_search, sanitize, single_line


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\x1b[2Jb\x07\x00\x7f", "a[2Jb"),
        ("a\x9b31mb", "a31mb"),
        ("x\u202egnp.exe\u202c \u2066y\u2069", "xgnp.exe y"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("in\ufb02uence of e\ufb03cient \ufb01ne", "influence of efficient fine"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
        ("a\r\nb\rc\td", "a\nb\nc d"),
        ("no\u00a0break", "no break"),
        ("na\u00c3\u00afve, it\u00e2\u20ac\u2122s 5\u00c2\u00b0", "naïve, it’s 5°"),
        ("\u00c3\u0192\u00c2\u00a9t\u00c3\u0192\u00c2\u00a9", "été"),
        ("\x93quoted\x94 \x96 it\x92s", "“quoted” – it’s"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307!", "Z\u0300\u0301\u0302\u0303!"),
        ("e\u0301", "é"),
        ("\ud800", "\ufffd"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        (
            "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd \u2764\ufe0f\u200d\U0001f525",
            "👩👩👧 👍 ❤🔥",
        ),
        ("plain ASCII text\n", "plain ASCII text\n"),
        ("Ångström, São Paulo, naïve", "Ångström, São Paulo, naïve"),
    ],
)
def test_sanitize(raw: str, cleaned: str) -> None:
    assert sanitize(raw) == cleaned


def test_single_line_is_one_line() -> None:
    assert single_line(" a\n\n b\t\x1b[0m\u2028c ") == "a b [0m c"


def test_fold_for_search() -> None:
    assert fold_for_search("ÉCOLE Łódź straße İstanbul ŒUVRE") == "ecole lodz strasse istanbul oeuvre"
    assert fold_for_search("𝒪(ℓ²)") == "o(l2)"


def test_title_key_ignores_tex_accents_and_case() -> None:
    spellings = [
        "V$^2$L: Na\\\"{\\i}ve B\\'ezier",
        "V²L:  naïve Bézier",
        "V2L - NAIVE BEZIER!",
        "V$^{2}$L:\n  Naïve {\\em Bézier}",
    ]
    assert {title_key(title) for title in spellings} == {"v2lnaivebezier"}


@pytest.mark.parametrize("title", ["", "???", "$$", "\x1b"])
def test_title_key_of_text_without_letters(title: str) -> None:
    assert title_key(title) == ""


@given(st.text(max_size=200))
def test_sanitize_is_idempotent(text: str) -> None:
    shown = sanitize(text)
    assert sanitize(shown) == shown
    for char in shown:
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"), ascii(char)
        assert unicodedata.bidirectional(char) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )


@given(st.text(max_size=200))
def test_single_line_has_no_newline(text: str) -> None:
    shown = single_line(text)
    assert len(shown.splitlines()) <= 1
    assert shown == shown.strip()


@given(st.text(max_size=100))
def test_title_key_is_letters_and_digits(title: str) -> None:
    assert re.fullmatch(r"[^\W_]*", title_key(title))


@pytest.mark.parametrize("text", ["CAFÉ–BAR", "CAFÉ’S", "Spaß…", "2 Å–3 Å", "RÉSUMÉ—ÜBER", "é––"])
def test_letter_before_a_dash_or_quote_is_not_mojibake(text: str) -> None:
    assert sanitize(text) == text


@pytest.mark.parametrize(
    ("misread", "meant"),
    [("Ã©tude", "étude"), ("3Ã—4", "3×4"), ("cÅ“ur", "cœur"), ("Å½ižek", "Žižek"), ("Î“", "Γ")],
)
def test_misread_letters_are_repaired(misread: str, meant: str) -> None:
    assert sanitize(misread) == meant


@given(st.text(alphabet="abcxyzéøł ABCXYZÉØŁ 0123-:.,", max_size=60))
def test_title_key_ignores_case_and_accents(title: str) -> None:
    key = title_key(title)
    assert key == title_key(title.upper()) == title_key(f"  {title}!\n")
    assert key.isascii()


@given(
    st.text(alphabet=st.characters(max_codepoint=0x24F, exclude_categories=["C", "Zs", "Sk"]), max_size=60)
)
def test_latin_text_is_never_taken_for_mojibake_unless_it_decodes(text: str) -> None:
    if not any("\xc2" <= char <= "\xf4" for char in text):
        assert sanitize(text) == unicodedata.normalize("NFC", text)

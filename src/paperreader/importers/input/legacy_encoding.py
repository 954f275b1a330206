"""Recognise text in an encoding older than Unicode by the frequency of its bytes and characters."""

from __future__ import annotations

import re

from paperreader.importers.input.code_pages import DEFAULT, guess_code_page
from paperreader.lazy_pattern import lazy_pattern

_SAMPLE_BYTES = 1 << 20
_HIGH_RUN = lazy_pattern(rb"[\x80-\xff]+")
_IN_WORD = lazy_pattern(rb"(?<=[A-Za-z])[\x80-\xff]+(?=[A-Za-z])")
"""Bytes inside a word of Latin letters; in some East Asian encodings, second bytes look like letters."""
_FEW_BYTES = 16
"""Bytes beyond ASCII by which East Asian text cannot be recognised inside words."""
_UNDEFINED_1252 = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_LATIN_SCRIPTS = frozenset(("western", "central", "turkish", "baltic"))
_MIN_LOG_PROBABILITY = -5
"""Of letters of one byte; the bytes of characters of two are far less probable as letters."""
_KANA = lazy_pattern("[\u3041-\u30ff]")
_HANGUL = lazy_pattern("[\uac00-\ud7a3]")
_HANZI = lazy_pattern("[\u4e00-\u9fff]")
_EAST_ASIAN = lazy_pattern("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef\u2010-\u2026]")
_EAST_ASIAN_ENCODINGS = (
    # Encoding, name, characters of which it must have this share of those beyond ASCII.
    ("shift_jis", "Shift JIS", _KANA, 0.2),
    ("euc_jp", "EUC-JP", _KANA, 0.2),
    ("euc_kr", "EUC-KR", _HANGUL, 0.8),
    ("gb18030", "GB 18030", _HANZI, 0.6),
    ("big5", "Big5", _HANZI, 0.6),
)
_MIN_EAST_ASIAN = 0.95
"""Share of the characters beyond ASCII that are of East Asia, in text from there."""


def legacy_encoding(data: bytes) -> tuple[str, str]:
    """Return the codec of text that is not UTF-8, and its name if it is a guess with some risk, otherwise empty.

    Windows-1252 (a superset of printable Latin-1) is the most common one.
    """
    sample = data[:_SAMPLE_BYTES]
    guess = guess_code_page(sample)
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    in_words = sum(map(len, _IN_WORD.findall(sample))) if sum(runs) <= _FEW_BYTES else 0
    alphabetic = in_words > 0.5 * sum(runs) or (
        guess.page.script not in _LATIN_SCRIPTS and guess.log_probability > _MIN_LOG_PROBABILITY
    )
    # Letters with accents stand alone; characters of two bytes do not.
    if not alphabetic and sum(length for length in runs if length > 1) > 0.5 * sum(runs):
        for codec, name, pattern, share in _EAST_ASIAN_ENCODINGS:
            if _is_plausible(sample, codec, pattern, share):
                return codec, name
    if guess.page is not DEFAULT:
        return guess.page.codec, guess.page.name
    if not _UNDEFINED_1252.isdisjoint(sample):
        return "latin-1", "Latin-1"
    return guess.page.codec, "" if guess.is_certain else guess.page.name


def _is_plausible(sample: bytes, codec: str, pattern: re.Pattern[str], share: float) -> bool:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return False
        text = sample[: error.start].decode(codec, "ignore")
    beyond = [char for char in text if not char.isascii()]
    shown = "".join(beyond)
    return bool(beyond) and (
        len(pattern.findall(shown)) >= share * len(beyond)
        and len(_EAST_ASIAN.findall(shown)) >= _MIN_EAST_ASIAN * len(beyond)
    )

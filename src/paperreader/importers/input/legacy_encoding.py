"""Recognise text in an encoding older than Unicode by the frequency of its bytes and characters."""

from __future__ import annotations

import re

_SAMPLE_BYTES = 1 << 20
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_IN_WORD = re.compile(rb"(?<=[A-Za-z])[\x80-\xff](?=[A-Za-z])")
_MAC_LETTERS = frozenset(range(0x80, 0xA0)) - {0x92}
"""Letters of Mac Roman. In Windows-1252 they are signs that are rare inside words, but for the apostrophe (0x92)."""
_UNDEFINED_1252 = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_FIRST_CYRILLIC, _FIRST_SMALL_1251, _MIN_CYRILLIC = 0xC0, 0xE0, 0.95
"""Cyrillic letters are from 0xC0 on; the small ones from 0xE0 on in Windows-1251, before that in KOI8-R."""
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HANZI = re.compile("[\u4e00-\u9fff]")
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef\u2010-\u2026]")
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
    runs = [len(run) for run in _HIGH_RUN.findall(sample)]
    # Letters with accents stand alone; characters of two bytes do not.
    if sum(length for length in runs if length > 1) > 0.5 * sum(runs):
        high = b"".join(_HIGH_RUN.findall(sample))
        if sum(byte >= _FIRST_CYRILLIC for byte in high) >= _MIN_CYRILLIC * len(high):
            small = sum(byte >= _FIRST_SMALL_1251 for byte in high)
            return ("cp1251", "Windows-1251") if 2 * small > len(high) else ("koi8_r", "KOI8-R")
        for codec, name, pattern, share in _EAST_ASIAN_ENCODINGS:
            if _is_plausible(sample, codec, pattern, share):
                return codec, name
    letters = b"".join(_IN_WORD.findall(sample))
    mac = sum(byte in _MAC_LETTERS for byte in letters)
    if mac > len(letters) - mac or (mac and not _UNDEFINED_1252.isdisjoint(letters)):
        return "mac_roman", "Mac Roman"
    if not _UNDEFINED_1252.isdisjoint(sample):
        return "latin-1", "Latin-1"
    return "cp1252", ""


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

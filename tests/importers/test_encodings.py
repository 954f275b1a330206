"""Import of text in encodings older than Unicode."""

from __future__ import annotations

import pytest

from tests.importers.import_helpers import import_text

CHINESE = "基于灯光的走廊研究，以及关于门的深度学习方法"
JAPANESE = "ランプと廊下についての研究、そしてドアのための学習"
KOREAN = "램프와 복도에 관한 연구 그리고 문을 위한 학습"
WESTERN = "Über Lampen, élève à naïve façade, señor Müller"


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("gbk", CHINESE, "GB 18030"),
        ("gb18030", CHINESE, "GB 18030"),
        ("shift_jis", JAPANESE, "Shift JIS"),
        ("euc_jp", JAPANESE, "EUC-JP"),
        ("euc_kr", KOREAN, "EUC-KR"),
        ("big5", "基於燈光的走廊研究以及關於門的學習方法", "Big5"),
        ("koi8-r", "Исследование ламп и дверей", "KOI8-R"),
        ("cp1251", "Исследование ламп и дверей", "Windows-1251"),
        ("mac_roman", WESTERN, "Mac Roman"),
        ("cp1252", f"“{WESTERN}” – it’s", ""),
        ("latin-1", WESTERN, ""),
        ("utf-8", CHINESE, ""),
        ("utf-16", CHINESE, ""),
    ],
)
def test_older_encodings_are_detected_and_reported(encoding, text, name):
    data = f"@article{{k, title = {{{text}}}, author = {{{text[:8]}}}, year = 2020}}".encode(encoding)
    (record,), problems = import_text(data)
    assert record.title == text
    expected = (
        [f"is not UTF-8 and was read as {name}; if letters are wrong, save it as UTF-8"] if name else []
    )
    assert [problem.message for problem in problems] == expected

"""Import of text in encodings older than Unicode."""

from __future__ import annotations

import json

import pytest

from tests.importers.import_helpers import import_text

CHINESE = "基于灯光的走廊研究，以及关于门的深度学习方法"
JAPANESE = "ランプと廊下についての研究、そしてドアのための学習"
KOREAN = "램프와 복도에 관한 연구 그리고 문을 위한 학습"
WESTERN = "Über Lampen, élève à naïve façade, señor Müller"
POLISH = "Głębokie uczenie źródeł światła, Żaneta Świątek"
CZECH = "Hluboké učení pro řešení úloh, Jiří Dvořák"
HUNGARIAN = "Mély tanulás és fényforrások, Erdős Győző"
TURKISH = "Işıkların öğrenilmesi, Şükrü Yılmaz"
LITHUANIAN = "Giliojo mokymosi metodai šviesos šaltinių tyrimams, Žydrūnas Račkauskas"
FRENCH = "Étude des lampes éclairées, Hélène Dupré et François Lefèvre"
DANISH = "Dyb læring på gården, Søren Ågård"
RUSSIAN = "Исследование ламп и дверей"


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("gbk", CHINESE, "GB 18030"),
        ("gb18030", CHINESE, "GB 18030"),
        ("shift_jis", JAPANESE, "Shift JIS"),
        ("euc_jp", JAPANESE, "EUC-JP"),
        ("euc_kr", KOREAN, "EUC-KR"),
        ("big5", "基於燈光的走廊研究以及關於門的學習方法", "Big5"),
        ("koi8-r", RUSSIAN, "KOI8-R"),
        ("cp1251", RUSSIAN, "Windows-1251"),
        ("iso8859_5", RUSSIAN, "ISO 8859-5"),
        ("cp866", RUSSIAN, "DOS code page 866"),
        ("mac_roman", WESTERN, "Mac Roman"),
        ("mac_roman", FRENCH, "Mac Roman"),
        ("cp850", FRENCH, "DOS code page 850"),
        ("cp1250", POLISH, "Windows-1250"),
        ("iso8859_2", POLISH, "ISO 8859-2"),
        ("cp1250", CZECH, "Windows-1250"),
        ("iso8859_2", CZECH, "ISO 8859-2"),
        ("mac_latin2", CZECH, "Mac Central European"),
        ("cp1250", HUNGARIAN, "Windows-1250"),
        ("cp1254", TURKISH, "Windows-1254"),
        ("cp1257", LITHUANIAN, "Windows-1257"),
        ("cp1253", "Βαθιά μάθηση για τη μελέτη των λαμπτήρων", "Windows-1253"),
        ("cp1255", "למידה עמוקה לחקר מנורות ודלתות", "Windows-1255"),
        ("cp1256", "التعلم العميق لدراسة المصابيح", "Windows-1256"),
        ("cp1252", FRENCH, ""),
        ("cp1252", DANISH, ""),
        ("cp1252", "João Gonçalves e Luís São Paulo", ""),
        ("cp1250", "Dvořák, Kovářík, Tomáš Dvořáček", "Windows-1250"),
        ("cp1252", f"“{WESTERN}” – it’s", ""),
        ("latin-1", WESTERN, ""),
        ("utf-8", CHINESE, ""),
        ("utf-16", CHINESE, ""),
        ("utf-32", CHINESE, ""),
        ("utf-16-le", CHINESE, ""),
        ("utf-16-be", WESTERN, ""),
    ],
)
def test_older_encodings_are_detected_and_reported(encoding, text, name):
    data = f"@article{{k, title = {{{text}}}, author = {{{text[:8]}}}, year = 2020}}".encode(encoding)
    (record,), problems = import_text(data)
    assert record.title == text
    assert [problem.message for problem in problems] == reports(name)


def reports(name):
    return [f"is not UTF-8 and was read as {name}; if letters are wrong, save it as UTF-8"] if name else []


def test_a_capital_of_windows_1251_is_no_quotation_mark_of_mac_cyrillic():
    data = "".join(
        f"- [Исследование ламп и дверей](https://arxiv.org/abs/2001.0000{n}) - Иванов Иван\n"
        for n in range(4)
    )
    records, _ = import_text(data.encode("cp1251"))
    assert {record.title for record in records} == {"Исследование ламп и дверей"}


def test_a_single_letter_that_could_be_another_is_reported():
    (record,), problems = import_text("@misc{k, title={A Lamp}, author={Ann Peña}}".encode("cp1252"))
    assert record.authors == ("Ann Peña",)
    assert [problem.message for problem in problems] == reports("Windows-1252")


@pytest.mark.parametrize(
    ("declaration", "encoding", "name"),
    [
        ("% Encoding: Cp1250", "cp1250", ""),
        ("% Encoding: ISO8859_2", "iso8859_2", ""),
        ("% -*- coding: windows-1250 -*-", "cp1250", ""),
        ("% Encoding: UTF-8", "cp1252", "Windows-1252"),
        ("% Encoding: unheard-of", "cp1252", "Windows-1252"),
    ],
)
def test_declared_encodings(declaration, encoding, name):
    letter = "ř" if name == "" else "ø"
    text = f"{declaration}\n@misc{{k, title = {{A Lamp}}, author = {{Jan Dvo{letter}ák}}}}"
    (record,), problems = import_text(text.encode(encoding))
    assert record.authors == (f"Jan Dvo{letter}ák",)
    assert [problem.message for problem in problems] == reports(name)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-32", ""), ("cp1250", "Windows-1250")],
)
def test_streams_have_the_encodings_of_other_files(encoding, name):
    line = json.dumps({"title": CZECH, "authors": ["Jiří Dvořák"]}, ensure_ascii=False)
    entry = f"<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>{CZECH}</title></entry>"
    for text in (
        f"{{}}\n{line}\n{line}\n",
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}{entry}</feed>',
    ):
        records, problems = import_text(text.encode(encoding))
        assert [record.title for record in records] == [CZECH, CZECH]
        assert [one.message for one in problems if "title is missing" not in one.message] == reports(name)


@pytest.mark.parametrize(
    ("encoding", "declared", "title"),
    [
        ("cp1250", "windows-1250", CZECH),
        ("gb2312", "gb2312", CHINESE),
        ("utf-8", "iso-8859-1", CZECH),
        ("utf-8", "unheard-of", CZECH),
        ("utf-16", "utf-8", CZECH),
    ],
)
def test_feeds_that_declare_their_encoding(encoding, declared, title):
    entry = f"<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>{title}</title></entry>"
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
    )
    records, problems = import_text(text.encode(encoding))
    assert [record.title for record in records] == [title]
    assert problems == []


def test_invalid_bytes_in_a_line_cost_only_themselves():
    line = json.dumps({"title": "Příliš mnoho lamp", "votes": 1}, ensure_ascii=False).encode()
    records, (problem,) = import_text(line + b"\n" + line.replace(b"mnoho", b"mno\xffho") + b"\n")
    assert [record.title.replace("\ufffd", "") for record in records] == ["Příliš mnoho lamp"] * 2
    assert (problem.line, problem.message) == (2, "contains an invalid byte, which is shown as \ufffd")


FEED_START = '<feed xmlns="http://www.w3.org/2005/Atom">'


@pytest.mark.parametrize(
    ("start", "entry", "end"),
    [
        ("", json.dumps({"title": "A@B", "votes": 1}) + "\n", ""),
        ("[\n", json.dumps({"title": "A@B", "votes": 1}) + ",\n", '{"title": "Ž", "votes": 1}]'),
        (
            FEED_START,
            "<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>A@B</title></entry>\n",
            "</feed>",
        ),
        ("", "@misc{key, title={A@B}, year=2024}\n", ""),
        ("title,year,authors\n", "A@B,2024,Ž B\n", ""),
        ("", "TY  - JOUR\nTI  - A@B\nER  - \n", ""),
    ],
    ids=["JSON Lines", "JSON", "feed", "BibTeX", "CSV", "RIS"],
)
def test_invalid_bytes_are_counted_once_a_file_and_replacement_characters_are_none(start, entry, end):
    czech = (start + entry.replace("A@B", "Žluté řeky") * 3).encode()
    for mark, expected in ((b"\xef\xbf\xbd", []), (b"\xff", ["contains 3 invalid bytes"])):
        body = entry.encode().replace(b"A@B", b"A " + mark)
        data = czech + body * 3 + end.encode()
        records, problems = import_text(data)
        assert len(records) >= 3
        assert [problem.message[:24] for problem in problems] == expected
        assert {problem.line for problem in problems} <= {data[: data.index(mark)].count(b"\n") + 1}
    (_, problems) = import_text(
        "\ufeff".encode("utf-16-le")
        + f"{start}{entry}".replace("A@B", "A \ufffd").encode("utf-16-le")
        + end.encode("utf-16-le")
    )
    assert problems == []

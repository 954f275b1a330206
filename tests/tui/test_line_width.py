"""Tests of wide characters, symbols and emoji: every line has the screen width according to independent tables."""

from __future__ import annotations

import re

import pytest
from wcwidth import wcwidth

from paperreader.library import Library
from tests.digest.papers import item, write_day
from tests.examples import endurance
from tests.tui.reader_driver import ReaderDriver

TITLES = (
    "視覚と言語のための大規模モデル：長い題名がここで切られるかどうかを見るための論文",
    "한국어 문장을 위한 짧은 시계와 긴 강의 기억에 대한 연구 그리고 그 밖의 이야기들",
    "e\u0301tude a\u0308\u0323 Z\u030c\u0301 of combining marks, one on the other, in a title that goes on and on",
    "👩\u200d👩\u200d👧 families, 🇫🇷🇯🇵 flags, 👍🏽 thumbs, ❤\ufe0f\u200d🔥 and 1\ufe0f\u20e3 keycaps in a long title",
    "नमस्ते दुनिया: देवनागरी लिपि में एक लंबा शीर्षक जो कटना चाहिए क्योंकि जगह कम है",
    "ｆｕｌｌ ｗｉｄｔｈ，２０２５：ａ title of letters that are twice as wide as others",
    "שלום עולם and مرحبا بالعالم in one title",
)
TAGS = ("視界", "👍🏽e\u0301")


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """A home folder with a library of such papers, with tags."""
    home = tmp_path_factory.mktemp("wide")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        papers = [
            item(
                number,
                title,
                day="2025-10-03",
                votes=number,
                authors=[title[:9], title[-9:]],
                abstract=f"{title} " * 4,
                githubRepo="https://github.com/lab/" + "ñ" * number,
                ai_keywords=[title[:12], title[5:18]],
            )
            for number, title in enumerate(TITLES, 1)
        ]
        Library.open().imports.import_paths([write_day(home, "wide.json", papers)])
        Library.open().state.set("greeted", True)
        yield home


def drawn_width(line: str) -> int:
    """Return the cells of a line in a terminal, by character. The two letters of a flag share two cells."""
    return sum(wcwidth(char) for char in re.sub("[\U0001f1e6-\U0001f1ff]{2}", "==", line))


def misaligned_lines(reader: ReaderDriver) -> list[str]:
    """Return the lines that are wider or narrower than the screen."""
    return [line for line in reader.screen_text.splitlines() if drawn_width(line) != reader.app.size.width]


@pytest.mark.parametrize("size", [endurance((80, 24)), (120, 40)])
async def test_every_line_has_the_screen_width(open_reader, wide, monkeypatch, size):
    for name in ("DATA", "CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(wide / name.lower()))
    async with open_reader(Library.open(), size=size) as reader:
        for keys, shown in (
            *((("j",), "LIST") for _ in TITLES),
            (("t", *TAGS[0]), "Tags of"),
            (("enter", *TAGS[1]), "Tags of"),
            (("enter",), "Tags of"),
            (("escape", "n", *TITLES[3][:20]), "NOTE"),
            (("ctrl+s", "Y"), "BibTeX"),
            (("escape", "x"), "RIS"),
            (("escape", "T"), "Papers per day"),
            (("escape", "/", *TITLES[0][:5]), "SEARCH"),
            (("enter", "S"), "Subscribe to"),
        ):
            reader.send_keys(*keys)
            await reader.wait_until_idle()
            assert shown in reader.screen_text, keys
            assert not misaligned_lines(reader), keys

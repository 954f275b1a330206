"""What commands of the user print: plain text, whatever it contains."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.system.user_programs import plain_text
from paperreader.text.sanitize import has_hidden_text

SEQUENCES = st.sampled_from(
    [
        "\x1b[1;31m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://a\x1b\\",
        "\x1bP1$r\x1b\\",
        "\x1b(B",
        "\x9b2J",
        "\x1b",
        "\r",
        "\t",
    ]
)


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (b"\n\na\n\nb \n\n", "a\n\nb"),
        (b"\x1b[1mbold\x1b[0m \x1b]8;;https://a.b\x1b\\link\x1b]8;;\x1b\\", "bold link"),
        (b"10%\r50%\r100%\ndone\r\n", "100%\ndone"),
        (b"a\tb", "a       b"),
        (b"caf\xc3\xa9 \xff", "caf\u00e9 \ufffd"),
        (b"\x1b]unfinished\nnext", "\nnext".strip()),
        (b"", ""),
    ],
)
def test_layout_stays_and_control_sequences_are_removed(printed: bytes, text: str) -> None:
    assert plain_text(printed) == text


@given(st.lists(SEQUENCES | st.text(max_size=8) | st.binary(max_size=8)))
def test_any_output_becomes_text_without_control_characters(pieces: list[str | bytes]) -> None:
    data = b"".join(
        piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass") for piece in pieces
    )
    for line in plain_text(data).split("\n"):
        assert not has_hidden_text(line.replace("\u200c", "").replace("\u200d", ""))

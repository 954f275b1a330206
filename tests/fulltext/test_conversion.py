"""Converting in a child process: hostile pages are refused or converted within the limits, whatever they contain."""

from __future__ import annotations

import pytest

from paperreader.errors import NotAFullText, PaperreaderError
from paperreader.fulltext import ConversionFailed, Page, conversion
from paperreader.fulltext.conversion import convert_page_isolated
from paperreader.fulltext.text_file import unpack_document
from tests.examples import endurance
from tests.fetch.full_text_pages import full_text_page
from tests.waiting import TIMEOUT_SECONDS

MEGABYTE = 1 << 20


def page(data: bytes | str, url: str = "") -> Page:
    return Page("html", data.encode() if isinstance(data, str) else data, url)


def within(middle: str) -> str:
    """A full text with something in the middle of it."""
    return full_text_page(words=middle)


def test_a_page_is_converted_as_in_this_process():
    from paperreader.fulltext.html import convert_page

    data = full_text_page().encode()
    url = "https://arxiv.org/html/2611.00001"
    result = convert_page_isolated(page(data, url))
    assert unpack_document(result.document) == convert_page(data, url)
    assert (result.arxiv, result.version, result.source, result.is_cut) == (
        "2611.00001",
        1,
        "arxiv-html",
        False,
    )


HOSTILE = {
    "nested": lambda: "<div>" * 200_000,
    "nested in the paper": lambda: within("<b>" * 100_000),
    "unclosed quotes": lambda: "<p class='" * 50_000,
    "unclosed tags": lambda: within("<a " * 100_000),
    "flat": lambda: within("<p>x</p>" * (2 * MEGABYTE)),
    "many attributes": lambda: within(f"<p {'a=b ' * MEGABYTE}>x</p>"),
    "entities": lambda: within("&CounterClockwiseContourIntegral;" * 100_000),
    "long formula": lambda: within(f'<math alttext="{"{" * 100_000}"></math>'),
    "wide table": lambda: within(
        f"<table class=ltx_tabular><tr>{'<td colspan=1000 rowspan=65534>x' * 2000}</table>"
    ),
    "only null characters": lambda: "\0" * MEGABYTE,
    "binary": lambda: bytes(range(256)) * 4000,
    "too long": lambda: b"<p>" * (6 * MEGABYTE),
    "unknown encoding": lambda: full_text_page().encode().replace(b"<head>", b'<head><meta charset="rot13">'),
}


SIMILAR = {"unclosed quotes", "many attributes", "entities", "only null characters", "binary"}


@pytest.mark.parametrize(
    "create",
    [endurance(create) if name in SIMILAR else create for name, create in HOSTILE.items()],
    ids=HOSTILE.keys(),
)
def test_a_hostile_page_is_refused_in_a_sentence_or_converted(create):
    try:
        document = unpack_document(convert_page_isolated(page(create())).document)
    except (NotAFullText, ConversionFailed) as error:
        assert str(error).endswith(".") and "\n" not in str(error) and "converter failed" not in str(error)
    else:
        assert document.blocks


def test_a_page_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(conversion, "MAX_SECONDS", 0.01)
    with pytest.raises(ConversionFailed, match=r"took longer than 0\.01 seconds and was stopped\."):
        convert_page_isolated(page(full_text_page()))


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 9)", "print('x' * 1000)", "print(end='\\x80')"],
)
def test_a_child_without_result_is_one_sentence(monkeypatch, program):
    import sys

    monkeypatch.setattr(conversion, "_PROGRAM", (sys.executable, "-c", program))
    with pytest.raises(ConversionFailed, match="needs too much memory or time"):
        convert_page_isolated(page(full_text_page()))


def test_a_child_that_cannot_be_started_is_one_sentence(monkeypatch):
    monkeypatch.setattr(conversion, "_PROGRAM", ("/absent",))
    with pytest.raises(ConversionFailed, match="Cannot convert the page: no such file or directory"):
        convert_page_isolated(page(full_text_page()))
    with pytest.raises(PaperreaderError, match="its address is invalid"):
        convert_page_isolated(page(full_text_page(), "https://arxiv.org/\0"))


def test_the_memory_of_the_child_is_limited(monkeypatch):
    import sys

    program = (
        "from paperreader.fulltext import conversion_process\n"
        "conversion_process.limit_resources(conversion_process.MAX_MEMORY_BYTES, 10)\n"
        "try:\n    bytearray(2 << 30)\nexcept MemoryError:\n    raise SystemExit(7)\n"
    )
    import subprocess

    assert (
        subprocess.run([sys.executable, "-c", program], timeout=TIMEOUT_SECONDS, check=False).returncode == 7
    )

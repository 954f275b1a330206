"""Pictures of figures: scaled in a child process, and refused with one sentence."""

from __future__ import annotations

import io
import struct
import zlib
from base64 import b64decode

import pytest

from paperreader.errors import PaperreaderError
from paperreader.fetch import pictures
from paperreader.fulltext import (
    MAX_PICTURE_BYTES,
    Figure,
    Image,
    LayoutOptions,
    NotAPicture,
    decompressed_picture,
    scale_picture,
)
from paperreader.fulltext.document import Document
from paperreader.fulltext.layout.layout import layout_document
from tests.fetch.server import Reply, pour

pillow = pytest.importorskip("PIL.Image")

RED, WHITE = b"\xff\x00\x00", b"\xff\xff\xff"


def picture_file(format: str, size: tuple[int, int] = (200, 100), mode: str = "RGB", color="red") -> bytes:
    file = io.BytesIO()
    pillow.new(mode, size, color).save(file, format)
    return file.getvalue()


def announced(width: int, height: int) -> bytes:
    """Return a PNG whose header announces a size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(3000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_are_scaled_into_a_size(format):
    picture = scale_picture(picture_file(format), 40, 40)
    assert (picture.width, picture.height, len(picture.pixels)) == (40, 20, 40 * 20 * 3)
    red, green, blue = picture.pixels[:3]
    assert red > 240 and green < 15 and blue < 15


@pytest.mark.parametrize(("mode", "color"), [("RGBA", (9, 9, 9, 0)), ("LA", (0, 0)), ("L", 255), ("1", 1)])
def test_transparent_parts_are_white_like_paper(mode, color):
    assert scale_picture(picture_file("PNG", (8, 8), mode, color), 4, 4).pixels == WHITE * 16


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (announced(40_000, 40_000), "1,600 million pixels"),
        (announced(1_000_000, 1000), "1,000 million pixels"),
        (b"\x89PNG" + bytes(MAX_PICTURE_BYTES), "more than 10 MB"),
        (picture_file("PNG")[:60], "damaged"),
        (picture_file("JPEG")[:200] + b"\x00" * 50, "damaged"),
        (announced(1000, 1000), "damaged"),
        (picture_file("BMP"), "cannot be shown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be shown"),
        (b"", "cannot be shown"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_shown_is_refused_with_one_sentence(data, words):
    with pytest.raises(NotAPicture) as error:
        scale_picture(data, 80, 40)
    assert words in str(error.value) and str(error.value).count(".") == 1


def test_a_picture_is_downloaded_once(service, home):
    service.respond("/x1.png", Reply(picture_file("PNG"), content_type="image/png"))
    url = f"{service.url}/x1.png"
    for size in ((40, 40), (20, 20)):
        picture = pictures.download_picture(url, *size, lambda _: None)
        assert (picture.width, picture.height) == (size[0], size[0] // 2)
    assert service.paths == ["/x1.png"]


@pytest.mark.endurance
def test_a_job_returns_the_pixels(service, home):
    from paperreader.jobs.client import Job

    service.respond("/x1.png", Reply(picture_file("PNG"), content_type="image/png"))
    service.respond("/bomb.png", Reply(announced(40_000, 40_000), content_type="image/png"))
    result = Job(home, "picture", [f"{service.url}/x1.png", "4", "4"]).run(lambda _: None)
    assert zlib.decompress(b64decode(result.pop("pixels"))) == RED * 8 and result == {"width": 4, "height": 2}
    with pytest.raises(PaperreaderError, match="1,600 million pixels"):
        Job(home, "picture", [f"{service.url}/bomb.png", "4", "4"]).run(lambda _: None)


@pytest.mark.parametrize(
    ("width", "height", "data"),
    [
        (2, 1, zlib.compress(bytes(5))),
        (2, 1, zlib.compress(bytes(7))),
        (2, 1, zlib.compress(bytes(6))[:-1]),
        (2, 1, zlib.compress(bytes(6)) + b"\x1b"),
        (2, 1, b"\x1b_Ga=d\x1b\\"),
        (2, 1, b""),
        (0, 1, zlib.compress(b"")),
        (-1, -2, zlib.compress(bytes(6))),
        (40_000, 40_000, zlib.compress(bytes(100_000))),
    ],
)
def test_pixels_of_the_process_that_decodes_are_checked(width, height, data):
    with pytest.raises(NotAPicture):
        decompressed_picture(width, height, data)
    assert decompressed_picture(2, 1, zlib.compress(b"abcdef")).pixels == b"abcdef"


@pytest.mark.parametrize(
    ("path", "reply", "words"),
    [
        ("/none.png", Reply(b"", status=404), "does not have this picture"),
        ("/page.png", Reply(b"<!doctype html><html>", content_type="text/html"), "web page instead"),
        ("/cut.png", Reply(picture_file("PNG")[:50], content_type="image/png"), "damaged"),
        ("/fig.SVG?v=1", Reply(b"<svg/>"), "only be opened in the browser"),
    ],
)
def test_a_service_without_the_picture_is_reported(service, home, path, reply, words):
    service.respond(path, reply)
    with pytest.raises(PaperreaderError, match=words):
        pictures.download_picture(f"{service.url}{path}", 40, 40, lambda _: None)


def test_a_picture_without_end_is_given_up(service, home, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", 300_000)
    service.respond(
        "/big.png", Reply(b"\x89PNG", content_type="image/png", content_length=-1, after_body=pour)
    )
    with pytest.raises(PaperreaderError, match=r"larger|more than|too"):
        pictures.download_picture(f"{service.url}/big.png", 40, 40, lambda _: None)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "javascript:x", "http://[::1]:9/x.png"]
)
def test_other_addresses_are_never_asked(service, home, url):
    with pytest.raises(PaperreaderError):
        pictures.download_picture(url, 40, 40, lambda _: None)
    assert service.paths == []


@pytest.mark.parametrize(
    ("image", "rows"),
    [
        (Image("https://arxiv.example/x.png", "", 800, 400), 20),
        (Image("https://arxiv.example/x.png", "", 1, 100_000), 30),
        (Image("https://arxiv.example/x.png", "", 100_000, 1), 1),
        (Image("https://arxiv.example/x.png"), 20),
        (Image("https://arxiv.example/x.svg", "", 800, 400), 0),
        (Image("data:image/png;base64,AAAA", "", 800, 400), 0),
    ],
)
def test_lines_are_reserved_by_the_shape_of_a_picture(image, rows):
    document = Document(title=(), blocks=(Figure(images=(image,)),), source="arxiv-html")
    shown = layout_document(document, LayoutOptions(width=80, picture_rows=30), 0)
    plain = layout_document(document, LayoutOptions(width=80), 0)
    reserved = [line for line in shown.lines if line.spans and line.spans[-1].picture]
    assert len(reserved) == rows == len(shown.lines) - len(plain.lines)
    assert [line.spans[-1].picture.row for line in reserved] == list(range(rows))

"""Pictures of figures, made small enough for a terminal."""

from __future__ import annotations

import io
import zlib
from functools import cache
from importlib.util import find_spec

from msgspec import Struct

from paperreader.errors import PaperreaderError

INSTALL_COMMAND = "pip install 'paperreader[images]'"

MAX_PICTURE_BYTES = 10 << 20
MAX_PIXELS = 50_000_000
"""Pixels of a picture that is decoded: 150 MB. More are announced in its first bytes, and refused there."""

MAX_SHOWN_PIXELS = 2_000_000
"""Pixels of a picture for a terminal, which need 8 MB of its memory."""

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_PAPER = (255, 255, 255)
"""The color behind transparent parts: figures are made for white paper."""


class NotAPicture(PaperreaderError):
    """A file cannot be shown as a picture."""


class Picture(Struct, frozen=True):
    """Pixels."""

    width: int
    height: int
    pixels: bytes
    """Red, green and blue of each, by rows from the top."""

    @property
    def compressed(self) -> bytes:
        """The pixels, compressed with zlib."""
        return zlib.compress(self.pixels)


def decompressed_picture(width: int, height: int, data: bytes) -> Picture:
    """Return a picture from its compressed pixels, which another process has made.

    Raises:
        NotAPicture: they are not as many as the size says.
    """
    if not (width > 0 and height > 0 and width * height <= MAX_SHOWN_PIXELS):
        raise NotAPicture("The picture has no usable size.")
    inflater = zlib.decompressobj()
    try:
        pixels = inflater.decompress(data, 3 * width * height + 1)
    except zlib.error as error:
        raise NotAPicture("The picture is damaged.") from error
    if len(pixels) != 3 * width * height or not inflater.eof or inflater.unused_data:
        raise NotAPicture("The picture is damaged.")
    return Picture(width, height, pixels)


@cache
def can_scale_pictures() -> bool:
    """Return whether the extra `images` is installed."""
    return find_spec("PIL") is not None


def scale_picture(data: bytes, max_width: int, max_height: int) -> Picture:
    """Decode a picture and scale it to fit into a size in pixels. For a child process with limits.

    Raises:
        NotAPicture: it is none, is too large, or the extra is missing.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise NotAPicture(f"Pictures need an extra: {INSTALL_COMMAND}") from error
    if len(data) > MAX_PICTURE_BYTES:
        raise NotAPicture(f"The picture has more than {MAX_PICTURE_BYTES >> 20} MB.")
    Image.MAX_IMAGE_PIXELS = None  # the size is checked below
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAPicture(
                    f"The picture has {image.width * image.height // 1_000_000:,} million pixels, "
                    f"more than {MAX_PIXELS // 1_000_000}."
                )
            image.draft("RGB", (max_width, max_height))  # JPEG: decodes a smaller one
            colored = image.convert("RGBA")
            colored.thumbnail((max_width, max_height), Image.Resampling.BOX)
            flat = Image.new("RGB", colored.size, _PAPER)
            flat.paste(colored, mask=colored.getchannel("A"))
            return Picture(flat.width, flat.height, flat.tobytes())
    except NotAPicture:
        raise
    except MemoryError as error:
        raise NotAPicture("The picture needs too much memory.") from error
    except Exception as error:  # whatever a decoder raises for a damaged file
        raise NotAPicture("The picture is damaged, or has a format that cannot be shown.") from error

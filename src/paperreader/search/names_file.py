"""`names.bin`, beside the index: authors, ids and sources as `names` holds them, so that no start reads all papers.

A line of JSON (version, state of the catalog, byte order, bytes of each part, CRC-32 of all of them), then the parts:
authors and ids (UTF-8, a line a row), which sources each row has (uint32 a row), and the sources (JSON). Derived: a
file that is missing, damaged or of another version is made anew.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

from paperreader.models import CatalogStamp
from paperreader.storage import write_atomic

FILE_NAME = "names.bin"

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds."""

    stamp: CatalogStamp
    authors: list[str]
    ids: list[str]
    sources: array[int]
    told: Sequence[str]


def write(path: Path, kept: Kept) -> None:
    """Replace the file.

    Raises:
        OSError: it cannot be written.
    """
    parts = [
        "\n".join(kept.authors).encode("utf-8", "surrogatepass"),
        "\n".join(kept.ids).encode("utf-8", "surrogatepass"),
        kept.sources.tobytes(),
        json.dumps(list(kept.told)).encode(),
    ]
    body = b"".join(parts)
    head = {
        "names": _VERSION,
        "stamp": asdict(kept.stamp),
        "order": sys.byteorder,
        "parts": [len(part) for part in parts],
        "crc": crc32(body),
    }
    write_atomic(path, json.dumps(head).encode() + b"\n" + body, durable=False)


def read(path: Path) -> Kept | None:
    """What the file holds; None when there is none that is sound."""
    try:
        line, _, body = path.read_bytes().partition(b"\n")
        head = json.loads(line)
        if (head["names"], head["order"], head["crc"]) != (_VERSION, sys.byteorder, crc32(body)):
            return None
        parts = []
        for size in head["parts"]:
            parts.append(body[:size])
            body = body[size:]
        authors, ids = (part.decode("utf-8", "surrogatepass").split("\n") for part in parts[:2])
        sources = array("I")
        sources.frombytes(parts[2])
        if not len(authors) == len(ids) == len(sources):
            return None
        return Kept(CatalogStamp(**head["stamp"]), authors, ids, sources, json.loads(parts[3]))
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, cut short before its checksum, or foreign.
        return None

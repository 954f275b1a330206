"""Write the body of a response to a file while it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from paperreader.fetch.http.content_check import ExpectedContent, check_content

CHECKED_BYTES = 2000
"""The start of a body that is checked before anything is written."""

REPORT_SECONDS = 0.1
"""Time between two reports of the progress."""


class FileDownload:
    """A file that is being downloaded.

    Args:
        file: where to write. An attempt that failed is overwritten by the next one.
        expected: the format of the file.
        on_progress: called with the bytes so far, and in total if that is known.
        max_bytes: a longer body is an error.
        max_seconds: for the whole response.
    """

    def __init__(
        self,
        file: BinaryIO,
        expected: ExpectedContent,
        on_progress: Callable[[int, int | None], None],
        *,
        max_bytes: int,
        max_seconds: float,
    ) -> None:
        self._file, self.expected, self._on_progress = file, expected, on_progress
        self.max_bytes, self.max_seconds = max_bytes, max_seconds
        self.etag = ""
        """The validator of what was written, as sent."""

    def write(self, chunks: Iterable[bytes], host: str, headers: Mapping[str, str]) -> None:
        """Write a body from the start of the file.

        Raises:
            TransientError: it is empty.
            FetchError: it has another format.
            OSError: it cannot be written.
        """
        self._file.seek(0)
        self._file.truncate()
        content_type, length = headers.get("content-type", ""), headers.get("content-length", "")
        total = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
        self.etag = headers.get("etag", "")
        start, written, next_report = b"", 0, 0.0
        for chunk in chunks:
            if len(start) < CHECKED_BYTES:
                start += chunk
                if len(start) < CHECKED_BYTES:
                    continue
                check_content(start, content_type, self.expected, host)
                chunk = start
            self._file.write(chunk)
            written += len(chunk)
            if time.monotonic() >= next_report:
                self._on_progress(written, total)
                next_report = time.monotonic() + REPORT_SECONDS
        if len(start) < CHECKED_BYTES:
            check_content(start, content_type, self.expected, host)
            self._file.write(start)

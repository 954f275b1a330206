"""Where full texts come from, and how each service is asked for one.

Pages of a batch keep the distance that arXiv's `robots.txt` asks for. A single page that a user waits for is requested
at once.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Literal

from msgspec import Struct

from paperreader import config
from paperreader.fetch import clock
from paperreader.fetch.arxiv import page_rate_limiter
from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.content_check import HTML, MARKDOWN, PDF, ExpectedContent
from paperreader.fetch.http.download import FileDownload
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.pdf.download import rate_limit_of
from paperreader.fetch.pdf.files import PdfFiles
from paperreader.fulltext import MAX_PAGE_BYTES, Page, PageKind, SourceName
from paperreader.library import Library, Progress
from paperreader.models import Paper
from paperreader.storage import open_regular_file
from paperreader.text.paper_urls import pdf_url

MAX_PAGE_SECONDS = 120.0
"""For a whole page. A silent service is given up sooner, after the timeout of the settings."""

_NO_CONTENT = (403, 404, 410)
"""403: the source of the paper is not public."""

_FULL_TEXT, _END_OF_PAGE = b"ltx_document", b"</html"
_END_BYTES = 2000


class Answer(Struct, frozen=True):
    """What a service has of a paper: a page, or a reason why not."""

    page: Page | None = None
    reason: str = ""
    is_unchanged: bool = False
    """Whether it still has the page with the validator that was sent."""
    failure: FetchError | None = None
    """Why only the beginning of the page has arrived; None if all of it has."""


class _Attempts(io.BytesIO):
    """What has arrived; of attempts that failed, `longest` is that with the most."""

    longest = b""

    def truncate(self, size: int | None = None) -> int:
        """Drop what a failed attempt has written."""
        self.keep()
        return super().truncate(size)

    def keep(self) -> None:
        """Remember what has been written if it is the most so far."""
        if self.getbuffer().nbytes > len(self.longest):
            self.longest = self.getvalue()


class FullTextSources:
    """Requests for full texts. Every method may raise `FetchError`."""

    def __init__(
        self, library: Library, client: Client, *, is_batch: bool, on_progress: Callable[[Progress], None]
    ) -> None:
        """`is_batch`: nobody waits for the page, so that requests keep their distance."""
        self._library, self._client, self._on_progress = library, client, on_progress
        limiter = page_rate_limiter()
        self._page_slot = limiter.slot if is_batch else limiter.immediate
        self._is_batch = is_batch
        self._methods: Mapping[SourceName, Callable[[Paper, str, int], Answer]] = {
            "arxiv-html": self._arxiv_html,
            "pdf": self._pdf,
            "huggingface": self._markdown,
        }

    def ask(self, source: SourceName, paper: Paper, etag: str = "", *, version: int = 0) -> Answer:
        """Ask a source for the full text of a paper.

        Args:
            source: the source.
            paper: the paper.
            etag: the validator of the page that is known.
            version: the version at arXiv; 0 for the newest one.
        """
        return self._methods[source](paper, etag, version)

    def _arxiv_html(self, paper: Paper, etag: str, version: int) -> Answer:
        if not paper.arxiv:
            return Answer(reason="The paper has no arXiv id, so arXiv has no page of it.")
        url = f"{self._client.services.arxiv_pages_url}/html/{paper.arxiv}{_suffix(version)}"
        answer = self._get(url, "html", HTML, self._page_slot, etag)
        if answer.page is not None and answer.failure is None and _is_cut(answer.page.data):
            answer = self._get(url, "html", HTML, self._page_slot)  # perhaps it was only this time
        if answer.reason:
            return Answer(reason=f"arXiv has no HTML for {_name_of(version)}.")
        return answer

    def _pdf(self, paper: Paper, _etag: str, version: int) -> Answer:
        if not version and (data := self._downloaded_pdf(paper)):
            return Answer(Page("pdf", data, "", fetched=_now()))
        url = pdf_url(paper, self._client.services.arxiv_url, version)
        if not url:
            return Answer(reason="No PDF of this paper is known.")
        slot = self._page_slot if self._is_batch and paper.arxiv else rate_limit_of(self._client, url)
        return self._get(url, "pdf", PDF, slot)

    def _downloaded_pdf(self, paper: Paper) -> bytes:
        """Return the content of the PDF that was downloaded before; empty if there is none, or it is too large."""
        path = PdfFiles(self._library, config.load_settings(sections=("pdf",)).pdf).find(paper)
        if path is None:
            return b""
        try:
            with os.fdopen(open_regular_file(path), "rb") as file:
                data = file.read(MAX_PAGE_BYTES["pdf"] + 1)
        except OSError:  # removed in the meantime
            return b""
        return data if len(data) <= MAX_PAGE_BYTES["pdf"] else b""

    def _markdown(self, paper: Paper, _etag: str, version: int) -> Answer:
        if version:
            return Answer(reason="Hugging Face does not have the versions of papers.")
        if not paper.arxiv:
            return Answer(reason="The paper has no arXiv id, so Hugging Face has no text of it.")
        url = f"{self._client.services.huggingface_url}/papers/{paper.arxiv}.md"
        try:
            return self._get(url, "markdown", MARKDOWN, None)
        except FetchError as error:
            if error.service_unavailable:
                raise
            return Answer(reason=str(error))  # the web page of the paper in place of its text

    def _get(
        self,
        url: str,
        kind: PageKind,
        expected: ExpectedContent,
        slot: Callable[[], AbstractContextManager[None]] | None,
        etag: str = "",
    ) -> Answer:
        self._report(0, None)
        file = _Attempts()
        download = FileDownload(
            file, expected, self._report, max_bytes=MAX_PAGE_BYTES[kind], max_seconds=MAX_PAGE_SECONDS
        )
        limits = {} if slot is None else {"rate_limit": slot}
        try:
            status = self._client.download(url, download, **limits, etag=etag, no_content=_NO_CONTENT)
        except FetchError as error:
            file.keep()
            if not _is_cut(file.longest):
                raise
            # Without its validator, by which the service would say that there is nothing new.
            return Answer(Page(kind, file.longest, url, fetched=_now()), failure=error)
        if status in _NO_CONTENT:
            return Answer(reason=f"{host_of(url)} has no text of this paper.")
        if status == 304:
            return Answer(is_unchanged=True)
        return Answer(Page(kind, file.getvalue(), url, download.etag, _now()))

    def _report(self, done: int, total: int | None) -> None:
        if not self._is_batch:  # which reports the number of papers
            self._on_progress(Progress("downloading", done // 1000, total and total // 1000, "kB"))


def _is_cut(page: bytes) -> bool:
    """Return whether it is a full text that ends in the middle."""
    return _FULL_TEXT in page and _END_OF_PAGE not in page[-_END_BYTES:].lower()


def _suffix(version: int) -> str:
    return f"v{version}" if version else ""


def _name_of(version: int) -> str:
    return f"version {version} of this paper" if version else "this paper"


def _now() -> str:
    return clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")


Origin = Literal["stored", "converted", "fetched", "unchanged"]
"""Whether a text was there, was converted again from its page, was fetched, or was confirmed by the service."""

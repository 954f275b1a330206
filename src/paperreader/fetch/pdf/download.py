"""Download the PDFs of papers, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from msgspec import Struct, field

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.fetch import arxiv, endpoints
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.content_check import PDF
from paperreader.fetch.http.download import FileDownload
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.pdf.files import PdfFiles
from paperreader.fetch.session import waiting_reporter
from paperreader.library import Library, Progress
from paperreader.models import Paper, Problem
from paperreader.text.paper_urls import pdf_url

MAX_PDF_BYTES = 200 << 20

MAX_DOWNLOAD_SECONDS = 1800.0
"""For one PDF. The user can cancel it sooner."""


MAX_SELECTED = 5
"""PDFs that a user waits for. More are a batch."""


class PdfFile(Struct, frozen=True):
    """The PDF of a paper. The fields are keys of the result of a job."""

    id: str
    path: str
    is_new: bool
    """Whether it was downloaded now."""


class PdfReport(Struct):
    """The outcome for some papers."""

    files: list[PdfFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)
    """Ids of papers that were not asked for, because the host of their PDF is unavailable."""
    warnings: list[str] = field(default_factory=list)

    @property
    def downloaded(self) -> int:
        """How many PDFs are new on this machine."""
        return sum(file.is_new for file in self.files)


def download_pdfs(
    library: Library, papers: Sequence[Paper], on_progress: Callable[[Progress], None]
) -> PdfReport:
    """Find or download the PDF of each paper. What is there is skipped, so that repeating it continues it.

    Requests to arXiv keep the distance that it asks of a batch if there are more than `MAX_SELECTED` papers.

    Raises:
        SettingsError, UsageError: the settings are invalid.
    """
    settings = endpoints.load_request_settings("pdf")
    files, services = PdfFiles(library, settings.pdf), settings.fetch
    cache = ResponseCache(paths.response_cache_folder())
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        downloads = _Downloads(client, files, on_progress, is_batch=len(papers) > MAX_SELECTED)
        for number, paper in enumerate(papers):
            if len(papers) > 1:
                on_progress(Progress("fetching", number, len(papers), "PDFs"))
            downloads.get(paper, shows_bytes=len(papers) == 1)
        downloads.report.warnings.extend(client.warnings)
    return downloads.report


class _Downloads:
    """Downloads PDFs, one after the other, and records the outcome of each in `report`."""

    def __init__(
        self, client: Client, files: PdfFiles, on_progress: Callable[[Progress], None], *, is_batch: bool
    ) -> None:
        self._client, self._files, self._on_progress, self._is_batch = client, files, on_progress, is_batch
        self._unavailable: set[str] = set()
        """Hosts that failed for good."""
        self.report = PdfReport()

    def get(self, paper: Paper, *, shows_bytes: bool) -> None:
        """Find or download the PDF of a paper. `shows_bytes`: report the progress within it."""
        known = self._files.find(paper)
        if known is not None:
            self.report.files.append(PdfFile(paper.id, str(known), False))
            return
        host = endpoints.host_of(pdf_url(paper, self._client.services.arxiv_url))
        if host in self._unavailable:
            self.report.remaining.append(paper.id)
            return
        try:
            path = self._download(paper, shows_bytes=shows_bytes)
        except PaperreaderError as error:
            self.report.problems.append(Problem(paper.id, None, str(error)))
            if isinstance(error, FetchError) and error.service_unavailable:
                self._unavailable.add(host)
        else:
            self.report.files.append(PdfFile(paper.id, str(path), True))

    def _download(self, paper: Paper, *, shows_bytes: bool) -> Path:
        """Download a PDF and return its path.

        Raises:
            FetchError: there is none, or it cannot be downloaded.
            StorageError: it cannot be written.
        """
        url = pdf_url(paper, self._client.services.arxiv_url)
        if not url:
            raise FetchError("No PDF of this paper is known; it has no arXiv id and no link to one.")

        def report(done: int, total: int | None) -> None:
            if shows_bytes:
                self._on_progress(Progress("downloading", done // 1000, total and total // 1000, "kB"))

        def write(file: BinaryIO) -> None:
            target = FileDownload(
                file, PDF, report, max_bytes=MAX_PDF_BYTES, max_seconds=MAX_DOWNLOAD_SECONDS
            )
            rate_limit = rate_limit_of(self._client, url, is_batch=self._is_batch)
            if self._client.download(url, target, rate_limit=rate_limit) != 200:
                raise FetchError(f"{endpoints.host_of(url)} has no PDF of this paper.")

        report(0, None)
        return self._files.create(paper, write)


def rate_limit_of(
    client: Client, url: str, *, is_batch: bool = False
) -> Callable[[], AbstractContextManager[None]]:
    """Return the rate limit of arXiv for its own hosts, and none for others."""
    name = urlsplit(url).hostname or ""
    is_arxiv = endpoints.host_of(url) == endpoints.host_of(client.services.arxiv_url)
    if is_arxiv or name == "arxiv.org" or name.endswith(".arxiv.org"):
        return arxiv.page_rate_limiter().slot if is_batch else arxiv.shared_rate_limiter().slot
    return nullcontext

"""Download the PDFs of papers, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from msgspec import Struct, field

from paperreader import config, paths
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
    warnings: list[str] = field(default_factory=list)


def download_pdfs(
    library: Library, papers: Sequence[Paper], on_progress: Callable[[Progress], None]
) -> PdfReport:
    """Find or download the PDF of each paper.

    Raises:
        SettingsError, UsageError: the settings are invalid.
    """
    files = PdfFiles(library, config.load_settings().pdf)
    services = endpoints.configured_endpoints()
    report = PdfReport()
    unavailable: dict[str, str] = {}
    """Hosts that failed for good, with the reason."""
    cache = ResponseCache(paths.response_cache_folder())
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        for paper in papers:
            known = files.find(paper)
            if known is not None:
                report.files.append(PdfFile(paper.id, str(known), False))
                continue
            host = endpoints.host_of(pdf_url(paper, services.arxiv_url))
            try:
                if host in unavailable:
                    raise FetchError(unavailable[host])
                path = _download(client, files, paper, on_progress)
            except PaperreaderError as error:
                report.problems.append(Problem(paper.id, None, str(error)))
                if isinstance(error, FetchError) and error.service_unavailable:
                    unavailable[host] = str(error)
            else:
                report.files.append(PdfFile(paper.id, str(path), True))
        report.warnings.extend(client.warnings)
    return report


def _download(client: Client, files: PdfFiles, paper: Paper, on_progress: Callable[[Progress], None]) -> Path:
    """Download a PDF and return its path.

    Raises:
        FetchError: there is none, or it cannot be downloaded.
        StorageError: it cannot be written.
    """
    url = pdf_url(paper, client.services.arxiv_url)
    if not url:
        raise FetchError("No PDF of this paper is known; it has no arXiv id and no link to one.")

    def report(done: int, total: int | None) -> None:
        on_progress(Progress("downloading", done // 1000, total and total // 1000, "kB"))

    def write(file: BinaryIO) -> None:
        target = FileDownload(file, PDF, report, max_bytes=MAX_PDF_BYTES, max_seconds=MAX_DOWNLOAD_SECONDS)
        if client.download(url, target, rate_limit=rate_limit_of(client, url)) != 200:
            raise FetchError(f"{endpoints.host_of(url)} has no PDF of this paper.")

    report(0, None)
    return files.create(paper, write)


def rate_limit_of(client: Client, url: str) -> Callable[[], AbstractContextManager[None]]:
    """Return the rate limit of arXiv for its own hosts, and none for others."""
    name = urlsplit(url).hostname or ""
    is_arxiv = endpoints.host_of(url) == endpoints.host_of(client.services.arxiv_url)
    if is_arxiv or name == "arxiv.org" or name.endswith(".arxiv.org"):
        return arxiv.shared_rate_limiter().slot
    return nullcontext

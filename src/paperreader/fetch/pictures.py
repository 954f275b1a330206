"""Pictures of full texts: from the cache, else from the service, and scaled for the terminal."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import urlsplit

from paperreader import paths
from paperreader.config.settings import Fetch
from paperreader.fetch import clock, endpoints
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.content_check import PICTURE
from paperreader.fetch.http.download import FileDownload
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.session import waiting_reporter
from paperreader.fulltext import MAX_PICTURE_BYTES, Picture, scale_picture
from paperreader.library import Progress
from paperreader.text.urls import safe_url

MAX_PICTURE_SECONDS = 60.0
"""For a whole picture."""


def download_picture(
    url: str, max_width: int, max_height: int, on_progress: Callable[[Progress], None]
) -> Picture:
    """Return a picture that fits into a size in pixels.

    Raises:
        FetchError: it cannot be downloaded, or is larger than `MAX_PICTURE_BYTES`.
        NotAPicture: it cannot be shown.
        SettingsError, UsageError: the settings are invalid.
    """
    if safe_url(url) is None or urlsplit(url).path.lower().endswith(".svg"):
        raise FetchError("This picture can only be opened in the browser.")
    services = endpoints.load_request_settings("reading").fetch
    cache = ResponseCache(paths.response_cache_folder())
    known = cache.find(url)
    data = known.data if known is not None else _download(services, cache, url, on_progress)
    return scale_picture(data, max_width, max_height)


def _download(
    services: Fetch, cache: ResponseCache, url: str, on_progress: Callable[[Progress], None]
) -> bytes:
    file = io.BytesIO()
    target = FileDownload(
        file,
        PICTURE,
        lambda done, total: None,
        max_bytes=MAX_PICTURE_BYTES,
        max_seconds=MAX_PICTURE_SECONDS,
    )
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        status = client.download(url, target)
    if status != 200:
        raise FetchError(f"{endpoints.host_of(url)} does not have this picture.")
    data = file.getvalue()
    cache.store(CachedResponse(url, clock.now().isoformat(), data, etag=target.etag))
    return data

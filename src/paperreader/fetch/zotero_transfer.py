"""Send papers of a library to Zotero, and import those of Zotero."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch import endpoints
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.session import waiting_reporter
from paperreader.fetch.zotero import ITEMS_PER_REQUEST, Zotero
from paperreader.json_codec import to_json_line
from paperreader.library import ImportReport, Library, Progress
from paperreader.models import Problem

STATE_KEY = "zotero_sent"
"""The key of the local state for the ids of the papers that were sent."""

FILE_NAME = "zotero.json"
"""The name of the source of imported papers."""

OnProgress = Callable[[Progress], None]


class SendReport(Struct, frozen=True):
    """The outcome of `send_papers`. The fields are keys of the result of a job."""

    sent: int
    skipped: int
    """Papers that were sent before."""


def send_papers(
    library: Library, ids: Sequence[str], on_progress: OnProgress, *, again: bool = False
) -> SendReport:
    """Save papers in Zotero, with the user's tags and notes. Those that were sent before are skipped.

    Args:
        library: the library.
        ids: ids of its papers.
        on_progress: called with the progress.
        again: whether to send papers that were sent before, which makes duplicates unless they were deleted there.

    Raises:
        FetchError: Zotero does not respond or save. Papers in earlier requests are saved.
        StorageError: a paper cannot be read.
        SettingsError, UsageError: the settings are invalid.
    """
    before = set() if again else _sent(library)
    wanted = [id for id in dict.fromkeys(ids) if id not in before]
    with _zotero(on_progress) as zotero:
        for start in range(0, len(wanted), ITEMS_PER_REQUEST):
            on_progress(Progress("exporting", start, len(wanted)))
            part = wanted[start : start + ITEMS_PER_REQUEST]
            zotero.save(library.exports.zotero_items(library.resolve(id) for id in part))
            library.state.update(STATE_KEY, lambda known, part=part: sorted({*_texts(known), *part}))  # type: ignore[misc]
    return SendReport(len(wanted), len(set(ids)) - len(wanted))


def import_items(library: Library, on_progress: OnProgress) -> ImportReport:
    """Import all items of the user's library in Zotero, with tags and notes, like a file exported there.

    Raises:
        FetchError: Zotero does not respond, or does not let other programs read.
        StorageError: the library cannot be written.
        SettingsError, UsageError: the settings are invalid; or the library is the sample library.
    """
    if library.is_sample:
        raise UsageError("The sample library cannot be changed; add papers to a library of your own.")
    with _zotero(on_progress) as zotero:
        on_progress(Progress("fetching", 0, None))
        items = zotero.items()
    if not items:
        problem = Problem("Zotero", None, "no items in “My Library”; groups are not read")
        return ImportReport(0, 0, 0, 0, (problem,), 0)
    with tempfile.TemporaryDirectory(prefix="paperreader-") as folder:
        file = Path(folder) / FILE_NAME
        file.write_text("\n".join(map(to_json_line, items)), encoding="utf-8")
        report = library.imports.import_paths([str(file)], progress=on_progress)
    # The user has never seen that file.
    return replace(
        report, problems=tuple(replace(each, file="Zotero", line=None) for each in report.problems)
    )


@contextmanager
def _zotero(on_progress: OnProgress) -> Iterator[Zotero]:
    services = endpoints.configured_endpoints()
    cache = ResponseCache(paths.response_cache_folder())
    with Client(services, cache, on_wait=waiting_reporter(on_progress)) as client:
        yield Zotero(client)


def _sent(library: Library) -> set[str]:
    return set(_texts(library.state.get(STATE_KEY)))


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []

"""The program of a job: `python -m paperreader.jobs.main FOLDER TASK ARGUMENT...`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import to_builtins

from paperreader.errors import PaperreaderError, UsageError
from paperreader.jobs.parent_watch import end_with_parent
from paperreader.jobs.protocol import OnProgress, serve
from paperreader.library import Library, Progress
from paperreader.system.priority import BACKGROUND, IDLE, lower_priority

if TYPE_CHECKING:
    from paperreader.fetch.runner import FetchReport
    from paperreader.models import Paper


MAX_PICTURE_MEMORY, MAX_PICTURE_CPU_SECONDS = 1 << 30, 20
"""Bytes and seconds of processor time for a job that decodes a picture."""

EXPORT_PROGRESS_PAPERS = 500
"""Papers between two reports of the progress of an export."""


class Task(NamedTuple):
    """One row of the table of tasks."""

    run: Callable[[Library, Sequence[str], OnProgress], dict[str, Any]]
    niceness: int = BACKGROUND
    survives_parent: bool = False
    """Whether it continues when the reader has ended."""


def _reindex(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    library.maintenance.reindex(progress)
    return {}


def _index_texts(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Update the index of full texts; return how many there are, and whether anything had changed."""
    index = library.full_texts.index
    changed = not index.is_current()
    return {"texts": index.update(progress), "changed": changed}


def _maintain(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    repaired = library.maintenance.maintain(progress)
    vectors = library.maintenance.update_vectors(progress, verify=True)
    computed = {"vectors": vectors.computed} if vectors.computed else {}
    return {"repaired": [*repaired, *vectors.messages], **computed}


def _import(library: Library, paths: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    report = library.imports.import_paths(paths, progress=progress)
    return {**to_builtins(report), "problems": [str(problem) for problem in report.problems]}


def _undo_import(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Return the fields of `UndoneImport`; an empty object if there was no import to undo."""
    undone = library.imports.undo_import(progress)
    return to_builtins(undone) if undone is not None else {}


def _export(library: Library, arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Export rows of a table: format, output file, generation of the table; on standard input one row number a line."""
    format_name, file, generation = arguments
    if library.table.generation != int(generation):
        raise PaperreaderError("The library was rewritten in the meantime. Export again.")
    rows = [int(line) for line in sys.stdin.read().split()]
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # removes the temporary file
    counted = _with_progress(rows, progress)
    library.exports.write(Path(file), library.exports.lines(counted, format_name))
    return {"written": len(rows)}


def _with_progress(rows: Sequence[int], progress: OnProgress) -> Iterator[int]:
    """Yield the rows, and report how many were asked for."""
    for done, row in enumerate(rows):
        if done % EXPORT_PROGRESS_PAPERS == 0:
            progress(Progress("exporting", done, len(rows)))
        yield row


def _fetch(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    from paperreader.fetch import session

    return _fetch_result(session.fetch_latest(library, progress, update_index=False))


def _add(library: Library, references: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    from paperreader.fetch import session
    from paperreader.fetch.paper_refs import parse_ref

    refs = [ref for ref in map(parse_ref, references) if ref is not None]
    if len(refs) < len(references):
        raise UsageError("Only arXiv papers and Daily Papers pages can be added.")
    return _fetch_result(session.add_refs(library, refs, progress, update_index=False))


def _fetch_result(report: FetchReport) -> dict[str, Any]:
    """Return the fields of a report, with its problems as sentences. The reader updates the index by itself."""
    return {
        "read": report.read,
        "new": report.new,
        "merged": report.merged,
        "unchanged": report.unchanged,
        "new_versions": report.new_versions,
        "problems": [str(problem) for problem in report.problems],
        "left": [*report.remaining, *report.postponed],
        "warnings": [*report.warnings, *filter(None, [report.postponed_message])],
    }


def _pdf(library: Library, ids: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Download PDFs: the arguments are ids, or without any, standard input has one id a line. Return the fields of
    `PdfReport`, with problems as sentences.
    """
    from paperreader.fetch.pdf.download import download_pdfs

    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # removes the temporary file
    papers = _papers(library, ids) if ids else _papers_of_input(library)
    report = download_pdfs(library, papers, progress)
    problems = [problem.message for problem in report.problems]
    return {**to_builtins(report), "problems": problems, "downloaded": report.downloaded}


def _papers_of_input(library: Library) -> list[Paper]:
    """Return the papers whose ids are the lines of standard input."""
    return _papers(library, sys.stdin.read().splitlines())


def _papers(library: Library, ids: Sequence[str]) -> list[Paper]:
    return [library.paper(library.resolve(id)) for id in ids]


def _full_text(library: Library, arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Get the full text of a paper that is opened: its id, and `refresh` to ask the services in any case.

    Return the fields of `FullText`; or under the key `missing` the reason why there is none.
    """
    from paperreader.fetch.full_texts.download import download_full_text
    from paperreader.fetch.full_texts.downloader import NoFullText

    id, *options = arguments
    paper = library.paper(library.resolve(id))
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # ends the conversion as well
    try:
        text = download_full_text(library, paper, progress, refresh="refresh" in options)
    except NoFullText as error:
        return {"missing": str(error)}
    return dict(to_builtins(text))


def _full_texts(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Fetch the full texts of many papers: on standard input one id a line. Return the fields of `FullTextReport`."""
    from paperreader.fetch.full_texts.download import download_full_texts

    papers = _papers_of_input(library)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    report = download_full_texts(library, papers, progress)
    problems = {"problems": list(map(str, report.problems)), "missing": list(map(str, report.missing))}
    return {**to_builtins(report), **problems, "fetched": report.fetched}


def _picture(_library: Library, arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Fetch the picture with a URL, and scale it to a width and a height in pixels. Return the fields of `Picture`.

    The pixels are compressed with zlib and encoded as base64.
    """
    from base64 import b64encode

    from paperreader.fetch.pictures import download_picture
    from paperreader.system.limits import limit_resources

    url, width, height = arguments
    limit_resources(MAX_PICTURE_MEMORY, MAX_PICTURE_CPU_SECONDS)
    picture = download_picture(url, int(width), int(height), progress)
    return {
        "width": picture.width,
        "height": picture.height,
        "pixels": b64encode(picture.compressed).decode(),
    }


def _enrich(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Request citation counts: on standard input one id a line. Return the fields of `EnrichReport`."""
    from paperreader.fetch.citations.enrich import enrich

    return dict(to_builtins(enrich(library, _papers_of_input(library), progress)))


def _find(library: Library, arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Search a service: its name, and where the page begins; on standard input the query. Return `OnlineReply`."""
    from paperreader.fetch.online.search import search_online
    from paperreader.fetch.online.sources import SOURCE_LABELS
    from paperreader.jobs.online import online_reply

    name, start = arguments
    source = next(each for each in SOURCE_LABELS if each == name)
    return online_reply(search_online(library, sys.stdin.read(), source, progress, start=int(start)))


def _citations(library: Library, arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Request references of a paper, or papers that cite it.

    The arguments are which of both, the id of the paper, where the page begins, and the name of the service.
    Return `OnlineReply`.
    """
    from paperreader.fetch.citations.keys import SERVICE_LABELS
    from paperreader.fetch.online.citation_source import LIST_LABELS
    from paperreader.fetch.online.citations import request_citations
    from paperreader.jobs.online import online_reply

    name, id, start, service_name = arguments
    direction = next(each for each in LIST_LABELS if each == name)
    service = next(each for each in SERVICE_LABELS if each == service_name)
    results = request_citations(library, id, direction, progress, start=int(start), service=service)
    return online_reply(results)


def _add_records(library: Library, _arguments: Sequence[str], _progress: OnProgress) -> dict[str, Any]:
    """Add papers of a search online: on standard input one a line, as in an `OnlineReply`."""
    from paperreader.jobs.online import read_papers
    from paperreader.library import OnlinePapers

    OnlinePapers(library.imports).add(read_papers(sys.stdin))
    return {}


def _zotero_send(library: Library, _arguments: Sequence[str], progress: OnProgress) -> dict[str, Any]:
    """Send papers to Zotero: on standard input one id a line. Return the fields of `SendReport`."""
    from paperreader.fetch.zotero_transfer import send_papers

    return dict(to_builtins(send_papers(library, sys.stdin.read().splitlines(), progress)))


def _trends(library: Library, arguments: Sequence[str], _progress: OnProgress) -> dict[str, Any]:
    """Compute the trends of a number of weeks."""
    import datetime as dt

    from paperreader.digest.trends.report import compute_trends

    (weeks,) = map(int, arguments)
    return compute_trends(library, weeks, today=dt.datetime.now(dt.UTC).date()).to_json()


TASKS: Mapping[str, Task] = {
    "reindex": Task(_reindex),
    "index-texts": Task(_index_texts),
    "maintain": Task(_maintain, IDLE),
    "import": Task(
        _import, survives_parent=True
    ),  # the user asked for these papers; an index can be built later
    "undo-import": Task(_undo_import),
    "export": Task(_export, survives_parent=True),
    "fetch": Task(_fetch),
    "add": Task(_add),
    "pdf": Task(_pdf, 0),
    "full-text": Task(_full_text, 0),
    "full-texts": Task(_full_texts),
    "picture": Task(_picture, 0),
    "enrich": Task(_enrich, 0),
    "find": Task(_find, 0),
    "citations": Task(_citations, 0),
    "add-records": Task(_add_records, 0),
    "zotero-send": Task(_zotero_send, 0),
    "trends": Task(_trends, 0),
}


def main(arguments: Sequence[str], *, ends_with_parent: bool = False) -> int:
    """Run a task and return the exit code.

    Args:
        arguments: folder of the library, task, and the arguments of the task.
        ends_with_parent: end this process when its parent has ended, unless the task is one that survives it.
    """
    folder, name, *rest = arguments
    task = TASKS[name]
    if ends_with_parent and not task.survives_parent:
        end_with_parent()

    def work(progress: OnProgress) -> dict[str, Any]:
        if task.niceness:
            lower_priority(task.niceness)
        return task.run(Library(Path(folder)), rest, progress)

    return serve(work, survives_parent=task.survives_parent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ends_with_parent=True))

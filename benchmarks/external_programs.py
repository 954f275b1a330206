"""External programs for comparison, if installed: newsboat for imports, fzf for search."""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterable
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from processes import Usage, run_measured

from paperreader.models import ImportedEntry, Paper

_NO_XML = {code: None for code in range(32) if chr(code) not in "\t\n"}


def run_newsboat(folder: Path, entries: Iterable[ImportedEntry]) -> Usage | None:
    """Import the papers into newsboat as one RSS feed; None if it is not installed.

    Raises:
        RuntimeError: it failed, or did not import all papers.
    """
    program = shutil.which("newsboat")
    if program is None:
        return None
    folder.mkdir()
    feed, urls, settings, cache = (folder / name for name in ("feed.xml", "urls", "config", "cache.db"))
    count = write_rss(feed, entries)
    urls.write_text(f"{feed.as_uri()}\n")
    settings.write_text("")
    usage = run_measured(
        [program, "-u", urls, "-C", settings, "-c", cache, "-x", "reload"], {"HOME": str(folder)}
    )
    with sqlite3.connect(cache) as database:
        stored = database.execute("select count(*) from rss_item").fetchone()[0]
    if stored != count:
        raise RuntimeError(f"newsboat stored {stored} of {count} papers: {usage.output}")
    return usage


def time_fzf(path: Path, papers: Iterable[Paper], queries: Iterable[str]) -> list[float]:
    """Return the milliseconds that fzf takes to filter the papers, one per line, for each query; empty if missing.

    It matches substrings, not words, and runs once per query.
    """
    program = shutil.which("fzf")
    if program is None:
        return []
    with path.open("w", encoding="utf-8") as file:
        for paper in papers:
            print(" ".join(f"{paper.title} {paper.abstract}".split()), file=file)
    durations = []
    for query in queries:
        with path.open("rb") as file:
            started = time.perf_counter()
            subprocess.run(
                [program, "--exact", f"--filter={query}"], stdin=file, stdout=subprocess.DEVNULL, check=False
            )
            durations.append(1000 * (time.perf_counter() - started))
    path.unlink()
    return durations


def write_rss(path: Path, entries: Iterable[ImportedEntry]) -> int:
    """Write the papers as an RSS feed; return their number."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>papers</title>\n'
        )
        for entry in entries:
            record = entry.records[0]
            day = datetime.datetime.fromisoformat(f"{record.published}T00:00:00+00:00")
            title, authors, abstract = (
                escape(text.translate(_NO_XML))
                for text in (record.title, ", ".join(record.authors), record.abstract)
            )
            file.write(
                f"<item><title>{title}</title><link>https://arxiv.org/abs/{record.arxiv}</link>"
                f'<guid isPermaLink="false">{record.arxiv}</guid><pubDate>{format_datetime(day)}</pubDate>'
                f"<author>{authors}</author><description>{abstract}</description></item>\n"
            )
            count += 1
        file.write("</channel></rss>\n")
    return count

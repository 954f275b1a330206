"""Programs that do a part of the same, where they are installed: newsboat for the import, fzf for the search."""

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
    """What newsboat takes to import those papers as one RSS feed; None where it is not installed.

    Raises:
        RuntimeError: it failed, or did not take them all.
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
        kept = database.execute("select count(*) from rss_item").fetchone()[0]
    if kept != count:
        raise RuntimeError(f"newsboat kept {kept} papers of {count}: {usage.output}")
    return usage


def time_fzf(path: Path, papers: Iterable[Paper], queries: Iterable[str]) -> list[float]:
    """Milliseconds in which fzf filters the papers, a line each, for every query; nothing where it is not installed.

    It finds letters in their order, not words, and starts anew for each query.
    """
    program = shutil.which("fzf")
    if program is None:
        return []
    with path.open("w", encoding="utf-8") as file:
        for paper in papers:
            print(" ".join(f"{paper.title} {paper.abstract}".split()), file=file)
    took = []
    for query in queries:
        with path.open("rb") as file:
            began = time.perf_counter()
            subprocess.run(
                [program, "--exact", f"--filter={query}"], stdin=file, stdout=subprocess.DEVNULL, check=False
            )
            took.append(1000 * (time.perf_counter() - began))
    path.unlink()
    return took


def write_rss(path: Path, entries: Iterable[ImportedEntry]) -> int:
    """The papers as an RSS feed; gives how many."""
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

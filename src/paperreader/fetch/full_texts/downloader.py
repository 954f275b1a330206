"""Get the full text of one paper: from this machine, else from the first source that has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from paperreader.errors import NotAFullText, PaperreaderError
from paperreader.fetch.full_texts.sources import Answer, FullTextSources, Origin
from paperreader.fetch.http.errors import FetchError
from paperreader.fulltext import ConversionFailed, SourceName, StoredText, available_sources
from paperreader.library import Library
from paperreader.models import Paper

CUT_OFF = "The page of this paper is cut off in the middle; what has arrived is stored."

WITHOUT_ARXIV_ID = "No full text of this paper is known, because it has no arXiv id."


class NoFullText(PaperreaderError):
    """No source has the full text of a paper."""


class Skipped(PaperreaderError):
    """A paper was not asked for, because the service is unavailable."""


class WantedText(NamedTuple):
    """A paper whose full text is wanted."""

    paper: Paper
    version: int = 0
    """Exactly this version; 0 for the newest one."""


class FullText(Struct, frozen=True):
    """The full text of a paper, stored. The fields are keys of the result of a job."""

    id: str
    version: int
    source: SourceName
    origin: Origin
    newer: bool = False
    """Whether it was fetched now and is a newer version than the one that was stored, which is still there."""
    warning: str = ""


class FullTextDownloader:
    """Gets full texts, one after the other."""

    def __init__(self, library: Library, sources: FullTextSources, warnings: list[str]) -> None:
        self._texts, self._sources = library.full_texts, sources
        self.warnings = warnings
        self._down: set[SourceName] = set()
        """Sources that did not respond, and are not waited for again."""

    def get(self, wanted: WantedText, *, refresh: bool = False, only_stored: bool = False) -> FullText:
        """Return the full text of a paper; see `download_full_text`. With `only_stored`, no service is asked.

        Raises:
            Skipped: one would have been asked; otherwise as `download_full_text`.
        """
        stored = None if refresh and not only_stored else self._stored(wanted)
        if stored is None:
            return self._get_missing(wanted, refresh=refresh, only_stored=only_stored)
        if only_stored or not (stored.warning and stored.source == "arxiv-html"):
            return stored
        try:  # perhaps all of the page arrives this time
            return self._get_missing(wanted)
        except (FetchError, NoFullText):
            return stored

    def _get_missing(
        self, wanted: WantedText, *, refresh: bool = False, only_stored: bool = False
    ) -> FullText:
        """Do `get` for a text that is not stored."""
        name = _name_of(wanted)
        if not refresh and (reason := self._texts.unavailable.reason(name)):
            raise NoFullText(reason)
        if only_stored:
            raise Skipped("Not asked for, because the service is unavailable.")
        return self._ask(wanted, {} if refresh else self._texts.unavailable.asked(name))

    def _ask(self, wanted: WantedText, asked: Mapping[SourceName, str]) -> FullText:
        """Ask the sources, except those that had nothing within a day."""
        paper, known = wanted.paper, self._known(wanted)
        reasons = dict(asked)
        for source in available_sources():
            if source in asked or (source in self._down and reasons):
                continue
            try:
                found, reason = self._ask_source(source, wanted, known)
            except FetchError as error:
                if not reasons:
                    raise
                # A better source has none, so this one is asked the next time. What the user can do is the same.
                if error.service_unavailable:
                    self._down.add(source)
                continue
            if found is not None:
                return found
            reasons[source] = reason
            if known is not None and source == known.source:  # the others are worse
                return self._confirm(known, paper)
        reason = next(iter(reasons.values())) if paper.arxiv else WITHOUT_ARXIV_ID
        self._texts.unavailable.add(_name_of(wanted), tuple(reasons), reason)
        raise NoFullText(reason)

    def _known(self, wanted: WantedText) -> StoredText | None:
        """Return the stored text that can be read; of several versions, the newest one."""
        texts = self._texts.stored(wanted.paper.id)
        return next((text for text in texts if _is_wanted(text, wanted) and self._texts.document(text)), None)

    def _ask_source(
        self, source: SourceName, wanted: WantedText, known: StoredText | None
    ) -> tuple[FullText | None, str]:
        """Return the full text that a source has, or None and why it has none."""
        answer = self._sources.ask(source, wanted.paper, _etag(known, source), version=wanted.version)
        if answer.is_unchanged and known is not None:
            return self._confirm(known, wanted.paper), ""
        if answer.failure is not None and known is not None and not known.is_cut:
            raise answer.failure  # all of it is there
        try:
            found = self._store(wanted.paper, answer, known)
        except (NotAFullText, ConversionFailed) as error:
            return None, str(error)
        if found is not None and wanted.version not in (0, found.version):
            return None, f"The service has no text of version {wanted.version} of this paper."
        return found, answer.reason

    def _stored(self, wanted: WantedText) -> FullText | None:
        """Return the newest stored text that can be read, converted again if necessary; None if there is none."""
        for text in self._texts.stored(wanted.paper.id):
            if not _is_wanted(text, wanted):
                continue
            is_readable = self._texts.document(text) is not None
            if is_readable and not self._texts.is_outdated(text):
                return _full_text(text, wanted.paper, "stored")
            try:
                converted = self._texts.convert_again(text)
            except (NotAFullText, ConversionFailed):
                converted = None
            if converted is not None:
                return _full_text(converted, wanted.paper, "converted")
            if is_readable:
                return _full_text(text, wanted.paper, "stored")
        return None

    def _confirm(self, known: StoredText, paper: Paper) -> FullText:
        self._texts.confirm(known)
        return _full_text(known, paper, "unchanged")

    def _store(self, paper: Paper, answer: Answer, known: StoredText | None) -> FullText | None:
        """Store the page of an answer; None if there is none."""
        if answer.page is None:
            return None
        text = self._texts.store_page(paper.id, answer.page)
        newer = known is not None and text.version > known.version > 0
        return _full_text(text, paper, "unchanged" if text == known else "fetched", newer=newer)


def _name_of(wanted: WantedText) -> str:
    """Return the name under which it is remembered that a text is not available."""
    return f"{wanted.paper.id}v{wanted.version}" if wanted.version else wanted.paper.id


def _is_wanted(text: StoredText, wanted: WantedText) -> bool:
    return wanted.version in (0, text.version)


def _full_text(text: StoredText, paper: Paper, origin: Origin, *, newer: bool = False) -> FullText:
    warning = CUT_OFF if text.is_cut else ""
    return FullText(paper.id, text.version, text.source, origin, newer, warning)


def _etag(known: StoredText | None, source: SourceName) -> str:
    return known.etag if known is not None and known.source == source else ""

"""Resolve the links and images of a page."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from paperreader.fulltext.document import SourceName
from paperreader.text.ids import parse_arxiv_id

_PREFIXED = re.compile(r"(?:^|/)((?:mailto|https?):.*)", re.DOTALL)
"""LaTeXML's links to other schemes, prefixed with the folder of the page."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PAGE_OF_PAPER = re.compile(
    r"https?://(?:[\w-]{1,30}\.){0,3}(?:arxiv\.org|ar5iv\.org)/(?:html|abs)/([^?#]{1,60})", re.IGNORECASE
)
_SAVED_FOLDER = re.compile(r"[^/]*_files/([^/]+)\Z")
_VERSION = re.compile(r"v[0-9]{1,3}\Z")
_PAGES = {"arxiv-html": "https://arxiv.org/html/", "ar5iv-html": "https://ar5iv.labs.arxiv.org/html/"}
"""Where pages are that were saved to a file."""


class PageLinks:
    """Addresses of one page."""

    def __init__(
        self,
        url: str,
        base: str,
        arxiv: str,
        version: int,
        ids: frozenset[str],
        source: SourceName = "arxiv-html",
    ) -> None:
        """`base` is the `href` of the page's `base` element; `ids` are the ids in the page."""
        pages = _PAGES.get(source, _PAGES["arxiv-html"])
        self._folder = self._folder_of_pictures(pages, arxiv, version)
        self._url = url
        self._arxiv = arxiv
        self._version = version
        self.ids = ids
        self._targets: dict[str, str] = {}
        self._base = urljoin(url or pages, base) if base else url or pages

    def target(self, address: str) -> str:
        """Return `#anchor` for a place in the page, else an absolute URL; empty if it cannot be followed."""
        found = self._targets.get(address)
        if found is None:
            found = self._targets[address] = self._find_target(address.strip())
        return found

    def _find_target(self, address: str) -> str:
        if address.startswith("#"):
            return self._fragment(address[1:])
        if not _SCHEME.match(address) and (inner := _PREFIXED.search(address)):
            address = inner[1]
        if address.lower().startswith("mailto:"):
            return address if len(address) > len("mailto:") else ""
        url = self._join(address)
        page, mark, fragment = url.partition("#")
        if mark and self._is_this_page(page):
            return self._fragment(fragment)
        return url

    def image(self, address: str) -> str:
        """Return the absolute URL of a picture; empty if the page contains it."""
        address = address.strip()
        if saved := _SAVED_FOLDER.search(address):
            address = f"{self._folder}{saved[1]}"
        return self._join(address) if address else ""

    @staticmethod
    def _folder_of_pictures(pages: str, arxiv: str, version: int) -> str:
        """Return where the pictures of a page are that a browser saved with it; empty if the page does not say."""
        if not arxiv:
            return ""
        if pages == _PAGES["ar5iv-html"]:
            return f"{pages}{arxiv}/assets/"
        return f"{pages}{arxiv}{f'v{version}' if version else ''}/"

    def _join(self, address: str) -> str:
        try:
            url = urljoin(self._base, address)
            scheme = urlsplit(url).scheme
        except ValueError:  # such as "http://[": no address at all
            return ""
        return url if scheme in ("http", "https") else ""

    def _fragment(self, fragment: str) -> str:
        if fragment and fragment not in self.ids and (decoded := unquote(fragment)) in self.ids:
            fragment = decoded
        return f"#{fragment}" if fragment else ""

    def _is_this_page(self, page: str) -> bool:
        if page in ("", self._url.partition("#")[0]):
            return True
        found = _PAGE_OF_PAPER.match(page)
        return bool(
            found and self._arxiv and parse_arxiv_id(_VERSION.sub("", found[1].strip("/"))) == self._arxiv
        )

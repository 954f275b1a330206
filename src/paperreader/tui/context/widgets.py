"""The widgets of the main screen that controllers work with."""

from __future__ import annotations

import sys

from msgspec import Struct, field
from textual.containers import Container, Vertical

from paperreader.config.settings import Appearance
from paperreader.tui.commands.keymap import Keymap
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.empty_state import EmptyLibrary, EmptyList
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.paper_list.widget import PaperList
from paperreader.tui.widgets.search_bar import SearchBar
from paperreader.tui.widgets.splitter import Splitter
from paperreader.tui.widgets.status_bar import StatusBar
from paperreader.tui.widgets.views_sidebar import ViewsSidebar


class ReaderWidgets(Struct, frozen=True):
    """Made once for each screen, before it is composed."""

    search_bar: SearchBar = field(default_factory=lambda: SearchBar(id="search-bar"))
    sidebar: ViewsSidebar = field(default_factory=lambda: ViewsSidebar(id="views-sidebar"))
    paper_list: PaperList = field(default_factory=lambda: PaperList(id="paper-list"))
    empty_list: EmptyList = field(default_factory=lambda: EmptyList(id="empty-list"))
    detail: Detail = field(default_factory=lambda: Detail(id="detail"))
    empty_library: EmptyLibrary = field(default_factory=lambda: EmptyLibrary(id="empty-library"))
    status_bar: StatusBar = field(default_factory=lambda: StatusBar(id="status-bar"))
    footer: KeyFooter = field(default_factory=lambda: KeyFooter(id="footer"))
    panes: Container = field(default_factory=lambda: Container(id="panes"))
    """List, splitter and detail."""
    views_splitter: Splitter = field(default_factory=lambda: Splitter(id="views-splitter"))
    splitter: Splitter = field(default_factory=lambda: Splitter(id="splitter"))
    list_pane: Container = field(default_factory=lambda: Container(id="list-pane"))
    detail_pane: Vertical = field(default_factory=lambda: Vertical(id="detail-pane"))

    def configure(self, appearance: Appearance, glyphs: Glyphs, keymap: Keymap) -> None:
        """Apply the settings to the mounted widgets."""
        papers = self.paper_list
        papers.density, papers.date_format = appearance.density, appearance.date_format
        if appearance.layout == "stacked":
            papers.two_lines_min_width = sys.maxsize
        self.detail.configure(date_format=appearance.date_format, copy_key=keymap.label("copy-repo"))
        papers.glyphs = self.detail.glyphs = self.status_bar.glyphs = self.sidebar.glyphs = glyphs
        self.splitter.glyphs = self.views_splitter.glyphs = glyphs

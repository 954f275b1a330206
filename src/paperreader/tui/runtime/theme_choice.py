"""The theme: from the settings, or the one that the user chose last."""

from __future__ import annotations

import os
from typing import Any

from textual.app import App

from paperreader.library import Library
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal import colors
from paperreader.tui.terminal.palette import NearestPaletteColors


class ThemeChoice:
    """Sets the theme of an app, and saves another one that is chosen later, unless the settings name one."""

    def __init__(self, app: App[Any], library: Library, setting: str) -> None:
        """`setting` is the theme in the settings, or `auto`."""
        self._app, self._library, self._setting = app, library, setting
        for theme in colors.OWN_THEMES:
            app.register_theme(theme)
        preferred = library.state.get("theme") if setting == "auto" else setting
        color_system = app.console.color_system
        app.theme = colors.initial_theme(preferred, app.available_themes, os.environ, color_system)
        if color_system == "256":
            app._filters.append(NearestPaletteColors())
        self._initial = app.theme

    def start(self) -> None:
        """Save what is chosen from now on. Call this when the app is mounted."""
        self._app.theme_changed_signal.subscribe(self._app, lambda theme: self._save(theme.name))

    def _save(self, name: str) -> None:
        if name == self._initial:
            return  # the signal is also sent at the start, for a theme that the user did not choose
        self._initial = ""
        if self._setting != "auto":
            message = f"{name} is used until you quit. config.toml sets {self._setting}."
            self._app.notify(message, markup=False)
            return
        self._app.run_worker(run_in_thread(lambda: self._library.state.set("theme", name)), group="state")

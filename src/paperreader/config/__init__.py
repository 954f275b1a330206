"""The settings: `config.toml`, validated, with file and line for each error.

Import from here `Settings`, `LoadedSettings`, `load_settings` and `read_settings`.
"""

from paperreader.config.loader import LoadedSettings, load_settings, read_settings, settings_file
from paperreader.config.settings import Settings
from paperreader.errors import SettingsError

__all__ = ["LoadedSettings", "Settings", "SettingsError", "load_settings", "read_settings", "settings_file"]

"""The settings: `config.toml`, validated, each mistake told with file and line."""

from paperreader.config.loader import Loaded, load, read, settings_file
from paperreader.config.settings import Settings
from paperreader.errors import SettingsError

__all__ = ["Loaded", "Settings", "SettingsError", "load", "read", "settings_file"]

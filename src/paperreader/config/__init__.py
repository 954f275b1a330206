"""The settings: `config.toml`, validated, each mistake told with file and line."""

from paperreader.config.loader import LoadedSettings, load_settings, read_settings, settings_file
from paperreader.config.settings import Settings
from paperreader.errors import SettingsError

__all__ = ["LoadedSettings", "Settings", "SettingsError", "load_settings", "read_settings", "settings_file"]

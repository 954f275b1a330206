"""Papers that match queries of the settings, and the watch list."""

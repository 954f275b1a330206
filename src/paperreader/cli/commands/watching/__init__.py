"""Commands of the watch list."""

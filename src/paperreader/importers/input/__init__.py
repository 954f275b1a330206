"""Input of importers: files and folders, archives, compression and encodings.

Only `importers` imports it.
"""

"""What is imported: the files of the given paths, their archives and compression, and the encoding of their text.

`importers` and its readers import `Content`, `SourceOrigin` and `UnsupportedContent` from `content`; other packages use
what `paperreader.importers` exports.
"""

"""The reader: the only part that knows Textual, imported when the reader opens and not before."""

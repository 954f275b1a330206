"""The format of `papers.jsonl`: lines, chunks and commits, papers as lines, and the records that undo operations.

Import from the modules directly.
"""

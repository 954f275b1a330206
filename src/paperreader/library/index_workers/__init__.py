"""Worker processes that build batches for the search index.

`pool` is the parent side, `worker` the program that it starts.
"""

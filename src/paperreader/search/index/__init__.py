"""The text index on disk: segments, their files, the manifest, and snapshots that read them.

Queries import `postings`, updates import `snapshot`, `segment_builder` and `segment_merger`; only `analysis` is below.
"""

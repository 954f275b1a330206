"""Execute queries: plan, match, filter and rank.

`session` combines these modules; nothing here writes to disk.
"""

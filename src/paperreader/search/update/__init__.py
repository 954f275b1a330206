"""Build and update the index.

`store` is the entry point; processes that build batches of papers import `batch_builder`.
"""

"""Writing to `papers.jsonl`: adding and removing papers, undo, and compaction, always under `catalog.lock`.

Import from the modules directly, inside functions: a process that only reads does not load them.
"""

"""How many random examples a property test tries.

The suite tries few, so that it is quick. `PAPERREADER_EXAMPLES=1000 python -m pytest -m hypothesis` tries more.
"""

from __future__ import annotations

import os

from hypothesis import settings

DEFAULT_EXAMPLES = 25


def example_count(default: int = DEFAULT_EXAMPLES) -> int:
    """Return `PAPERREADER_EXAMPLES`, if it is set."""
    return int(os.environ.get("PAPERREADER_EXAMPLES") or default)


def examples(count: int) -> settings:
    """Return a decorator for a property test that tries `count` examples, unless `PAPERREADER_EXAMPLES` is set."""
    return settings(max_examples=example_count(count))

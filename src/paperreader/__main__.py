"""Entry point of `paperreader` and `python -m paperreader`."""

from __future__ import annotations

import gc
import sys

_GC_THRESHOLD = 100_000
"""Allocations before the first garbage collection: more than a short command makes, a few megabytes at most."""


def main() -> int:
    """Run the command line and return its exit code: 0 success, 1 failure, 2 usage error, 128 + N after signal N."""
    # Imports create many objects and free few of them; collecting garbage meanwhile takes 15 ms.
    gc.set_threshold(_GC_THRESHOLD, 10, 10)
    try:
        from paperreader.cli.main import run  # here, so that ctrl+c during the import is handled as well

        code = run(sys.argv[1:])
        gc.freeze()  # the interpreter would look for garbage at its end, 6 ms after a command that read many papers
        return code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

"""The program: `paperreader`, and `python -m paperreader`."""

from __future__ import annotations

import gc
import sys

_GC_THRESHOLD = 100_000
"""Objects made before garbage is looked for: more than a short command makes, a few megabytes to a long one."""


def main() -> int:
    """Run the command line and give its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    # Loading modules makes many objects and drops few, and looking through them a hundred times takes 15 ms.
    gc.set_threshold(_GC_THRESHOLD, 10, 10)
    try:
        from paperreader.cli.main import run  # inside, so that ctrl+c during the import is met as well

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

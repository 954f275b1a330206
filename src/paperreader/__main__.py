"""The program: `paperreader`, and `python -m paperreader`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and give its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    try:
        from paperreader.cli.main import run  # inside, so that ctrl+c during the import is met as well

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

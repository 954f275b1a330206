"""Show a long text in the pager of the user."""

from __future__ import annotations

import os
import subprocess
import sys

from paperreader.cli import output

DEFAULT_PAGER = "less -FR"
"""`-F`: what fits on the screen is printed. `-R`: styles are shown."""


def show_in_pager(text: str) -> bool:
    """Show a text in the pager, and return whether that was done: standard output is a terminal, and there is a pager
    that can be started.
    """
    from paperreader.system.shell_words import parse_command

    if not output.is_terminal(sys.stdout):
        return False
    try:
        command = parse_command(os.environ.get("PAGER") or DEFAULT_PAGER, os.environ)
        if not command.words:
            return False
        subprocess.run(
            command.words, input=text.encode(), check=False, env={**os.environ, **command.variables}
        )
    except (OSError, ValueError):
        return False
    return True

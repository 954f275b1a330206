"""Importing the search says nothing on a terminal, also where Whoosh is compiled for the first time."""

import os
import subprocess
import sys


def test_compiling_whoosh_gives_no_warning(tmp_path):
    # A cache of its own, empty: everything is compiled anew.
    told = subprocess.run(
        [
            sys.executable,
            "-W",
            "error::SyntaxWarning",
            "-W",
            "error::DeprecationWarning",
            "-c",
            "import paperreader.search",
        ],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")

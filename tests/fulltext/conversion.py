"""Converting pages in the process of a test: a child process for each takes a tenth of a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import msgspec
import pytest

from paperreader.fulltext import conversion
from paperreader.fulltext.conversion_process import conversion_of
from paperreader.system.program_output import ProgramOutput


def convert_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what becomes of the result. Jobs and programs in child processes convert as users do."""

    def read_output(command: Sequence[str], *, stdin: IO[bytes], **limits: Any) -> ProgramOutput:
        *program, kind, url = command
        assert tuple(program) == conversion._PROGRAM
        return ProgramOutput(0, msgspec.msgpack.encode(conversion_of(kind, stdin.read(), url)), b"")

    monkeypatch.setattr(conversion, "read_output", read_output)

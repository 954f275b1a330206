"""Ways out of the library: one module per format, each a generator of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from paperreader.errors import UsageError
from paperreader.exports import jsonl
from paperreader.exports.item import Exported

FORMATS: Mapping[str, Callable[[Iterable[Exported]], Iterator[str]]] = {"jsonl": jsonl.lines}
"""Every format by the name it has on the command line."""


def lines(form: str, papers: Iterable[Exported]) -> Iterator[str]:
    """The papers in the format of that name, as lines without their ends.

    Raises:
        UsageError: there is no such format.
    """
    writer = FORMATS.get(form)
    if writer is None:
        raise UsageError(f"There is no export format {form}; choose from {', '.join(FORMATS)}.")
    return writer(papers)


__all__ = ["FORMATS", "Exported", "lines"]

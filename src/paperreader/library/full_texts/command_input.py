"""Papers as commands of the user read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from paperreader.config.settings import PipeInput
from paperreader.text.sanitize import clean_output, single_line
from paperreader.text.tex_display import tex_to_unicode

if TYPE_CHECKING:
    from paperreader.library.library import Library


def command_input(library: Library, rows: Iterable[int], kind: PipeInput) -> str:
    """Return papers for the standard input of a command, without control characters. Reads full texts.

    Raises:
        StorageError: a paper cannot be read.
    """
    if kind != "fulltext":
        return library.exports.pipe_input(rows, kind)
    texts = ("".join(f"{line}\n" for line in _full_text_lines(library, row)) for row in rows)
    return clean_output("\n".join(texts))


def _full_text_lines(library: Library, row: int) -> Iterator[str]:
    """Yield title, and the stored full text as Markdown, else the abstract."""
    paper = library.paper(row)
    yield f"# {single_line(tex_to_unicode(paper.title))}"
    document = library.full_texts.load(paper.id)
    if document is None:
        yield ""
        yield tex_to_unicode(paper.abstract).strip()
        return
    from paperreader.fulltext import render_markdown

    lines = render_markdown(document)
    next(lines)  # its own title
    yield from lines

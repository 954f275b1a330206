"""The names of the sources of a paper."""

from __future__ import annotations

from paperreader.import_formats import SOURCE_LABELS, TEXT_PAGE
from paperreader.models import Source


def source_names(source: Source) -> tuple[str, ...]:
    """Return every name that a source has in files and on the screen: kind, file or address, label, and its day."""
    label = SOURCE_LABELS.get(source.kind, "")
    page = f"{label} {source.date}" if source.kind == TEXT_PAGE and source.date else ""
    return tuple(filter(None, (source.kind, source.name, label, page)))

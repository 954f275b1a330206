"""Papers, source records and marks: immutable values without dependencies, which every layer may import from here.

They are msgspec structs: dataclasses would take a tenth of the startup time, and nine times as long to create.
"""

from paperreader.models.highlights import HIGHLIGHT_CONTEXT, Highlight
from paperreader.models.marks import (
    EMPTY_MARK,
    KEYED_VALUES,
    MARK_FLAGS,
    NO_POSITION,
    SINGLE_VALUES,
    Mark,
    MarkChange,
    Timestamp,
)
from paperreader.models.paper_table import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    REVISED_FLAG,
    UNDATED_FLAG,
    UNKNOWN_NUMBER,
    CatalogVersion,
    NumericColumns,
    PaperTable,
    SortOrder,
    format_day,
)
from paperreader.models.papers import (
    LINK_KINDS,
    PUBLICATION_FIELDS,
    SERVICE_PREFIX,
    ImportedEntry,
    Link,
    LinkKind,
    Paper,
    Problem,
    SavedPage,
    Source,
    SourceRecord,
)
from paperreader.models.search_results import (
    Completion,
    FindMatches,
    NearMatches,
    SearchHits,
    TextMatches,
)
from paperreader.models.summaries import MAX_SUMMARY_CHARS, Summary
from paperreader.models.versions import PaperVersion, VersionHistory

__all__ = [
    "CODE_FLAG",
    "DATA_FLAG",
    "EMPTY_MARK",
    "HIGHLIGHT_CONTEXT",
    "KEYED_VALUES",
    "LINK_KINDS",
    "MARK_FLAGS",
    "MAX_SUMMARY_CHARS",
    "MODEL_FLAG",
    "NO_POSITION",
    "PROJECT_FLAG",
    "PUBLICATION_FIELDS",
    "REVISED_FLAG",
    "SERVICE_PREFIX",
    "SINGLE_VALUES",
    "UNDATED_FLAG",
    "UNKNOWN_NUMBER",
    "CatalogVersion",
    "Completion",
    "FindMatches",
    "Highlight",
    "ImportedEntry",
    "Link",
    "LinkKind",
    "Mark",
    "MarkChange",
    "NearMatches",
    "NumericColumns",
    "Paper",
    "PaperTable",
    "PaperVersion",
    "Problem",
    "SavedPage",
    "SearchHits",
    "SortOrder",
    "Source",
    "SourceRecord",
    "Summary",
    "TextMatches",
    "Timestamp",
    "VersionHistory",
    "format_day",
]

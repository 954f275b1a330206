"""The things this program is about: papers, what sources say of them, and the reader's marks.

Frozen values that know nothing of any other part, so that every part of the house can pass them around. They are
structs of msgspec: as dataclasses they cost a tenth of every start, and nine times as much to make.
"""

from paperreader.models.catalog_view import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    UNDATED_FLAG,
    UNKNOWN_NUMBER,
    CatalogVersion,
    Completion,
    NumericColumns,
    PaperTable,
    SearchHits,
    SortOrder,
)
from paperreader.models.marks import EMPTY_MARK, Mark, MarkChange, Timestamp
from paperreader.models.papers import (
    LINK_KINDS,
    SERVICE_PREFIX,
    ImportedEntry,
    Link,
    LinkKind,
    Paper,
    Problem,
    Source,
    SourceRecord,
)

__all__ = [
    "CODE_FLAG",
    "DATA_FLAG",
    "EMPTY_MARK",
    "LINK_KINDS",
    "MODEL_FLAG",
    "PROJECT_FLAG",
    "SERVICE_PREFIX",
    "UNDATED_FLAG",
    "UNKNOWN_NUMBER",
    "CatalogVersion",
    "Completion",
    "ImportedEntry",
    "Link",
    "LinkKind",
    "Mark",
    "MarkChange",
    "NumericColumns",
    "Paper",
    "PaperTable",
    "Problem",
    "SearchHits",
    "SortOrder",
    "Source",
    "SourceRecord",
    "Timestamp",
]

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
    UNKNOWN,
    CatalogStamp,
    Columns,
    Completion,
    Hits,
    PaperTable,
    Sort,
)
from paperreader.models.marks import NO_MARK, Change, Mark, Stamp
from paperreader.models.papers import LINK_KINDS, LIVE, Entry, Link, LinkKind, Paper, Problem, Record, Source

__all__ = [
    "CODE_FLAG",
    "DATA_FLAG",
    "LINK_KINDS",
    "LIVE",
    "MODEL_FLAG",
    "NO_MARK",
    "PROJECT_FLAG",
    "UNDATED_FLAG",
    "UNKNOWN",
    "CatalogStamp",
    "Change",
    "Columns",
    "Completion",
    "Entry",
    "Hits",
    "Link",
    "LinkKind",
    "Mark",
    "Paper",
    "PaperTable",
    "Problem",
    "Record",
    "Sort",
    "Source",
    "Stamp",
]

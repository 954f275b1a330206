"""The facade of a library: papers, marks, search, imports, exports and maintenance of one folder.

The layers above import from here and from no submodule. What the first paint does not need is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from paperreader.library.library import Library
from paperreader.library.lookup import papers_not_found
from paperreader.library.subscriptions import SubscriptionCounts, subscription_counts, subscription_rows
from paperreader.library.table_position import TablePosition
from paperreader.library.types import (
    FOR_YOU,
    VIEWS,
    ImportReport,
    Progress,
    QueryViewCount,
    Update,
    View,
    ViewCounts,
    for_you_of_tag,
    query_of_view,
    tag_of_view,
    view_for_query,
)
from paperreader.library.watch.watch_list import WATCHED, WatchedEntry, WatchedPapers
from paperreader.notebook import Backup

if TYPE_CHECKING:
    from paperreader.importers.daily_papers.items import FIRST_DAY_WITH_SUBMISSION_DATES
    from paperreader.library.citations.counts import CitationCount, UnknownPaper
    from paperreader.library.clock_check import check_against_service
    from paperreader.library.exporting import (
        FORMATS,
        ExportFormat,
        cite_bibtex,
        cite_markdown,
        format_extensions,
    )
    from paperreader.library.for_you.for_you import NO_BOOKMARKS, NO_TAGGED_PAPERS, Explanation, Learned
    from paperreader.library.full_texts.command_input import command_input
    from paperreader.library.full_texts.sentences import (
        MatchingSentence,
        matching_sentence,
        nearest_sentence,
    )
    from paperreader.library.import_readers import ServiceResponse
    from paperreader.library.online.papers import OnlinePaper, OnlinePapers, row_in_library
    from paperreader.library.progress_rate import UNKNOWN_RATE, ProgressRate, RateEstimator, format_duration
    from paperreader.library.reading_queue import queue_changes, queue_order
    from paperreader.library.versions.changes import (
        FieldChanges,
        TextPart,
        compare_versions,
        version_label,
    )
    from paperreader.library.versions.updates import history_of, is_unseen
else:
    _MODULES = {
        "CitationCount": "library.citations.counts",
        "UnknownPaper": "library.citations.counts",
        "FORMATS": "library.exporting",
        "ExportFormat": "library.exporting",
        "cite_bibtex": "library.exporting",
        "cite_markdown": "library.exporting",
        "format_extensions": "library.exporting",
        "FIRST_DAY_WITH_SUBMISSION_DATES": "importers.daily_papers.items",
        "check_against_service": "library.clock_check",
        "NO_BOOKMARKS": "library.for_you.for_you",
        "NO_TAGGED_PAPERS": "library.for_you.for_you",
        "Explanation": "library.for_you.for_you",
        "Learned": "library.for_you.for_you",
        "command_input": "library.full_texts.command_input",
        "MatchingSentence": "library.full_texts.sentences",
        "matching_sentence": "library.full_texts.sentences",
        "nearest_sentence": "library.full_texts.sentences",
        "ServiceResponse": "library.import_readers",
        "OnlinePaper": "library.online.papers",
        "OnlinePapers": "library.online.papers",
        "row_in_library": "library.online.papers",
        "queue_changes": "library.reading_queue",
        "queue_order": "library.reading_queue",
        "FieldChanges": "library.versions.changes",
        "TextPart": "library.versions.changes",
        "compare_versions": "library.versions.changes",
        "history_of": "library.versions.updates",
        "is_unseen": "library.versions.updates",
        "version_label": "library.versions.changes",
        "UNKNOWN_RATE": "library.progress_rate",
        "ProgressRate": "library.progress_rate",
        "RateEstimator": "library.progress_rate",
        "format_duration": "library.progress_rate",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"paperreader.{_MODULES[name]}"), name)


__all__ = [
    "FIRST_DAY_WITH_SUBMISSION_DATES",
    "FORMATS",
    "FOR_YOU",
    "NO_BOOKMARKS",
    "NO_TAGGED_PAPERS",
    "UNKNOWN_RATE",
    "VIEWS",
    "WATCHED",
    "Backup",
    "CitationCount",
    "Explanation",
    "ExportFormat",
    "FieldChanges",
    "ImportReport",
    "Learned",
    "Library",
    "MatchingSentence",
    "OnlinePaper",
    "OnlinePapers",
    "Progress",
    "ProgressRate",
    "QueryViewCount",
    "RateEstimator",
    "ServiceResponse",
    "SubscriptionCounts",
    "TablePosition",
    "TextPart",
    "UnknownPaper",
    "Update",
    "View",
    "ViewCounts",
    "WatchedEntry",
    "WatchedPapers",
    "check_against_service",
    "cite_bibtex",
    "cite_markdown",
    "command_input",
    "compare_versions",
    "for_you_of_tag",
    "format_duration",
    "format_extensions",
    "history_of",
    "is_unseen",
    "matching_sentence",
    "nearest_sentence",
    "papers_not_found",
    "query_of_view",
    "queue_changes",
    "queue_order",
    "row_in_library",
    "subscription_counts",
    "subscription_rows",
    "tag_of_view",
    "version_label",
    "view_for_query",
]

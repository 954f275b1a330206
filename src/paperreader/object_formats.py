"""The formats of JSON objects that papers can be imported from, one row each.

To add a format, add a module to `paperreader.importers` that converts such an object, and a row here. Lists of objects,
result pages around them and JSON Lines are the same for all of them; `importers.json.containers` finds the objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from paperreader.lazy_pattern import lazy_pattern

JsonFields = Mapping[str, Any]


class ObjectFormat(NamedTuple):
    """A format of the JSON objects in a file. Name, label and rank are as in `import_formats.ImportFormat`."""

    name: str
    label: str
    rank: int
    matches: Callable[[JsonFields], bool]
    reader_module: str
    """Module of `paperreader.importers` whose `to_entry` converts such an object."""


HUGGING_FACE = "huggingface"

_HUGGING_FACE_FIELDS = frozenset(("upvotes", "submittedOnDailyAt", "discussionId", "publishedAt"))
_KAGGLE_FIELDS = ("authors_parsed", "update_date", "journal-ref")
_SEMANTIC_SCHOLAR_IDS = frozenset(("corpusid", "corpusId", "externalIds", "externalids"))
_SEMANTIC_SCHOLAR_FIELDS = frozenset(
    (
        "s2fieldsofstudy",
        "influentialcitationcount",
        "publicationvenue",
        "publicationvenueid",
        "publicationtypes",
    )
)
"""Names in lower case that other services do not use."""
_SHA1 = lazy_pattern(r"[0-9a-f]{40}")
_CSL_NAMES = frozenset(("family", "literal", "given"))
_CSL_TYPES = frozenset(
    (
        *(
            "article",
            "article-journal",
            "article-magazine",
            "article-newspaper",
            "paper-conference",
            "chapter",
        ),
        *("book", "thesis", "report", "manuscript", "webpage", "dataset", "software", "entry-encyclopedia"),
        *(
            "speech",
            "post-weblog",
            "post",
            "patent",
            "standard",
            "motion_picture",
            "review",
            "entry-dictionary",
        ),
    )
)
_CROSSREF_FIELDS = frozenset(
    ("indexed", "member", "prefix", "is-referenced-by-count", "content-domain", "deposited")
)
_PAPERS_WITH_CODE_FIELDS = frozenset(("proceeding", "conference", "short_abstract", "tasks", "paper_url"))


def is_hugging_face_item(data: JsonFields) -> bool:
    """Whether an object is an item of Daily Papers or one of their papers."""
    paper = data.get("paper")
    if isinstance(paper, dict):
        return "summary" in paper or _has_votes(paper) or ("id" in paper and "abstract" not in paper)
    if "title" not in data or "abstract" in data or _HUGGING_FACE_FIELDS.isdisjoint(data):
        return False
    # News and blogs have the time of their publication as well.
    return _has_votes(data) or "summary" in data or isinstance(data.get("id"), str)


def _has_votes(data: JsonFields) -> bool:
    return not _HUGGING_FACE_FIELDS.isdisjoint(data.keys() - {"publishedAt"})


def is_kaggle_row(data: JsonFields) -> bool:
    """Whether an object is a row of arXiv's metadata snapshot."""
    return "abstract" in data and not data.keys().isdisjoint(_KAGGLE_FIELDS)


def is_crossref_work(data: JsonFields) -> bool:
    """Whether an object is a work of Crossref, whose titles are lists."""
    return "DOI" in data and (isinstance(data.get("title"), list) or len(_CROSSREF_FIELDS & data.keys()) > 1)


def is_csl_item(data: JsonFields) -> bool:
    """Whether an object is an item of CSL JSON: names and dates as objects, or fields with its hyphens."""
    if not isinstance(data.get("title"), str):
        return False
    people = data.get("author") or data.get("editor")
    if isinstance(people, list) and people and isinstance(people[0], dict):
        return not _CSL_NAMES.isdisjoint(people[0])
    issued = data.get("issued")
    if isinstance(issued, dict) and not {"date-parts", "raw", "literal"}.isdisjoint(issued):
        return True
    custom = data.get("custom")
    if "container-title" in data or (isinstance(custom, dict) and "paperreader" in custom):
        return True
    return "id" in data and "authors" not in data and str(data.get("type")) in _CSL_TYPES


def is_openalex_work(data: JsonFields) -> bool:
    """Whether an object is a work of OpenAlex."""
    return ("title" in data or "display_name" in data) and (
        "authorships" in data
        or "abstract_inverted_index" in data
        or str(data.get("id", "")).startswith("https://openalex.org/W")
    )


def is_semantic_scholar_paper(data: JsonFields) -> bool:
    """Whether an object is a paper of the Graph API, the recommendations or the datasets of Semantic Scholar."""
    if "title" not in data:
        return False
    own_id = data.get("paperId")
    if not _SEMANTIC_SCHOLAR_IDS.isdisjoint(data) or (isinstance(own_id, str) and _SHA1.fullmatch(own_id)):
        return True
    if not _SEMANTIC_SCHOLAR_FIELDS.isdisjoint(map(str.lower, data)):
        return True
    authors = data.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else None
    return isinstance(first, dict) and "authorId" in first


def is_openreview_note(data: JsonFields) -> bool:
    """Whether an object is a note of OpenReview: a submission, or a reply to one."""
    return isinstance(data.get("content"), dict) and not {
        "forum",
        "invitation",
        "invitations",
        "signatures",
    }.isdisjoint(data)


def is_papers_with_code_row(data: JsonFields) -> bool:
    """Whether an object is a row of `papers-with-abstracts` or `links-between-papers-and-code`."""
    if "paper_title" in data:
        return "repo_url" in data or "paper_arxiv_id" in data
    return "title" in data and "url_abs" in data and not _PAPERS_WITH_CODE_FIELDS.isdisjoint(data)


def is_zotero_item(data: JsonFields) -> bool:
    """Whether an object is an item of Zotero's own JSON, as its web API and Better BibTeX write it."""
    inner = data.get("data")
    item = inner if isinstance(inner, dict) and "itemType" in inner else data
    return isinstance(item.get("itemType"), str)


OBJECT_FORMATS = (
    ObjectFormat("jsonl", "export", 3, lambda data: "paperreader" in data, "json.paperreader_lines"),
    ObjectFormat("kaggle", "arXiv", 0, is_kaggle_row, "arxiv.metadata_snapshot"),
    ObjectFormat(HUGGING_FACE, "Hugging Face", 0, is_hugging_face_item, "daily_papers.items"),
    ObjectFormat("zotero-json", "Zotero", 1, is_zotero_item, "zotero.json_items"),
    ObjectFormat("openreview", "OpenReview", 1, is_openreview_note, "services.openreview"),
    ObjectFormat("crossref", "Crossref", 1, is_crossref_work, "services.crossref"),
    ObjectFormat("openalex", "OpenAlex", 1, is_openalex_work, "services.openalex"),
    ObjectFormat(
        "semantic-scholar", "Semantic Scholar", 1, is_semantic_scholar_paper, "services.semantic_scholar"
    ),
    ObjectFormat("csl-json", "CSL JSON", 1, is_csl_item, "references.csl_json"),
    ObjectFormat(
        "papers-with-code", "Papers with Code", 1, is_papers_with_code_row, "services.papers_with_code"
    ),
)
"""Formats of JSON objects; the first one that matches reads an object."""


def object_format(data: JsonFields) -> ObjectFormat | None:
    """Return the format of an object; None if it has none of its own."""
    for row in OBJECT_FORMATS:
        if row.matches(data):
            return row
    return None

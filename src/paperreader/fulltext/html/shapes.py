"""What the elements of a page are, by tag and class."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from paperreader.fulltext.html.nodes import split_classes

Kind = Literal[
    "inline",
    "inline-block",
    "block",
    "hidden",
    "break",
    "math",
    "equation",
    "table",
    "listing",
    "verbatim",
    "figure",
    "image",
    "picture",
    "caption",
    "list",
    "item",
    "quote",
    "theorem",
    "proof",
    "box",
    "abstract",
    "appendix",
    "document-title",
    "heading",
    "authors",
    "note",
    "reference",
    "tag",
    "error",
    "link",
]


class Shape(NamedTuple):
    """How an element is converted."""

    kind: Kind
    adds: str = ""
    """Letters of the style of its text; see `document.Piece`."""
    removes: str = ""


# The first class that an element has decides.
_BY_CLASS: tuple[tuple[str, Kind], ...] = (
    ("ltx_page_navbar", "hidden"),
    ("ltx_page_header", "hidden"),
    ("ltx_page_footer", "hidden"),
    ("ltx_listing_data", "hidden"),
    ("ltx_phantom", "hidden"),
    ("ltx_author_before", "hidden"),
    ("ltx_pagination", "hidden"),
    ("ltx_title_document", "document-title"),
    ("ltx_title", "heading"),
    ("ltx_authors", "authors"),
    ("ltx_Math", "math"),
    ("ltx_DisplayMath", "math"),
    ("ltx_math_unparsed", "math"),
    ("ltx_equation", "equation"),
    ("ltx_equationgroup", "equation"),
    ("ltx_tabular", "table"),
    ("ltx_listing", "listing"),
    ("ltx_lstlisting", "listing"),
    ("ltx_caption", "caption"),
    ("ltx_figure", "figure"),
    ("ltx_table", "figure"),
    ("ltx_float", "figure"),
    ("ltx_algorithm", "figure"),
    ("ltx_bibitem", "reference"),
    ("ltx_theorem", "theorem"),
    ("ltx_proof", "proof"),
    ("ltx_quote", "quote"),
    ("ltx_abstract", "abstract"),
    ("ltx_appendix", "appendix"),
    ("ltx_itemize", "list"),
    ("ltx_enumerate", "list"),
    ("ltx_description", "list"),
    ("ltx_item", "item"),
    ("ltx_tocentry", "item"),
    ("ltx_note", "note"),
    ("ltx_ERROR", "error"),
    ("ltx_tag", "tag"),
    ("ltx_bibtag", "tag"),
    ("ltx_transformed_outer", "inline-block"),
    ("ltx_inline-block", "inline-block"),
    ("ltx_p", "block"),
    ("ltx_para", "block"),
    ("ltx_block", "block"),
    ("ltx_listingline", "block"),
    ("ltx_bibblock", "block"),
)

_BY_TAG: dict[str, Kind] = {
    **dict.fromkeys(
        ("script", "style", "button", "dialog", "form", "input", "template", "noscript"), "hidden"
    ),
    **dict.fromkeys(("head", "title", "textarea", "select", "iframe", "audio", "video", "canvas"), "hidden"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(
        ("div", "p", "section", "article", "main", "header", "footer", "address", "aside"), "block"
    ),
    **dict.fromkeys(("details", "summary", "center", "hr", "nav", "fieldset"), "block"),
    **dict.fromkeys(("tr", "td", "th", "tbody", "thead", "tfoot"), "block"),
    **dict.fromkeys(("img", "object", "embed"), "image"),
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    **dict.fromkeys(("li", "dd", "dt"), "item"),
    "br": "break",
    "math": "math",
    "table": "table",
    "pre": "verbatim",
    "figure": "figure",
    "svg": "picture",
    "figcaption": "caption",
    "blockquote": "quote",
    "a": "link",
}

_STYLES = {
    "ltx_font_bold": ("b", ""),
    "ltx_font_medium": ("", "b"),
    "ltx_font_italic": ("i", ""),
    "ltx_font_slanted": ("i", ""),
    "ltx_emph": ("i", ""),
    "ltx_font_upright": ("", "is"),
    "ltx_font_typewriter": ("c", ""),
    "ltx_verbatim": ("c", ""),
    "ltx_font_serif": ("", "c"),
    "ltx_font_sansserif": ("", "c"),
    "ltx_font_smallcaps": ("s", ""),
    "ltx_sup": ("^", ""),
    "ltx_sub": ("_", ""),
    "ltx_ERROR": ("e", ""),
}
_STYLES_OF_TAGS = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "code": "c",
    "tt": "c",
    "kbd": "c",
    "sup": "^",
}
_STYLES_OF_TAGS["sub"] = "_"

_STAY_TABLES = ("ltx_equation", "ltx_equationgroup")


@lru_cache(maxsize=4096)
def shape_of(tag: str, class_names: str) -> Shape:
    """Return what an element is."""
    names = split_classes(class_names)
    kind = _kind(tag, names)
    adds = _STYLES_OF_TAGS.get(tag, "")
    removes = ""
    if class_names:
        for name in names:
            more, less = _STYLES.get(name, ("", ""))
            adds += more
            removes += less
        if "ltx_font_upright" in names and "ltx_emph" in names:
            adds = adds.replace("i", "")
    return Shape(kind, adds, removes)


def _kind(tag: str, names: frozenset[str]) -> Kind:
    if tag == "figure":  # also `ltx_lstlisting`, which is around the caption of a listing as well
        return "figure"
    if names:
        for name, kind in _BY_CLASS:
            if name in names:
                if kind == "equation" and tag not in ("table", "div", "span"):
                    continue
                # A word in a frame is no box.
                return "box" if kind in ("block", "inline-block") and "ltx_framed" in names else kind
        if tag == "div" and "ltx_framed" in names:
            return "box"
    return _BY_TAG.get(tag, "inline")


def merge_style(style: str, shape: Shape) -> str:
    """Return the style of text inside an element, its letters in one order."""
    if not shape.adds and not shape.removes:
        return style
    return "".join(sorted((set(style) - set(shape.removes)) | set(shape.adds)))

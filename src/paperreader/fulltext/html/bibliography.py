"""Convert the entries of the bibliography."""

from __future__ import annotations

from paperreader.fulltext.document import Reference, Text
from paperreader.fulltext.html.display import label_text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.inline import join_texts
from paperreader.fulltext.html.nodes import Node, attribute, children, classes, find, plain_text
from paperreader.fulltext.reference_ids import find_ids
from paperreader.fulltext.residue import is_environment_name

_TAGS = frozenset(("ltx_tag", "ltx_bibtag"))


def convert_reference(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert an entry: its label, its blocks as one text, and the ids that it names."""
    label = ""
    for child in children(node):
        if (child.tag or "-")[0] != "-" and classes(child) & _TAGS and child.mem_id not in flow.page.skipped:
            label = label or label_text(flow.text_of(child))
            flow.page.skipped.add(child.mem_id)
    cited_by: Text = ()
    if (cited := find(node, ".ltx_bib_cited")) is not None:
        cited_by = flow.text_of(cited)
        flow.page.skipped.add(cited.mem_id)
    title_node = find(node, ".ltx_bib_title")
    title = label_text(Flow(flow.page).text_of(title_node)) if title_node is not None else ""
    content = join_texts(flow.lines_of(node, style, target))
    addresses = [attribute(link, "href") for link in node.css("a[href]")]
    if content or label:
        ids = find_ids(_readable(content), addresses)
        flow.emit(Reference(label=label, content=content, title=title, ids=ids, cited_by=cited_by))


def _readable(content: Text) -> str:
    return "".join(piece.text for piece in content if piece.kind == "text")


def convert_link(flow: Flow, node: Node, style: str, target: str) -> None:
    address = attribute(node, "href")
    flow.walk(node, style, (flow.page.links.target(address) if address else "") or target)


def convert_error(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert the name of a macro that LaTeXML does not know. That of an environment is left out."""
    flow.page.errors += 1
    if not is_environment_name(plain_text(node)):
        flow.walk(node, style, target)
    elif flow.line.is_empty():
        flow.follows_error = True
    else:
        flow.line.add_text(" ")

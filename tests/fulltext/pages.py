"""Pages in the shapes of LaTeXML, written for the tests."""

from __future__ import annotations

from paperreader.fulltext.document import Document
from paperreader.fulltext.html import convert_page

URL = "https://arxiv.org/html/2501.01234v2"


def article_page(body: str, *, head: str = "", after: str = "") -> bytes:
    """Return a page with `body` as the article."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>A Small Model</title>{head}</head><body>'
        f'<nav class="ltx_page_navbar">Contents of the page</nav><div class="ltx_page_content">'
        f'<article class="ltx_document"><h1 class="ltx_title ltx_title_document">A Small Model</h1>\n'
        f"{body}</article></div>{after}</body></html>"
    ).encode()


def convert_article(body: str, *, url: str = URL, head: str = "", after: str = "") -> Document:
    return convert_page(article_page(body, head=head, after=after), url)


def math(tex: str, display: str = "inline") -> str:
    """Return a formula as LaTeXML writes it."""
    escaped = tex.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<math alttext="{escaped}" class="ltx_Math" display="{display}"><semantics><mi>q</mi>'
        f'<annotation encoding="application/x-tex">{escaped}</annotation></semantics></math>'
    )


def paragraph(content: str, name: str = "") -> str:
    attribute = f' id="{name}"' if name else ""
    return f'<div{attribute} class="ltx_para"><p class="ltx_p">{content}</p></div>\n'


NUMBER = (
    '<td rowspan="{rows}" class="ltx_eqn_cell ltx_eqn_eqno">'
    '<span class="ltx_tag ltx_tag_equation">({number})</span></td>'
)
PAD = '<td class="ltx_eqn_cell ltx_eqn_center_padleft"></td>'


def equation_row(
    *formulas: str, number: str = "", rows: int = 1, name: str = "", is_left: bool = False
) -> str:
    cells = [
        f'<td class="ltx_td ltx_align_right ltx_eqn_cell">{math(tex) if tex else ""}</td>' for tex in formulas
    ]
    numbered = [NUMBER.format(rows=rows, number=number)] if number else []
    cells = [*numbered, PAD, *cells] if is_left else [PAD, *cells, *numbered]
    return f'<tr id="{name}" class="ltx_equation ltx_eqn_row">{"".join(cells)}</tr>'


def group(*rows: str) -> str:
    return f'<table id="EG1" class="ltx_equationgroup ltx_eqn_table"><tbody>{"".join(rows)}</tbody></table>'


def note(mark: str, content: str, role: str = "footnote", name: str = "fn1", kind: str = "") -> str:
    marked = f'<sup class="ltx_note_mark">{mark}</sup>'
    kind = f'<span class="ltx_note_type">{kind}: </span>' if kind else ""
    return (
        f'<span id="{name}" class="ltx_note ltx_role_{role}">{marked}<span class="ltx_note_outer">'
        f'<span class="ltx_note_content">{marked}{kind}<span class="ltx_tag ltx_tag_note">{mark}</span>{content}'
        "</span></span></span>"
    )


def cell(content: str, names: str = "", **spans: int) -> str:
    attributes = "".join(f' {name}="{count}"' for name, count in spans.items())
    return f'<td class="ltx_td {names}"{attributes}>{content}</td>'


def table(*rows: list[str]) -> str:
    lines = "".join(f'<tr class="ltx_tr">{"".join(row)}</tr>' for row in rows)
    return f'<table class="ltx_tabular"><tbody class="ltx_tbody">{lines}</tbody></table>'


def item(content: str, tag: str = "•", name: str = "S1.I1.i1") -> str:
    return f'<li id="{name}" class="ltx_item"><span class="ltx_tag ltx_tag_item">{tag}</span> {content}</li>'

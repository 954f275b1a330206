"""The scope of a query: the field in which its words are searched unless they have one of their own."""

from __future__ import annotations

from dataclasses import replace

from paperreader.text.query.syntax_tree import And, Not, Or, QueryNode, TextTerm


def in_scope(nodes: tuple[QueryNode, ...], field: str) -> tuple[QueryNode, ...]:
    """Return the nodes with every word that has no field in that field, if it is not empty."""
    return nodes if not field else tuple(_in_scope(node, field) for node in nodes)


def _in_scope(node: QueryNode, field: str) -> QueryNode:
    match node:
        case TextTerm(field=""):
            return replace(node, field=field)
        case Not():
            return Not(_in_scope(node.node, field))
        case And():
            return And(in_scope(node.nodes, field))
        case Or():
            return Or(in_scope(node.nodes, field))
        case _:
            return node

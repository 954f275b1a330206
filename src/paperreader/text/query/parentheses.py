"""Groups of the query that are still open while it is parsed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from paperreader.text.query.syntax_tree import And, Not, Or, QueryNode


class OpenGroup(msgspec.Struct):
    """A parenthesis that is not closed yet, or the whole query."""

    negated: bool = False
    field: str = ""
    """The field that its words are searched in: `title:(…)`."""
    nodes: list[QueryNode] = msgspec.field(default_factory=list)
    after_or: bool = False
    """Whether the next node is the right side of an OR."""

    def add(self, node: QueryNode | None) -> None:
        """Add a node. None means one without a meaning (`title:`), which only ends a pending OR."""
        if node is not None:
            if self.after_or and self.nodes:
                sides = (self.nodes.pop(), node)
                self.nodes.append(
                    Or(
                        tuple(
                            each
                            for side in sides
                            for each in (side.nodes if isinstance(side, Or) else (side,))
                        )
                    )
                )
            else:
                self.nodes.append(node)
        self.after_or = False

    def to_node(self) -> QueryNode | None:
        """Return the group as one node; None if it is empty."""
        nodes = flatten(self.nodes)
        if not nodes:
            return None
        node = nodes[0] if len(nodes) == 1 else And(nodes)
        return Not(node) if self.negated else node


def flatten(nodes: Iterable[QueryNode]) -> tuple[QueryNode, ...]:
    """Return the nodes, with each `And` replaced by its nodes."""
    return tuple(each for node in nodes for each in (node.nodes if isinstance(node, And) else (node,)))

"""Parentheses while they are being read: what stands in them, and where an OR was met."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from paperreader.text.query.syntax_tree import And, Not, Or, QueryNode, TextField


class OpenGroup(Struct):
    """A parenthesis that is open (or the whole query)."""

    negated: bool = False
    in_field: TextField = ""
    items: list[QueryNode] = field(default_factory=list)
    after_or: bool = False
    """The next item is the other side of an OR."""

    def add(self, item: QueryNode | None) -> None:
        """One more item; none where there was something that says nothing."""
        if item is None:
            self.after_or = False
        elif self.after_or and self.items:
            sides = (self.items.pop(), item)
            self.items.append(
                Or(
                    tuple(
                        each for side in sides for each in (side.items if isinstance(side, Or) else (side,))
                    )
                )
            )
        else:
            self.items.append(item)
        self.after_or = False

    def to_node(self) -> QueryNode | None:
        """What the whole says."""
        items = flatten(self.items)
        if not items:
            return None
        item = items[0] if len(items) == 1 else And(items)
        return Not(item) if self.negated else item


def flatten(items: Sequence[QueryNode]) -> tuple[QueryNode, ...]:
    """The items, those of an `All` in its place."""
    found: list[QueryNode] = []
    for item in items:
        found.extend(item.items if isinstance(item, And) else (item,))
    return tuple(found)

"""Parentheses while they are being read: what stands in them, and where an OR was met."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from paperreader.text.query.syntax_tree import All, Either, Item, Not, TextField


class Group(Struct):
    """A parenthesis that is open (or the whole query)."""

    negated: bool = False
    where: TextField = ""
    items: list[Item] = field(default_factory=list)
    either: bool = False
    """The next item is the other side of an OR."""

    def add(self, item: Item | None) -> None:
        """One more item; none where there was something that says nothing."""
        if item is None:
            self.either = False
        elif self.either and self.items:
            sides = (self.items.pop(), item)
            self.items.append(
                Either(
                    tuple(
                        each
                        for side in sides
                        for each in (side.items if isinstance(side, Either) else (side,))
                    )
                )
            )
        else:
            self.items.append(item)
        self.either = False

    def closed(self) -> Item | None:
        """What the whole says."""
        items = flat(self.items)
        if not items:
            return None
        item = items[0] if len(items) == 1 else All(items)
        return Not(item) if self.negated else item


def flat(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items, those of an `All` in its place."""
    found: list[Item] = []
    for item in items:
        found.extend(item.items if isinstance(item, All) else (item,))
    return tuple(found)

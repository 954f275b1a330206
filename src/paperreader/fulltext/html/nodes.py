"""Access to the nodes of a parsed page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode

Node = LexborNode
TEXT = "-text"

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_NOT_SHOWN = frozenset(("script", "style", "annotation", "annotation-xml", "template"))


def children(node: Node) -> Iterator[Node]:
    """Yield text and elements, in order."""
    child = node.child
    while child is not None:
        yield child
        child = child.next


def is_shown_text(node: Node) -> bool:
    """Whether a node is text that is not white space."""
    return node.tag == TEXT and bool((node.text_content or "").strip())


def attribute(node: Node, name: str) -> str:
    return node.attributes.get(name) or ""


def classes(node: Node) -> frozenset[str]:
    return split_classes(node.attributes.get("class") or "")


@lru_cache(maxsize=2048)
def split_classes(names: str) -> frozenset[str]:
    return frozenset(names.split())


def find(node: Node, selector: str) -> Node | None:
    """Return the first descendant that matches a CSS selector."""
    found = node.css_first(selector)
    if found is None or found.mem_id != node.mem_id:
        return found
    inner = node.css(selector)
    return inner[1] if len(inner) > 1 else None


def descendants(node: Node, without: frozenset[str] = frozenset()) -> Iterator[Node]:
    """Yield everything inside `node` in the order of the page, except what is inside of elements with these tags.

    There is no recursion: hostile pages nest deeply.
    """
    depth = 0
    current = node.child
    while current is not None:
        yield current
        following = current.child if current.tag not in without else None
        if following is not None:
            depth += 1
        else:
            while (following := current.next) is None and depth:
                parent = current.parent
                if parent is None:
                    return
                current = parent
                depth -= 1
        current = following


def raw_text(node: Node) -> str:
    """Return all text inside, unchanged."""
    return "".join(inner.text_content or "" for inner in descendants(node, _NOT_SHOWN) if inner.tag == TEXT)


def plain_text(node: Node | None) -> str:
    """Return all text inside on one line."""
    return _WHITE_SPACE.sub(" ", raw_text(node)).strip() if node is not None else ""

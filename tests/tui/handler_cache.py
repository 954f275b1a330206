"""What apps in one process share of their message handlers: which methods of a class handle a kind of message.

Textual looks through all base classes for each message, which took a thirtieth of the time of the tests of the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.message import Message
from textual.message_pump import MessagePump

_find = MessagePump._get_dispatch_methods

_Handlers = list[tuple[type, str]]
"""Classes, and the names of their methods."""


@contextmanager
def share_handlers() -> Iterator[None]:
    """Find the handlers of each class for each kind of message once."""
    known: dict[tuple[type, type, str, int], _Handlers | None] = {}

    def handlers(pump: MessagePump, name: str, message: Message) -> Iterator[tuple[type, Callable[..., Any]]]:
        attributes = sum(map(len, map(vars, type(pump).__mro__)))  # a test may add a handler
        key = (type(pump), type(message), name, attributes)
        if key not in known:
            known[key] = _named_handlers(type(pump), type(message), name)
        if (found := known[key]) is None:
            yield from _find(pump, name, message)
            return
        for owner, attribute in found:
            if message._no_default_action:
                return
            yield owner, vars(owner)[attribute].__get__(pump, owner)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MessagePump, "_get_dispatch_methods", handlers)
        yield


def _named_handlers(pump: type, message: type, name: str) -> _Handlers | None:
    """Return the methods that have the name of a handler; None if others have a decorator for the message."""
    bases = message.__mro__
    if any(base in vars(owner).get("_decorated_handlers", ()) for owner in pump.__mro__ for base in bases):
        return None
    found = []
    for owner in pump.__mro__:
        attribute = next((each for each in (f"_{name}", name) if vars(owner).get(each)), None)
        if attribute and not hasattr(vars(owner)[attribute], "_textual_on"):
            found.append((owner, attribute))
    return found

"""Keys take effect in the order in which they were pressed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump

KEY_SETTLE_SECONDS = 0.2
"""How long the next key waits for the effect of the previous one."""


async def wait_until_handled(focused: DOMNode) -> None:
    """Wait until the effect of a key on a widget, and on those around it, is complete.

    A character is forwarded to the input while the app already processes the next key. On a slow connection,
    where keys arrive in bursts, that next key would act before the characters are in the input.
    """
    for node in focused.ancestors_with_self:
        if not isinstance(node, App) and isinstance(node, MessagePump):
            done = asyncio.Event()
            if node.call_later(done.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), KEY_SETTLE_SECONDS)

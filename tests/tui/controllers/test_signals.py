"""Signals call their handlers in order; the command queue keeps keys in order."""

from __future__ import annotations

import asyncio

from paperreader.tui.context.command_queue import CommandQueue
from paperreader.tui.context.signals import Signal


def test_handlers_are_called_in_the_order_of_connection():
    signal, calls = Signal(), []
    signal.connect(lambda value: calls.append(("first", value)))
    signal.connect(lambda value: calls.append(("second", value)))
    signal.emit(7)
    assert calls == [("first", 7), ("second", 7)]


async def test_waiting_commands_run_in_order_and_end_the_wait():
    queue, calls = CommandQueue(), []
    await queue.wait()
    queue.add(lambda: calls.append("a"))
    queue.add(lambda: calls.append("b"))
    waiting = asyncio.ensure_future(queue.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    queue.run_all()
    await waiting
    assert calls == ["a", "b"]
    queue.run_all()
    assert calls == ["a", "b"]


async def test_discarded_commands_do_not_run():
    queue, calls = CommandQueue(), []
    queue.add(lambda: calls.append("a"))
    queue.discard()
    await queue.wait()
    queue.run_all()
    assert calls == []


async def test_keys_are_deferred_while_work_runs():
    queue = CommandQueue()
    with queue.defer_keys():
        waiting = asyncio.ensure_future(queue.wait())
        await asyncio.sleep(0)
        assert queue.is_busy
        assert not waiting.done()
    await waiting
    assert not queue.is_busy

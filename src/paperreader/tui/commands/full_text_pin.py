"""Keys of a figure or table that is pinned next to a full text."""

from __future__ import annotations

from paperreader.tui.commands.command import KeyBinding

_PIN = "In a pinned figure or table"

# fmt: off
PIN_KEYS = (
    KeyBinding("pin-down", "j,down", "Scroll the pinned figure or table down", "scroll", _PIN, "scroll(1)", "j ↓"),
    KeyBinding("pin-up", "k,up", "Scroll the pinned figure or table up", "scroll", _PIN, "scroll(-1)", "k ↑"),
    KeyBinding("pin-page-down", "space,pagedown", "Go one page of the pinned table down", "one page", _PIN, "page(1)",
               "space"),
    KeyBinding("pin-page-up", "minus,pageup", "Go one page of the pinned table up", "one page", _PIN, "page(-1)", "-"),
    KeyBinding("pin-left", "h,left", "Scroll the pinned table to the left", "scroll a wide table sideways", _PIN,
               "scroll_wide(-1)", "h"),
    KeyBinding("pin-right", "l,right", "Scroll the pinned table to the right", "scroll a wide table sideways", _PIN,
               "scroll_wide(1)", "l"),
    KeyBinding("pin-jump", "enter", "Go to where the pinned figure or table is",
               "go to where it is in the text; backspace returns", _PIN, "jump"),
    KeyBinding("pin-copy", "y", "Copy the pinned figure or table", "copy its text; a table as CSV", _PIN, "copy"),
    KeyBinding("pin-leave", "tab", "Go to the text", "to the text", _PIN, "leave"),
    KeyBinding("pin-close", "escape,q,P", "Remove the pinned figure or table", "remove it", _PIN, "close", "escape"),
)
"""What is pinned next to a full text, while it has the focus."""
# fmt: on

"""Adaptation to the terminal: glyphs, colors, pasted text, suspending, and the user's editor.

Everything in `tui` may import it.
"""

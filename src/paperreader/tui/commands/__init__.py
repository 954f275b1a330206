"""What keys, palette, help, footer and documentation know about each action of the reader.

Everything in `tui` may import it; at runtime it imports nothing else of `tui`.
"""

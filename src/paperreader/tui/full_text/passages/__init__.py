"""Passages of a full text: finding them, selecting them, highlighting and commenting on them, and copying them."""

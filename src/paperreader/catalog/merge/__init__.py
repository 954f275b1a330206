"""Merging: which records describe the same paper, and the one paper that they give. Pure functions without I/O.

Import from the modules directly.
"""

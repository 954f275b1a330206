"""Modal screens, which return a value to the controller that opens them.

Controllers import a dialog when they open it, so that starting the reader does not load it.
"""

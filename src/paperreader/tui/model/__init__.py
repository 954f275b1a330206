"""State of the reader without widgets: query and result, position, undo history, views and drafts.

Controllers and widgets may import it.
"""

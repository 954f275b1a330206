"""What a user does with papers: mark, tag, annotate, copy, open, export, and the time until a paper counts as read.

Only `reader_controllers` and other controllers import these modules.
"""

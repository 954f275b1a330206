"""The list of papers: cursor, selection, layout and painting of rows.

Other packages import `widget`.
"""

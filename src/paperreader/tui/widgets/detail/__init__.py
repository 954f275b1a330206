"""The detail: one paper with its text, links and note, laid out as lines.

Other packages import `widget`; `note_markdown` is loaded when a note is first shown.
"""

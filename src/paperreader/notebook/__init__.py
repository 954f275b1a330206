"""The reader's marks: bookmarks, notes, tags and what was read, in `notebook.json`."""

from paperreader.notebook.backing import Backup
from paperreader.notebook.marks import apply_change, merge_marks
from paperreader.notebook.store import Notebook, Saved

__all__ = ["Backup", "Notebook", "Saved", "apply_change", "merge_marks"]

"""The reader's marks: bookmarks, notes, tags and what was read, in `notebook.json`."""

from paperreader.notebook.backups import Backup
from paperreader.notebook.mark_merge import apply_change, merge_marks
from paperreader.notebook.notebook import Notebook, SaveResult

__all__ = ["Backup", "Notebook", "SaveResult", "apply_change", "merge_marks"]

"""The user's marks on papers (bookmarks, read flags, notes and tags) in `notebook.json`.

Other packages import only what is listed here.
"""

from paperreader.notebook.backups import Backup
from paperreader.notebook.imported_marks import AddedMarks
from paperreader.notebook.mark_merge import apply_change, merge_all, merge_marks
from paperreader.notebook.notebook import NOTEBOOK_FILE_NAME, NOTEBOOK_LOCK_NAME, Notebook, SaveResult

__all__ = [
    "NOTEBOOK_FILE_NAME",
    "NOTEBOOK_LOCK_NAME",
    "AddedMarks",
    "Backup",
    "Notebook",
    "SaveResult",
    "apply_change",
    "merge_all",
    "merge_marks",
]

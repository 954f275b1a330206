"""Errors of the model."""

from __future__ import annotations

from paperreader.errors import PaperreaderError


class MeaningUnavailable(PaperreaderError):
    """The file of the model is missing, damaged, or of another version. Search by words does not need it."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The model for search by meaning {problem}; reinstall paperreader to restore it.")

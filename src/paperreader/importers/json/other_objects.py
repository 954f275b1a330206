"""The exception for objects of known formats that are not papers, such as reviews."""

from __future__ import annotations


class OtherObject(ValueError):
    """An object that belongs to its file but is no paper; such objects are counted and reported once.

    The message says what they are, in the plural: `reviews or comments of OpenReview`.
    """

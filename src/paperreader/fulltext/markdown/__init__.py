"""Convert Markdown that another program made from arXiv's HTML, such as Hugging Face's `papers/ID.md`.

It is the last choice: formulas have no delimiters, references and some tables are gone.
"""

from paperreader.fulltext.markdown.conversion import convert_markdown

__all__ = ["convert_markdown"]

"""Convert the text of a PDF: plain paragraphs, headings where they are obvious, references; no formulas, no tables."""

from paperreader.fulltext.pdf.conversion import convert_pdf

__all__ = ["convert_pdf"]

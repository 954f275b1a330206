"""Convert pages made by LaTeXML (arXiv's HTML, ar5iv, Engrafo, local ones) to documents.

https://math.nist.gov/~BMiller/LaTeXML/manual/ describes the classes.
"""

from paperreader.fulltext.html.conversion import convert_page

__all__ = ["convert_page"]

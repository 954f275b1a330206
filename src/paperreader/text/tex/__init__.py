"""TeX to Unicode: the parts behind `paperreader.text.latex`."""

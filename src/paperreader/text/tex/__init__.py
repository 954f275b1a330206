"""TeX to Unicode: the parts behind `paperreader.text.tex_display`."""

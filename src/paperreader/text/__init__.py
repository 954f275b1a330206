"""Pure functions on strings: TeX to Unicode, links, ids, dates, terminal cells, cleaning."""

"""Import Zotero's own formats: RDF and JSON. Its exports to other formats are read by the importers of those.

`rdf` is named in `paperreader.import_formats`, `json_items` in `paperreader.object_formats`.
"""

"""Import JSON documents and JSON Lines, whose objects can be of any format in `OBJECT_FORMATS`.

Other importers use `fields` to read untrusted objects; the other modules are imported by `importers.dispatch`.
"""

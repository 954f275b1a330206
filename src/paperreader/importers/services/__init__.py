"""Import JSON of services that describe papers: Crossref, OpenAlex, OpenReview, Semantic Scholar, Papers with Code.

The modules are named in `paperreader.object_formats` and imported by `importers.json.objects`. Each converts one
object; `importers.json.containers` finds the objects in single responses, result pages, batches and dumps.
"""

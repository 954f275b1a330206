"""Fetch papers from Hugging Face and arXiv, with retries, rate limits and a response cache, into the library.

Import `session` (a whole fetch) and `paper_refs` (ids and URLs in pasted text); everything else is internal. Responses
go to the library as bytes, which the importers read like files.
"""

"""New papers as a document or a mail, and trends.

Import `delivery` (build and send a digest), `digest.Digest`, `render.RENDERERS`, `mail` (message and SMTP) and
`trends.report`; everything else is internal.
"""

"""PDFs of papers: where they are stored, and how they are downloaded.

Import `download` (`download_pdfs`) and `files` (`PdfFiles`), which loads no HTTP client.
"""

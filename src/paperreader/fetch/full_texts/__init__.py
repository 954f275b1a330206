"""Full texts of papers: requested from arXiv, else the text of the PDF, else Hugging Face's Markdown.

Import `download` (`download_full_text`, `download_full_texts`).
"""

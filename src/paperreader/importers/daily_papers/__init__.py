"""Importers of Hugging Face's Daily Papers: pages saved as text or HTML, and items of the API.

Only `importers` imports it, through `dispatch`.
"""

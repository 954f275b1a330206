"""Search of services: Hugging Face, arXiv and Semantic Scholar. Requested only when the user asks for it."""

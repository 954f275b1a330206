"""Citation counts of papers, from Semantic Scholar or OpenAlex. Requested only when the user asks for them."""

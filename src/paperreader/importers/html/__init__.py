"""Parse HTML of saved pages: elements by tag and class, their text, and metadata. No importer itself."""

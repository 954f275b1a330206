"""Parse Markdown of other programs: links with their text, headings, tables. No importer itself."""

"""Full texts in formats for other programs: Markdown and JSON."""

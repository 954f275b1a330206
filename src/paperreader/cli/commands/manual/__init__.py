"""Commands that show documents and print completion scripts."""

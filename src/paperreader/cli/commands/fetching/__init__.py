"""Commands that fetch papers and full texts."""

"""The widgets of the full text of a paper: the text, its contents, and the lines above and below it."""

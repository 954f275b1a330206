"""Pictures with the pixels of the terminal: kitty's graphics protocol."""

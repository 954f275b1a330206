"""How often papers are cited: looked up when the user asks, and, if the settings say so, of the shown paper."""

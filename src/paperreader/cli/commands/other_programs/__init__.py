"""Commands that exchange papers with other programs on this machine."""

"""How often papers are cited, as services have counted."""

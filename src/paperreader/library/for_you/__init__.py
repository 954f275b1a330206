"""The personal order: what is learned from the marks of the user."""

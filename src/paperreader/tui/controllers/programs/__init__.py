"""Programs of the user that read papers."""

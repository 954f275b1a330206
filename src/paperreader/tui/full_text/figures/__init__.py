"""Pictures in a full text, and figures and tables that stay next to it."""

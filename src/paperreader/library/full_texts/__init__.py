"""The full texts of papers that are stored on this machine, and which papers have none."""

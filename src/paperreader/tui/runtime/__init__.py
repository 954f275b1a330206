"""What the reader needs to run: threads, notifications, garbage collection, and the check of settings.

Everything in `tui` above it may import it, and `cli` imports the check of settings.
"""

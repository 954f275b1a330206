"""The digest as a mail. Import `message` to build one, and `smtp` to send it."""

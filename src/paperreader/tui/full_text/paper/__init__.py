"""What a user does with the paper whose full text is open: its marks, its PDF, its newer versions."""

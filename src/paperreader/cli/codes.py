"""What the program says to the shell when it ends."""

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

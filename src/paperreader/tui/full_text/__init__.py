"""The screen with the full text of a paper: one controller for each feature, as in the main screen."""

"""The personal order: what the user's papers have more of than the library, and how much of that others have."""

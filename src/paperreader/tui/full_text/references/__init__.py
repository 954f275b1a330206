"""References of a full text that become papers."""

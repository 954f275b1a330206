"""From the bytes that a terminal sends to keys, mouse events, pastes and replies."""

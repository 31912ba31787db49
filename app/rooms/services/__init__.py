"""What can be done to rooms: keep them, book them, ask for them, answer."""

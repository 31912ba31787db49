"""What can be done with the money."""

"""What can be asked of the money."""

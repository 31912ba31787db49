"""What a demonstration shows of funding."""

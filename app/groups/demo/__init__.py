"""Invented groups for a demonstration: drawn by chance from a seed, believable, and nobody's real address."""

"""Forms of the funding package."""

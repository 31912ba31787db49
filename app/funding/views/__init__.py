"""Pages of the funding package."""

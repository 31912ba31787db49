"""The pages of the groups package."""

"""The pages of the accounts package."""

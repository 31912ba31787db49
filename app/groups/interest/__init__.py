"""Interest in groups that do not exist yet, and what a clearing house makes of it: a founding."""

"""The desk of a clearing house: what waits, what is today, and the groups of the house."""

"""Rules that belong to no part of the network."""

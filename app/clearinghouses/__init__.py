"""Clearing houses: carriers, branches, opening hours, catchment; who is responsible where."""

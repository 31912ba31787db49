"""Versions of a listing: edited by the group, looked at by its clearing house, compared and restored."""

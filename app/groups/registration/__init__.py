"""Registering a group: in five steps by those who found it, or from paper by the staff of a house."""

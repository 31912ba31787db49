"""Pages of rooms: for everybody, for the desk of a house, for the contacts of a group."""

"""Reads rooms, bookings and requests as rows with all that a page shows of them; nothing is loaded later."""

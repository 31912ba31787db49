"""Rooms of clearing houses and partners: asked for by groups, booked without conflicts."""

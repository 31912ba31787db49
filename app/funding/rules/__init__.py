"""Pure rules: standard library and numpy; no Flask, no SQLAlchemy, no clock, no settings. Money is whole cents."""

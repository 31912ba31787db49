"""Writing to groups and clearing houses without learning their address, or showing one's own."""

"""Self-help groups: what they are about, when and where they meet, how they are found."""

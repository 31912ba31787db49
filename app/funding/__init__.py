"""Funding of self-help by health insurers (§ 20h SGB V): the levy, its pots, and who gets what."""

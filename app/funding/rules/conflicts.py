"""Why somebody is too close to a group to decide about it."""

from __future__ import annotations

MEMBER, RELATIVE, WORK, MONEY, OTHER = "member", "relative", "work", "money", "other"
DECLARED = (MEMBER, RELATIVE, WORK, MONEY, OTHER)
"""What only they themselves know and have to say."""
CONTACT, WAS_CONTACT, SIGNER = "contact", "was_contact", "signer"
"""What is known without their saying it: contact of the group now or earlier in the year, signer of its request."""

"""Keys of sessions and mailed links: random, known to one browser or one mailbox; the database has their digest."""

from __future__ import annotations

import hashlib
import secrets


def make_key() -> str:
    """Answer a key nobody can guess, as it can stand in an address."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """Answer what is stored of a key; it is random and long, so that a plain digest is enough."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()

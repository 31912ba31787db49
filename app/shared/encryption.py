"""What must be read again, yet not by whoever comes by a copy of the database: encrypted with a key from SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def encrypt(text: str, *, purpose: str) -> str:
    """Answer the text as only this site can read it; each purpose has a key of its own."""
    return _box(purpose).encrypt(text.encode()).decode("ascii")


def decrypt(token: str, *, purpose: str) -> str | None:
    """Answer the text; None when it was encrypted with another SECRET_KEY, for something else, or was changed."""
    try:
        return _box(purpose).decrypt(token).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> Fernet:
    # The migration 0013 derives its key in the same way.
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(current_app.config["SECRET_KEY"].encode())))

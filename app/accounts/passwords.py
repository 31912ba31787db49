"""Passwords are kept as Argon2id hashes; an account that is not there costs as much time as one that is."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


class Passwords:
    """Makes and checks hashes, with the parameters of RFC 9106, 4 (second choice: 64 MiB, 3 passes, 4 lanes)."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        # A hash that nothing fits: its salt and its value are zeros.
        salt, value = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
        costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        self._nobodys = f"$argon2id$v=19${costs}${salt}${value}"

    def hash(self, password: str) -> str:
        """Answer the hash of a password, with a salt of its own."""
        return self._hasher.hash(password)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether a hash was made from this password; None, for an account that is not there, never fits."""
        try:
            self._hasher.verify(password_hash or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(password_hash)


def init_passwords(app: Flask, config: Config) -> None:
    """Afterwards ``get_passwords`` answers; tests hash with the least that Argon2 allows."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    hasher = (
        cheap if config.app_env == "test" else PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
    )
    app.extensions["passwords"] = Passwords(hasher)


def get_passwords() -> Passwords:
    """Answer the passwords' hasher of this application."""
    passwords: Passwords = current_app.extensions["passwords"]
    return passwords

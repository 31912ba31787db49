"""Links that are a right in themselves: sent by mail to one person, for one purpose, without signing in.

What a link says can be read by whoever holds it, but not changed and not guessed; one made for another purpose does not
fit. Whether it still holds is its reader's to say. A GET never does anything: programs that check mails follow links.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.shared.languages import current_language, language_url

if TYPE_CHECKING:
    from config import Config

Fact = str | int | bool | None


def sign_link(purpose: str, *facts: Fact) -> str:
    """Answer a token for an address: the facts, signed for this purpose."""
    return str(_serializer(purpose).dumps(facts))


def read_link(purpose: str, token: str) -> list[Fact] | None:
    """Answer the facts of a token; None when it was not signed by us for this purpose."""
    try:
        facts: list[Fact] = _serializer(purpose).loads(token)
    except BadData:
        return None
    return facts


def fingerprint(text: str) -> str:
    """Answer a mark of a text, such as an address, from which nobody without our secret can tell the text."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"fingerprint:" + text.encode(), hashlib.sha256).hexdigest()[:20]


def whole_url(path: str) -> str:
    """Answer the whole address of a path (from the root) in the language that is spoken, for mails."""
    config: Config = current_app.config["WIRKREIS"]
    return config.public_url + language_url(current_language(), path)


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"link:{purpose}")

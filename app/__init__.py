"""Wirkreis: the network of self-help groups of a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Answer a ready application; without a configuration it is read from the environment."""
    # Imported here so that `import app.<package>.rules.x` needs no Flask.
    from app.factory import build_app  # noqa: PLC0415
    from config import Config  # noqa: PLC0415

    return build_app(config or Config.from_environment())

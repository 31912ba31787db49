"""The blueprint that all pages of the funding package share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("funding", __name__, template_folder="../templates")

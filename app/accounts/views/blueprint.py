"""The blueprint that all pages of the accounts package share."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.labels import day_in_words, moment_in_words, moment_with_year

bp = Blueprint("accounts", __name__, template_folder="../templates")
for _words in (moment_in_words, moment_with_year, day_in_words):
    bp.add_app_template_global(_words)

"""To be filled."""

from flask import Blueprint

bp = Blueprint("groups_pages", __name__)

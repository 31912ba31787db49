"""To be filled."""

from flask import Blueprint

bp = Blueprint("groups_reports", __name__)

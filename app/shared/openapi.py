"""The description of the machine interface."""

from flask import Blueprint

bp = Blueprint("openapi", __name__)

"""The blueprint that all pages of the groups package share."""

from __future__ import annotations

from flask import Blueprint

from app.groups.labels import german, row_words
from app.groups.meetings.date_forms import count_name
from app.groups.meetings.words import (
    cause_words,
    day_words,
    long_day_words,
    long_moment_words,
    meeting_span_words,
    period_words,
    remark_words,
    rule_words,
)
from app.groups.presentation import count_words, date_words, distance_words, moment_words
from app.groups.rows import group_rows

bp = Blueprint("groups", __name__, template_folder="../templates")
for _words in (
    group_rows,
    row_words,
    german,
    rule_words,
    cause_words,
    remark_words,
    day_words,
    period_words,
    meeting_span_words,
    moment_words,
    long_moment_words,
    long_day_words,
    count_name,
    date_words,
    distance_words,
    count_words,
):
    bp.add_app_template_global(_words)

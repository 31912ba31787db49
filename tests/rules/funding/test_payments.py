"""On which days a bank pays."""

from __future__ import annotations

from datetime import date

from app.funding.rules.payments import bank_day_from


def test_a_payment_proposed_for_a_weekend_is_proposed_for_the_monday_after_it():
    november = [bank_day_from(date(2026, 11, day)).day for day in (26, 27, 28, 29, 30)]
    assert november == [26, 27, 30, 30, 30]

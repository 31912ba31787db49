"""Why a group got its sum, in three languages."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from app.funding.rules import explanation
from app.funding.rules.division import DivisionRules, Tier
from app.funding.words.explanations import WORDS, rule_words, teller
from app.shared.languages import LANGUAGES, speaking

NUMBERS = {
    "cents": 100_000, "entitled_cents": 2, "level_cents": 65_666, "unit_cents": 1_000, "added_cents": 5, "weight": 2,
    "kind": "interpreters",
}  # fmt: skip
CODES = {
    value
    for name, value in vars(explanation).items()
    if name.isupper()
    and isinstance(value, str)
    and name not in {"MAXIMUM", "REQUEST", "LATE", "MAIN", "WITHDRAWN"}
} | set(explanation.CAPPED.values())


def test_every_reason_has_a_sentence(app):
    assert WORDS.keys() == CODES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_weighted", [True, False])
def test_every_sentence_says_its_numbers_in_every_language(app, language, is_weighted):
    with app.test_request_context(), speaking(language):
        told = {code: teller(is_weighted=is_weighted)([{"code": code, **NUMBERS}]) for code in WORDS}
        one_cent = teller(is_weighted=False)([{"code": explanation.ODD_CENT, "cents": 1}])
    assert len(set(told.values())) == len(told)
    assert all(text.endswith(".") and "%" not in text for text in told.values())
    assert one_cent != told[explanation.ODD_CENT]


def test_a_sum_is_explained_and_a_rule_said_in_german(app):
    rules = DivisionRules(
        reserve_percent=5, tiers=(Tier(1, 75_000), Tier(20)), minimum_cents=10_000, unit_cents=100
    )
    steps = [
        {"code": explanation.ASKED, "cents": 120_000},
        {"code": explanation.CAPPED["maximum"], "cents": 75_000},
        {"code": explanation.GOT_LEVEL, "level_cents": 65_666, "weight": 1},
        {"code": explanation.ODD_CENT, "cents": 1},
    ]
    with app.test_request_context():
        told = teller(is_weighted=False)(steps).replace("\xa0", " ")
        said = [each.replace("\xa0", " ") for each in rule_words(asdict(rules))]
    assert told == (
        "Beantragt waren 1.200,00 €. Mehr als 750,00 € sind in dieser Stufe nicht möglich. Die Gruppe erhält 656,66 €: "
        "so viel wie alle, die mehr gebraucht hätten; für alles reichte der Topf nicht. Dazu kommt der eine übrige "
        "Cent, durch das Los."
    )
    assert said == [
        "5 Prozent des Geldes werden als Reserve zurückgehalten.",
        "Alle Gruppen erhalten den gleichen Betrag, oder was sie brauchen, wenn das weniger ist.",
        "Ab 1 Mitglied: höchstens 750,00 €.",
        "Ab 20 Mitgliedern: ohne Höchstbetrag.",
        "Weniger als 100,00 € nützt niemandem.",
        "Beträge sind ganze Vielfache von 1,00 €.",
    ]

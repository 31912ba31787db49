"""Whatever is noted can be read: each action has a sentence, and each sentence an action."""

from __future__ import annotations

import ast
import re

import pytest

from app.shared.history_words import known_words, sentence_of
from app.shared.languages import LANGUAGES, speaking
from tests.support.tree import python_files

SPARE = set[str]()
"""Actions of releases before, which stand in the history for ever."""


NOTERS = re.compile(r"_?note(_of_\w+|_claim)?|_tell")
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def noted_actions():
    """Every action that is given to a function that notes, or kept under a name for one."""
    found = set()
    for path in python_files("app"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = node.args if NOTERS.fullmatch(name) else []
            elif isinstance(node, ast.Assign):
                names = {getattr(target, "id", "") for target in node.targets}
                given = [node.value] if names & {"action", "APPLIED"} else []
            texts = [
                part.value for each in given for part in ast.walk(each) if isinstance(part, ast.Constant)
            ]
            found |= {text for text in texts if isinstance(text, str) and ACTION.fullmatch(text)}
    return found


def test_each_action_has_a_sentence_and_a_kind_and_each_sentence_an_action(app, session):
    words = known_words()
    assert noted_actions() - words.sentences.keys() == set()
    assert words.sentences.keys() - noted_actions() - SPARE == set()
    assert {action.partition(".")[0] for action in words.sentences} == words.kinds.keys()


FACTS = {
    "role": "desk_lead", "fields": ["name", "contact_email"], "state": "paused", "day": "2026-11-26",
    "first_day": "2026-11-26", "last_day": "2026-12-01", "request_state": "declined", "rows": 3, "rule": "x",
    "wording": "2026-11", "number": 3, "entries": 3, "starts_at": "2026-11-26T17:00:00+00:00",
    "consents": ["storing", "phone"],
    "year": 2026, "figures": 358, "insurer": "tk", "land": "05", "lands": "05, 09", "per_cent": 80,
    "page": "money", "part": "staff", "standing": "late", "rules": ["deadline", "counts"],
    "entered": 2, "changed": 1, "groups": 5, "extension": "illness", "given_up_for": "mistake", "notice_kind": "part",
    "withdrawn_for": "plan",
    "payments": 4, "lines": 3, "matched": 2, "requests": 3, "mails": 2, "sitting_outcome": "part", "said": "agreed",
    "check": "content", "result": "objection",
    "reminder": "reminded", "proof_state": "partly", "cause": "unused", "instalments": 3, "expenses": 2,
    "project_page": "goals", "terms": "focus", "verdict": "agreed", "outcome": "approved",
}  # fmt: skip


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_sentence_names_its_facts_in_every_language_and_what_is_not_known_as_it_is(app, session):
    for language in LANGUAGES:
        with app.test_request_context(), speaking(language):
            told = {action: sentence_of(action, FACTS) for action in known_words().sentences}
        assert all("%(" not in text and "_" not in text for text in told.values())
    assert told["meeting.cancelled"] != sentence_of("meeting.cancelled", {})
    assert sentence_of("meeting.cancelled", {}) == "meeting.cancelled"
    assert sentence_of("comet.seen", {}) == "comet.seen"

"""Visitors' forms: who may send one, how long it stays open, and that nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import render_template_string, request

from app.shared import clock
from app.shared.visitor_forms import (
    HONEYPOT,
    TOKEN_FIELD,
    VisitorForm,
    VisitorFormError,
    check_visitor_form,
    is_bot,
    visitor_form_token,
)

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from flask.typing import ResponseReturnValue

PAGE = """<form method="post">{{ visitor_form_fields("question") }}<textarea name="text">{{ text }}</textarea></form>"""
HOUR = timedelta(hours=1)


@pytest.fixture
def stored() -> list[str]:
    """What the test's own form has stored."""
    return []


@pytest.fixture
def form(app: Flask, stored: list[str]) -> FlaskClient:
    """A client of an application with one visitors' form, at /question."""
    app.config["WIRKREIS"] = replace(app.config["WIRKREIS"], public_url="https://wirkreis.example")

    def question() -> ResponseReturnValue:
        if request.method == "GET":
            return render_template_string(PAGE, text="")
        try:
            check_visitor_form("question", min_age_seconds=int(request.args.get("min_age", 0)))
        except VisitorFormError as error:
            page = error.message + render_template_string(PAGE, text=error.typed.get("text"))
            return page, error.status, {"X-Code": error.code, "X-Typed": ",".join(error.typed)}
        if not is_bot():
            stored.append(request.form["text"])
        return "Thank you."

    question.required_permission = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/question", "test_question", question, methods=["GET", "POST"])
    return app.test_client()


def token(app: Flask, name: str = "question", *, age: timedelta = timedelta(0)) -> str:
    with app.app_context():
        return visitor_form_token(name, now=clock.now() - age)


def send(client: FlaskClient, sent: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
    data = {"text": "How do I found a group?", HONEYPOT: "", TOKEN_FIELD: sent, **more}
    return client.post("/question", data=data, headers=headers or {})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://wirkreis.example"},
        {"Origin": "https://WIRKREIS.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_from_our_own_page_is_accepted(
    app: Flask, form: FlaskClient, stored: list[str], headers: dict[str, str]
) -> None:
    assert send(form, token(app), headers=headers).status_code == 200
    assert stored == ["How do I found a group?"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://wirkreis.example.evil.example"},
        {"Origin": "https://wirkreis.example:8443"},
        {"Origin": "http://[broken"},
        {"Origin": ""},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_a_form_from_a_foreign_page_is_refused_even_with_a_good_token(
    app: Flask, form: FlaskClient, stored: list[str], headers: dict[str, str]
) -> None:
    answer = send(form, token(app), headers=headers)
    assert (answer.status_code, answer.headers["X-Code"]) == (400, "foreign_form")
    assert stored == []


@pytest.mark.parametrize("age", [timedelta(0), 11.9 * HOUR])
def test_a_form_may_stay_open_half_a_day(app: Flask, form: FlaskClient, age: timedelta) -> None:
    assert send(form, token(app, age=age)).status_code == 200


@pytest.mark.parametrize("age", [12.1 * HOUR, 400 * HOUR, -1 * HOUR])
def test_a_token_from_another_time_is_refused(
    app: Flask, form: FlaskClient, stored: list[str], age: timedelta
) -> None:
    answer = send(form, token(app, age=age))
    assert (answer.status_code, answer.headers["X-Code"]) == (400, "form_expired")
    assert stored == []


@pytest.mark.parametrize("change", ["", "x", "InF1ZXN0aW9uIg.aaaa.bbbb", "{}x", "\x00", "ä", "a" * 5000])
def test_a_missing_or_forged_token_is_refused(
    app: Flask, form: FlaskClient, stored: list[str], change: str
) -> None:
    answer = send(form, change.replace("{}", token(app)))
    assert (answer.status_code, answer.headers["X-Code"]) == (400, "form_expired")
    assert stored == []


def test_a_token_of_another_form_or_of_another_site_is_refused(app: Flask, form: FlaskClient) -> None:
    assert send(form, token(app, "login")).status_code == 400
    foreign = token(app)
    app.config["SECRET_KEY"] = "another-secret-another-secret"
    assert send(form, foreign).status_code == 400


def test_after_a_refusal_everything_typed_is_there_and_the_page_can_be_sent_as_it_is(
    app: Flask, form: FlaskClient, stored: list[str]
) -> None:
    answer = send(form, token(app, age=13 * HOUR), text="Grüße & <b>mehr</b>")
    assert "Grüße &amp; &lt;b&gt;mehr&lt;/b&gt;" in answer.text
    assert answer.headers["X-Typed"] == "text"
    fresh = answer.text.split(f'name="{TOKEN_FIELD}" value="')[1].split('"')[0]
    assert send(form, fresh, text="Grüße & <b>mehr</b>").status_code == 200
    assert stored == ["Grüße & <b>mehr</b>"]


def test_pressing_twice_is_no_offence(app: Flask, form: FlaskClient) -> None:
    sent = token(app)
    assert [send(form, sent).status_code for _ in range(2)] == [200, 200]


def test_a_form_may_ask_for_more_time_than_a_program_takes(app: Flask, form: FlaskClient) -> None:
    data = {"text": "t", TOKEN_FIELD: token(app)}
    answer = form.post("/question?min_age=2", data=data)
    assert (answer.status_code, answer.headers["X-Code"]) == (400, "form_too_fast")
    data[TOKEN_FIELD] = token(app, age=timedelta(seconds=3))
    assert form.post("/question?min_age=2", data=data).status_code == 200


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_stored(
    app: Flask, form: FlaskClient, stored: list[str]
) -> None:
    answer = send(form, token(app), website_url="https://buy.example")
    assert (answer.status_code, answer.text) == (200, "Thank you.")
    assert stored == []


def test_the_page_sets_no_cookie_and_the_trap_is_hidden_from_people(form: FlaskClient) -> None:
    answer = form.get("/question")
    assert "Set-Cookie" not in answer.headers
    assert "<div hidden>" in answer.text
    assert 'tabindex="-1"' in answer.text
    assert 'style="' not in answer.text


def test_the_error_brings_a_fresh_token_for_views_that_want_one(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={TOKEN_FIELD: "old", "text": "t"}):
        with pytest.raises(VisitorFormError) as refusal:
            check_visitor_form("question")
        fresh = refusal.value.token
    with app.test_request_context("/", method="POST", data={TOKEN_FIELD: fresh}):
        check_visitor_form("question")


def test_a_visitors_form_class_has_no_token_of_a_session(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={}):
        assert VisitorForm().validate_on_submit()

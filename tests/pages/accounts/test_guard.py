"""What stands before a view that is not for everybody."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Blueprint

from app.accounts.guard import get_person, requires
from app.shared.api_shape import json_answer

probes = Blueprint("probes", __name__)


@probes.post("/probe")
@requires("be_signed_in")
def sent():
    return f"Thank you, {get_person().name}."


@probes.route("/api/v1/probe", methods=["GET", "POST"])
@requires("see_jobs")
def interface():
    return json_answer({})


@pytest.fixture
def app(app):
    app.register_blueprint(probes)
    return app


def token(client):
    return re.search(r'name="form_token" value="([^"]+)"', client.get("/accounts").text)[1]


def test_an_interface_answers_a_visitor_401_in_the_one_shape(client):
    answer = client.get("/api/v1/probe")
    assert answer.status_code == 401
    assert answer.get_json()["error"] == {
        "code": "not_signed_in",
        "message": "Bitte melden Sie sich zuerst an.",
        "status": 401,
    }


def test_what_somebody_may_not_do_reads_as_what_is_not_there(signed_in):
    client = signed_in.client("finance")
    there, nowhere = client.get("/api/v1/probe"), client.get("/api/v1/no-such-thing")
    assert there.status_code == nowhere.status_code == 404
    assert there.get_json() == nowhere.get_json()


def test_a_form_of_ours_is_taken_from_the_person_it_was_made_for_only(signed_in):
    kim, robin = signed_in.client("finance"), signed_in.client("finance", name="Robin")
    fields = {"form_token": token(kim)}
    assert kim.post("/probe", data=fields).text == "Thank you, Kim Sommer."
    assert robin.post("/probe", data=fields).status_code == 400
    assert kim.post("/probe", data={"form_token": fields["form_token"] + "x"}).status_code == 400
    assert kim.post("/probe").status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://e.example"}],
)
def test_another_site_cannot_send_it_even_with_the_right_token(headers, signed_in):
    client = signed_in.client("finance")
    answer = client.post("/probe", data={"form_token": token(client)}, headers=headers)
    assert answer.status_code == 400
    assert "von einer anderen Website gesendet" in answer.text


def test_whoever_has_to_sign_in_before_sending_is_not_sent_on_to_what_cannot_be_opened(client):
    assert client.post("/probe").location == "/accounts/login"


def test_an_error_on_a_signed_in_page_shows_who_is_signed_in_and_is_not_stored(signed_in):
    browser = signed_in("finance")
    page = browser.post("/probe", status=400)
    assert "Kim Sommer" in page.text
    assert "Ein Cookie, solange Sie angemeldet sind" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_an_interface_tells_who_needs_a_second_factor_to_set_it_up(signed_in, app):
    client = signed_in.client("admin")
    app.config["WIRKREIS"] = dataclasses.replace(app.config["WIRKREIS"], app_env="production")
    answer = client.get("/api/v1/probe")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "not_allowed")

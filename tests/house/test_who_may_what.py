"""Every route answers every role as the table of permissions says, and only the signed-in ones look at cookies."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Blueprint

from app.accounts.guard import authorize, public, requires
from app.accounts.rules.permissions import PUBLIC
from app.clearinghouses.models import ClearingHouse
from app.groups.models import Group
from app.shared.api_shape import json_answer
from app.shared.extensions import db
from tests.support.access import Tries, make_place, path_of, permission_of, routes


def test_every_guarded_route_answers_visitors_and_every_role_as_the_table_says(
    app, session, signed_in, databases
):
    # The guard asks no table but those of the account; so it is enough that one kind of database hears every "no".
    once = databases.kind == "sqlite"
    assert Tries(app, session, signed_in).complaints(without_right=once) == []


def test_a_public_route_asks_nobody_to_sign_in_and_sets_no_cookie(app, session, signed_in):
    place = make_place(session, "Hier")
    visitor, person = app.test_client(), signed_in.client("admin")
    for rule, method in routes(app):
        if permission_of(app, rule) == PUBLIC and method == "GET":
            answer = visitor.get(path_of(rule, place))
            # A link that is a right answers nobody else; its page still asks nobody to sign in.
            gone = {404, 410} if "<token>" in rule.rule else set()
            assert answer.status_code in {200, 302, 303, 400} | gone, rule
            assert "/accounts/login" not in (answer.location or ""), rule
            assert "Set-Cookie" not in answer.headers, rule
            if rule.endpoint != "accounts.login":
                seen = person.get(path_of(rule, place))
                assert "Cookie" not in seen.headers.get("Vary", ""), rule
                assert "Set-Cookie" not in seen.headers, rule


# The tries themselves, tried on views that are guarded well and badly.

probes = Blueprint("probes", __name__)


@probes.route("/groups/<slug>/good", methods=["GET", "POST"])
@requires("manage_meetings")
def good_group(slug):
    group = db.session.scalars(sa.select(Group).where(Group.slug == slug)).one()
    authorize("manage_meetings", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    return "Welcome."


@probes.route("/clearinghouses/<slug>/good", methods=["GET", "POST"])
@requires("manage_rooms")
def good_house(slug):
    house = db.session.scalars(sa.select(ClearingHouse).where(ClearingHouse.slug == slug)).one()
    authorize("manage_rooms", clearinghouse_id=house.id)
    return "Welcome."


@probes.get("/api/v1/good")
@requires("see_jobs")
def good_interface():
    return json_answer({})


def bad_without_authorize(slug):
    return f"{slug} is nobody's business."


def bad_without_mark():
    return "Come in."


def bad_for_a_role():
    authorize("see_jobs")
    return "Only for admins after all."


BAD = {
    "/groups/<slug>/bad": (requires("manage_meetings")(bad_without_authorize), "is not kept out"),
    "/bad": (bad_without_mark, "says nothing"),
    "/bad-role": (requires("be_signed_in")(bad_for_a_role), "finance gets 404"),
}


def test_views_that_are_guarded_well_pass(app, session, signed_in):
    app.register_blueprint(probes)
    assert Tries(app, session, signed_in).complaints(lambda rule: rule.endpoint.startswith("probes.")) == []


@pytest.mark.parametrize("rule", BAD)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_view_that_is_guarded_badly_is_found(rule, app, session, signed_in):
    view, complaint = BAD[rule]
    app.add_url_rule(rule, "bad", view)
    found = Tries(app, session, signed_in).complaints(lambda tried: tried.endpoint == "bad")
    assert any(complaint in line for line in found)


def test_a_mark_that_is_not_in_the_table_is_refused_when_the_view_is_made():
    with pytest.raises(KeyError):
        requires("do_anything")


def test_a_public_view_asks_nobody_who_they_are_and_says_so():
    view = public(lambda: "Come in.")
    assert (view(), view.required_permission) == ("Come in.", "public")

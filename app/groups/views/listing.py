"""The listing of a group, for its contacts and the staff of its house: edit it, and all its versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import authorize, get_person, requires
from app.accounts.rules.permissions import Scope, may
from app.groups.listing_columns import refuse
from app.groups.listings import labels
from app.groups.listings.comparing import compare
from app.groups.listings.forms import ListingForm, number_of
from app.groups.listings.queries import ToEdit, find_content, list_versions, read_for_editing
from app.groups.listings.services import (
    ChangedMeanwhile,
    Edited,
    Editor,
    edit_listing,
    restore_version,
    withdraw_edit,
)
from app.groups.listings.store import OVER
from app.groups.models import Group
from app.groups.rules.versions import FIELDS, carry_over, changed_fields, is_same
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue


@dataclass(frozen=True, slots=True)
class _Edited:
    """The group whose listing is on the page, and who edits it."""

    group: Group
    by: Editor

    def read(self) -> ToEdit:
        """Answer what the form begins with: staff see what everybody sees, a contact what waits."""
        return read_for_editing(db.session(), self.group, with_waiting=not self.by.may_review)


@bp.route("/accounts/groups/<slug>/listing", methods=["GET", "POST"])
@requires("edit_listing")
def listing(slug: str) -> ResponseReturnValue:
    """Everything that a listing says, on one page; what was changed is shown at once or waits."""
    edited = _get(slug)
    begin = edited.read()
    if request.method == "GET":
        return _page(edited, begin, _form_of(edited, begin.content, begin))
    base = find_content(db.session(), edited.group.id, number_of(request.form.get("based_on")))
    form = ListingForm(begin=base or begin.content, is_for_staff=edited.by.may_review)
    if not form.validate():
        return _page(edited, begin, form), 400
    content, group_id = form.content(now=clock.now()), edited.group.id
    try:
        with transaction() as session:
            came_of_it = edit_listing(
                session, group_id, content, seen=form.seen_number, by=edited.by, now=clock.now()
            )
    except ChangedMeanwhile:
        return _both_texts(_get(slug), content, base), 409
    except RuleBroken as error:
        refuse(form, error)
        return _page(_get(slug), begin, form), 400
    return _back("groups.listing", slug, came_of_it)


@bp.post("/accounts/groups/<slug>/listing/withdraw")
@requires("edit_listing")
def withdraw_listing(slug: str) -> ResponseReturnValue:
    """Take back what waits."""
    edited = _get(slug)
    try:
        with transaction() as session:
            withdraw_edit(session, edited.group.id, now=clock.now())
    except RuleBroken as error:
        edited = _get(slug)
        begin = edited.read()
        form = _form_of(edited, begin.content, begin)
        form.form_errors.append(error.message)
        return _page(edited, begin, form), 409
    return redirect(url_for("groups.listing", slug=slug, done="withdrawn"), code=303)


@bp.get("/accounts/groups/<slug>/listing/versions")
@requires("edit_listing")
def listing_versions(slug: str) -> ResponseReturnValue:
    """All versions of a listing, and any two of them beside each other."""
    edited = _get(slug)
    return _versions_page(edited)


@bp.post("/accounts/groups/<slug>/listing/versions/<int:number>/restore")
@requires("edit_listing")
def restore_listing(slug: str, number: int) -> ResponseReturnValue:
    """Bring an earlier version back: at once for staff, as an edit for a contact."""
    edited = _get(slug)
    group_id, seen = edited.group.id, number_of(request.form.get("seen"))
    try:
        with transaction() as session:
            came_of_it = restore_version(
                session, group_id, min(number, 2**31 - 1), seen=seen, by=edited.by, now=clock.now()
            )
    except RuleBroken as error:
        return _versions_page(_get(slug), problem=error), 409
    return _back("groups.listing_versions", slug, came_of_it)


def _versions_page(edited: _Edited, *, problem: RuleBroken | None = None) -> str:
    versions = list_versions(db.session(), edited.group.id)
    by_number = {each.version.number: each.version for each in versions}
    new = by_number.get(number_of(request.args.get("new")), versions[0].version if versions else None)
    before = new and by_number.get(new.number - 1)
    old = by_number.get(number_of(request.args.get("old")), before)
    if old is not None and new is not None and old.number > new.number:
        old, new = new, old
    return render_template(
        "groups/review/versions.html",
        group=edited.group,
        by=edited.by,
        versions=versions,
        old=old,
        new=new,
        rows=compare(old.content, new.content)
        if old is not None and new is not None and old is not new
        else [],
        can_restore=edited.group.state not in OVER,
        problem=problem,
        done=_done(),
        words=labels,
    )


def _get(slug: str) -> _Edited:
    """Answer the group, if whoever is signed in may edit its listing.

    Raises:
        NotFound: there is none, or they may not.
    """
    group = db.session().scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        raise nothing_here()
    authorize("edit_listing", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    person = get_person()
    scope = Scope(clearinghouse_id=group.clearinghouse_id)
    return _Edited(group, Editor(person.id, may(person.actor, "review_listings", scope)))


def _form_of(edited: _Edited, content: Mapping[str, Any], begin: ToEdit) -> ListingForm:
    """Answer the form of a content that was not sent."""
    data = {**ListingForm.data_of(content), "seen": str(begin.seen), "based_on": str(begin.based_on)}
    return ListingForm(formdata=None, data=data, begin=content, is_for_staff=edited.by.may_review)


def _page(
    edited: _Edited, begin: ToEdit, form: ListingForm, *, others: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "groups/review/listing.html",
        group=edited.group,
        is_staff=edited.by.may_review,
        is_over=edited.group.state in OVER,
        begin=begin,
        form=form,
        others=others or {},
        was_others=others is not None,
        done=_done(),
        words=labels,
    )


def _both_texts(edited: _Edited, typed: Mapping[str, Any], base: Mapping[str, Any] | None) -> str:
    """Answer the form with what was typed on top of what somebody else stored; where both wrote, both are there."""
    begin = edited.read()
    now = begin.content
    mine = changed_fields(base, typed) if base is not None else changed_fields(now, typed)
    theirs = changed_fields(base, now) if base is not None else mine
    merged = carry_over(base, typed, now) if base is not None else typed
    others = {
        field: labels.value_words(field, now) or _("(empty)")
        for field in FIELDS
        if field in mine and field in theirs and not is_same(field, typed[field], now[field])
    }
    return _page(edited, begin, _form_of(edited, merged, begin), others=others)


def _back(endpoint: str, slug: str, edited: Edited) -> ResponseReturnValue:
    done = "edited" if edited.live or edited.waiting else "nothing"
    address = url_for(endpoint, slug=slug, done=done, live=edited.live, waiting=edited.waiting)
    return redirect(address, code=303)


def _done() -> list[str]:
    """Answer what was just done, in sentences."""
    done = request.args.get("done", "")
    live, waiting = request.args.getlist("live"), request.args.getlist("waiting")
    if done == "nothing":
        return [_("Nothing was different, so nothing was stored.")]
    if done == "withdrawn":
        return [_("What waited is taken back. Your listing stays as everybody sees it.")]
    said = []
    if done == "edited" and live:
        said.append(_("Everybody sees it already: %(fields)s.", fields=labels.field_words(live)))
    if done == "edited" and set(FIELDS) <= set(waiting):
        said.append(
            _("Your entry is with your clearing house. You get a mail as soon as it has looked at it.")
        )
    elif done == "edited" and waiting:
        fields = labels.field_words(waiting)
        said.append(
            _("Your clearing house looks at this first: %(fields)s. You get a mail then.", fields=fields)
        )
    return said

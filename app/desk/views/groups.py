"""The groups of a house: looked through on the page, taken along as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.guard import requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.desk.group_list import (
    NOT_CONFIRMED,
    PER_PAGE,
    WITHOUT_CONTACT,
    GroupFilter,
    GroupLine,
    choose_lines,
    list_lines,
)
from app.desk.labels import SORT_NAMES, STATE_FILTERS
from app.desk.views.blueprint import bp
from app.groups.labels import LIFE_LABELS, facet_labels
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.extensions import db
from app.shared.languages import current_language
from app.shared.tables import CSV, XLSX, Cell, table_response

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/desk/groups")
@requires("work_at_desk")
def groups() -> ResponseReturnValue:
    """The groups of a house that are asked for; what is asked for stands in the address."""
    house = my_house("work_at_desk")
    wanted = GroupFilter.read(request.args)
    everything = list_lines(db.session(), house.id)
    lines = choose_lines(everything, wanted, today=day_of(clock.now()))
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    topics = sorted({pair for line in everything for pair in zip(line.topics, line.topic_slugs, strict=True)})
    return render_template(
        "desk/groups.html",
        house=house,
        houses=my_houses("work_at_desk"),
        wanted=wanted,
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        count=len(lines),
        page=page,
        pages=pages,
        topics=topics,
        states=STATE_FILTERS,
        statuses=facet_labels(current_language())["status"],
        life=LIFE_LABELS,
        sorts=SORT_NAMES,
        NOT_CONFIRMED=NOT_CONFIRMED,
        WITHOUT_CONTACT=WITHOUT_CONTACT,
        date_words=date_words,
        page_address=lambda number: url_for(
            "desk.groups", house=house.slug, **wanted.in_address(), page=number
        ),
        exports=[
            (kind.upper(), url_for("desk.export_groups", kind=kind, house=house.slug, **wanted.in_address()))
            for kind in (CSV, XLSX)
        ],
    )


@bp.get("/desk/groups.csv", defaults={"kind": CSV})
@bp.get("/desk/groups.xlsx", defaults={"kind": XLSX})
@requires("work_at_desk")
def export_groups(kind: str) -> ResponseReturnValue:
    """The same groups as a file for a spreadsheet, all pages together."""
    house = my_house("work_at_desk")
    today = day_of(clock.now())
    lines = choose_lines(list_lines(db.session(), house.id), GroupFilter.read(request.args), today=today)
    columns = [
        _("Name"),
        _("Topics"),
        _("Town"),
        _("State"),
        _("Free places"),
        _("Contact"),
        _("Telephone"),
        _("E-mail"),
        _("Last confirmed"),
        _("Registered"),
        _("Page"),
    ]
    name = f"{house.slug}-{today.isoformat()}"
    return table_response(kind, name=name, columns=columns, rows=[_cells(line) for line in lines])


def _cells(line: GroupLine) -> list[Cell]:
    return [
        line.name,
        ", ".join(line.topics),
        line.town,
        str(LIFE_LABELS[line.state]),
        facet_labels(current_language())["status"][line.status],
        line.contact_name,
        line.contact_phone,
        line.contact_email,
        line.last_confirmed_on,
        line.created_on,
        url_for("groups.show", slug=line.slug, _external=False),
    ]

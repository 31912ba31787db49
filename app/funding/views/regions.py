"""The rules of a funding region: read with their source and doubts, and changed by its funding office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from app.accounts.guard import authorize, requires
from app.funding.forms.region import RegionForm
from app.funding.models import FundingRegion, RegionSettings
from app.funding.queries.regions import find_region, rules_in
from app.funding.services.region_settings import set_rules
from app.funding.views.blueprint import bp
from app.funding.words.applications import COSTS
from app.funding.words.regions import DOUBTS
from app.places.gazetteer import get_gazetteer
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.route("/funding/regions/<slug>", methods=["GET", "POST"])
@requires("work_on_rounds")
def region_rules(slug: str) -> ResponseReturnValue:
    """Read and change the rules of a region."""
    region = find_region(db.session(), slug)
    if region is None:
        raise nothing_here()
    authorize("work_on_rounds", region_id=region.id, state_ags=region.state_ags)
    rules = rules_in(db.session(), region)
    if request.method == "GET":
        return _page(region, RegionForm.of(rules))
    form = RegionForm.sent(request.form)
    if not form.validate():
        return _page(region, form), 400
    with transaction() as session:
        set_rules(session, region, form.rules(rules), now=clock.now())
    return redirect(url_for("funding.region_rules", slug=slug, saved=1), code=303)


def _page(region: FundingRegion, form: RegionForm) -> str:
    states = get_gazetteer(db.session()).states
    return render_template(
        "funding/region.html",
        region=region,
        rules=rules_in(db.session(), region),
        settings=db.session().get(RegionSettings, region.id),
        land=next((each.name for each in states if each.state_ags == region.state_ags), region.state_ags),
        form=form,
        costs=COSTS,
        doubt_words=lambda doubt: DOUBTS.get(doubt, doubt),
        is_saved=request.method == "GET" and "saved" in request.args,
    )

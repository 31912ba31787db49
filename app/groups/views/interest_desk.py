"""Where interest gathers, for the staff of clearing houses: numbers on the overview, people on a page of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.guard import requires
from app.clearinghouses.desk_house import my_house, my_houses
from app.groups.catalogue import get_catalogue
from app.groups.interest.chart import draw_districts
from app.groups.interest.consents import consent_paragraphs
from app.groups.interest.forms import PhonedInterestForm
from app.groups.interest.foundings import answer_invitation
from app.groups.interest.gathering import (
    enough_people,
    find_gathered,
    list_gathered,
    list_people,
)
from app.groups.interest.joining import enter_interest, remove_interest, renew_interest
from app.groups.interest.queries import (
    find_open_founding,
    find_visible_interest,
    house_name,
    list_foundings,
)
from app.groups.interest.regions import district_words, districts_of_house, region_words
from app.groups.meetings.managed import LARGEST_ID
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.errors import BadInput, RuleBroken
from app.shared.extensions import db
from app.shared.history import note
from app.shared.languages import in_language
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.clearinghouses.models import ClearingHouse
    from app.groups.models import Topic

PERMISSION = "see_interest"
DONE = {
    "entered": _l(
        "Entered. With an address, they first get a mail to confirm; with a number they count at once."
    ),
    "removed": _l("Taken off the list. Everything about this person is deleted."),
    "renewed": _l("They stay on the list for another period."),
    "answered": _l("The answer is noted."),
    "ended": _l("The founding is over. You find it below."),
}


@bp.get("/desk/interest")
@requires(PERMISSION)
def list_interest() -> ResponseReturnValue:
    """Answer where interest gathers in the districts of a house, as a list and on a map, and its foundings."""
    house, session, now = my_house(PERMISSION), db.session(), clock.now()
    everything = list_gathered(session, house.id, now=now)
    topics = get_catalogue(session).by_id
    wanted = get_catalogue(session).by_slug.get(request.args.get("topic", ""))
    gathered = [each for each in everything if wanted is None or each.topic_id == wanted.id]
    districts = districts_of_house(session, house.id)
    counts = Counter(dict.fromkeys(districts, 0))
    for each in gathered:
        counts[each.district_ags] += each.total
    foundings = list_foundings(session, house.id)
    return render_template(
        "groups/interest/desk.html",
        house=house,
        houses=my_houses(PERMISSION),
        gathered=gathered,
        chosen=wanted,
        choices=sorted(
            {topics[each.topic_id] for each in everything}, key=lambda each: in_language(each.names)
        ),
        topics=topics,
        districts=district_words(session, [*districts, *(each.district_ags for each in foundings)]),
        drawing=draw_districts(counts),
        foundings=foundings,
        enough=enough_people(),
        done=str(DONE.get(request.args.get("done", ""), "")),
    )


@bp.get("/desk/interest/people")
@requires(PERMISSION)
def interested_people() -> ResponseReturnValue:
    """Answer who would come to a group on a topic in a district, and how to reach them; that it was opened is noted."""
    house, session, now = my_house(PERMISSION), db.session(), clock.now()
    asked = _asked(house)
    if asked is None:
        return redirect(url_for("groups.list_interest", house=house.slug), code=303)
    founding = find_open_founding(session, asked.topic.id, asked.district_ags)
    people = list_people(session, asked.topic.id, asked.district_ags, now=now, founding=founding)
    district = district_words(session, [asked.district_ags])[asked.district_ags]
    page = render_template(
        "groups/interest/people.html",
        house=house,
        topic=asked.topic,
        district=district,
        district_ags=asked.district_ags,
        people=people,
        region_words=region_words,
        gathered=find_gathered(session, asked.topic.id, asked.district_ags, now=now),
        founding=founding,
        is_own=founding is not None and founding.clearinghouse_id == house.id,
        founder=house_name(session, founding.clearinghouse_id) if founding else "",
        enough=enough_people(),
        done=str(DONE.get(request.args.get("done", ""), "")),
    )
    if people:
        with transaction() as writing:
            note(
                writing,
                "interest.opened",
                now=now,
                clearinghouse_id=house.id,
                topic_id=asked.topic.id,
                district=asked.district_ags,
                count=len(people),
            )
    return page


@bp.post("/desk/interest/people")
@requires(PERMISSION)
def change_interested() -> ResponseReturnValue:
    """Take somebody off the list, renew them or note their answer, as they said on the telephone."""
    house, now = my_house(PERMISSION), clock.now()
    interest = find_visible_interest(db.session(), house.id, _number("entry"))
    if interest is None:  # gone already is no mistake
        return redirect(url_for("groups.list_interest", house=house.slug, done="removed"), code=303)
    topic = get_catalogue(db.session()).by_id[interest.topic_id].slug
    slug, district, interest_id, house_id = house.slug, interest.district_ags, interest.id, house.id
    does = request.form.get("does", "")
    with transaction() as session:
        interest = find_visible_interest(session, house_id, interest_id)
        if interest is None:
            done = "removed"
        elif does == "renew":
            renew_interest(session, interest, now=now, house_id=house_id)
            done = "renewed"
        elif does in {"yes", "no"}:
            founding = find_open_founding(session, interest.topic_id, interest.district_ags)
            if founding is None or founding.clearinghouse_id != house_id or founding.meeting_at is None:
                raise RuleBroken(_("No meeting is called to which an answer could be noted."))
            answer_invitation(session, founding, interest.id, does, now=now)
            done = "answered"
        elif does == "remove":
            remove_interest(session, interest.id, now=now, house_id=house_id)
            done = "removed"
        else:
            done = ""
    back = url_for("groups.interested_people", house=slug, topic=topic, district=district, done=done or None)
    return redirect(back, code=303)


@bp.route("/desk/interest/new", methods=["GET", "POST"])
@requires(PERMISSION)
def enter_phoned() -> ResponseReturnValue:
    """Enter somebody who phones, with the consent read out to them."""
    house = my_house(PERMISSION)
    slug, house_id = house.slug, house.id
    form = PhonedInterestForm()
    if request.form.get("choice"):
        form.near.data = request.form["choice"][:100]
    form.offer_choices(db.session())
    if request.method == "POST":
        draft = form.read(db.session())
        if draft is not None:
            try:
                with transaction() as session:
                    enter_interest(session, draft, now=clock.now(), house_id=house_id)
                return redirect(url_for("groups.list_interest", house=slug, done="entered"), code=303)
            except BadInput as error:
                form.email.errors = [error.message]
    return render_template(
        "groups/interest/phoned.html", house=house, form=form, consent=consent_paragraphs()
    ), 400 if form.errors else 200


@dataclass(frozen=True, slots=True)
class _Asked:
    topic: Topic
    district_ags: str


def _asked(house: ClearingHouse) -> _Asked | None:
    """Answer the topic and district of the address; None when it names none. Another house's is not there."""
    if "topic" not in request.args or "district" not in request.args:
        return None
    topic = get_catalogue(db.session()).by_slug.get(request.args["topic"])
    district = request.args["district"]
    if topic is None or district not in districts_of_house(db.session(), house.id):
        raise nothing_here()
    return _Asked(topic, district)


def _number(name: str) -> int:
    """Answer a number of the form; 0 when it is none that could be an id."""
    number = request.form.get(name, 0, type=int)
    return number if 0 < number <= LARGEST_ID else 0

"""What somebody may not see does not exist, and what they may not do changes nothing: every route,
as everybody, with things of their own, of a partner and of a stranger, at every stage.

The routes come from the application and what is allowed from policy, so a new route is swept as
soon as it is there. One that is about a thing without a landmark fails by name.
"""

import re
from functools import cache

import pytest
from httpx import Response
from sqlmodel import Session

from auth.actor import Actor, Kind
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge
from marketplace.verbs import Verb
from tests.crawl.people import EVERYBODY, actor
from tests.crawl.places import Place, places, seen_by
from tests.crawl.refusals import elsewhere, says
from tests.crawl.routes import find, routes, to_get

# Where a thing can be seen and this page of it still not be there, and why.
NOT_THERE = {
    "challenge.preview": "it is published",
    Verb.COMMITMENT_WITHDRAW: "this organisation does not take part",
    "product.challenges": "only its supplier sees what it answers",
    "challenge.calendar": "it has no date to come",
    Verb.ORGANISATION_CORRECT: "it is no supplier",
    "tender.calendar": "it is not published yet",
    "tender.release": "it is not published yet",
    "clarification.feed": "it is not published yet",
    "tender.prices": "it is not published yet",
    **dict.fromkeys(("exchange.list", Verb.EXCHANGE_ANSWER), "no bid of this supplier was opened"),
    "tender.file": "the id is that of no document",
    "award.outcome": "it is not published yet",
    "award.calendar": "the id is that of no award",
    "summary.own": "no summary was sent to this organisation",
    **dict.fromkeys(
        (
            *("contract.documents", "contract.file", "contract.history", "contract.delivery"),
            *(verb for verb in Verb if verb.startswith(("contract.", "calloff."))),
            *(verb for verb in Verb if verb.startswith(("milestone.", "review."))),
        ),
        "everybody sees a signed contract, and the work on it is for its own people",
    ),
    **dict.fromkeys(
        (
            *("bid.section", "bid.files", "bid.file", "bid.receipt"),
            *(Verb.BID_EDIT, Verb.BID_SUBMIT, Verb.BID_WITHDRAW),
        ),
        "this supplier has no such bid for it",
    ),
    "standard.tasks": "no draft of it has been begun",
    Verb.STANDARD_EDIT: "no draft of it has been begun",
    "standard.check": "no draft of it has been begun",
    Verb.STANDARD_PUBLISH: "no draft of it has been begun",
    Verb.STANDARD_DISCARD: "no draft of it has been begun",
    "claim.file": "it is evidence that only assessors see, and a link",
}
# Who looks at all that they can see, at every stage. What the others can see, they see on a walk.
LOOK_AT_ALL = ("visitor", "camden-buyer", "supplier-one", "loti-admin")
# Pages about an organisation of one's own, and those of LOTI: the same thing may be seen elsewhere.
OF_ONES_OWN, OF_LOTI = "/organisation/", "/admin/"
# Everybody sees a published tender; the work on it is there for those who prepare it.
OF_PARTNERS = "/tenders/{id}/workspace"
# What does not show on a page: the path in the line for printing, clocks, and the id itself.
VARIES = re.compile(r'<p class="app-printed".*?</p>|\?v=[0-9a-f]+|data-seconds="[^"]*"')


def words(text: str, place: str) -> str:
    return VARIES.sub("", text).replace(place, "")


def to_the_work(answer: Response) -> bool:
    """Whether somebody was sent from where a tender will stand to where it is prepared."""
    return answer.status_code == 303 and answer.headers.get("location", "").endswith("/workspace")


@pytest.mark.parametrize("person", EVERYBODY)
def test_a_hidden_thing_is_told_like_one_that_never_was(standing, arrive, landmarks, person):
    browser = arrive(standing, person)
    browser.client.follow_redirects = False
    with Session(standing.engine) as session:
        who = actor(session, person)
        seen = seen_by(session, who)

    @cache
    def absent(route: str, url: str) -> str:
        answer = browser.client.get(url)
        assert answer.status_code == 404 or elsewhere(answer), (url, answer.status_code)
        return words(answer.text, url)

    wrong = []
    for route in to_get():
        never = ""
        for place in places(route, landmarks):
            if place.id in seen and person not in LOOK_AT_ALL:
                continue
            answer = browser.client.get(place.url)
            if place.id not in seen:
                never = never or place.elsewhere()
                hidden = answer.status_code == 404 or elsewhere(answer)
                alike = hidden and words(answer.text, place.url) == absent(route.name, never)
                wrong += [] if alike else [says(place, answer.status_code, "is hidden")]
            elif answer.status_code not in (200, 403, 409) and not to_the_work(answer):
                excused = _excused(place, who) and (answer.status_code == 404 or elsewhere(answer))
                wrong += [] if excused else [says(place, answer.status_code, "can be seen")]
    assert not wrong, "\n".join(wrong)


def _excused(place: Place, who: Actor) -> bool:
    """Whether this page of a thing that can be seen need not be there for them."""
    path = place.route.path
    return (
        place.route.name in NOT_THERE
        or path.startswith((OF_ONES_OWN, OF_PARTNERS))
        or (path.startswith(OF_LOTI) and who.kind is not Kind.LOTI)
        or (path.startswith("/organisations/") and not who.known)
    )


@pytest.mark.parametrize("person", EVERYBODY)
def test_the_first_page_of_a_thing_is_there_exactly_where_it_can_be_seen(
    standing, arrive, landmarks, person
):
    browser = arrive(standing, person)
    with Session(standing.engine) as session:
        seen = seen_by(session, actor(session, person))
    shows = {"challenge.show", "product.show", "notice.progress", "challenge.history"}
    for route in (one for one in to_get() if one.name in shows):
        for place in places(route, landmarks):
            status = browser.client.get(place.url).status_code
            assert status == (200 if place.id in seen else 404), place


def test_lotis_pages_are_there_for_loti_alone(standing, arrive, landmarks):
    pages = [route for route in to_get() if route.path.startswith("/admin")]
    assert len(pages) > 10
    for person in EVERYBODY:
        client = arrive(standing, person).client
        client.follow_redirects = False
        for route in pages:
            for url in [place.url for place in places(route, landmarks)] or [route.path]:
                answer = client.get(url)
                if person.startswith("loti"):
                    may = (200, 403, 409) if "{id}" not in route.path else (200, 403, 404, 409)
                    assert answer.status_code in may, (person, url, answer.status_code)
                else:
                    assert answer.status_code == 404 or elsewhere(answer), (person, url)


OPEN_TO_ALL = {"notice.show", "supplier.show", "authority.show"}


@pytest.mark.parametrize(
    "route", [one for one in routes() if "{id}" in one.path], ids=lambda one: one.path
)
def test_every_address_about_one_thing_is_swept(landmarks, route):
    assert route.name in OPEN_TO_ALL or list(places(route, landmarks)), route.name
    assert find("POST", "/sign-out")


def test_the_landmarks_stand_at_every_stage(landmarks, standing):
    with Session(standing.engine) as session:
        for kind, things in ((Challenge, landmarks.challenges), (Product, landmarks.products)):
            for stage, id in things.items():
                assert session.get_one(kind, id).stage == stage

"""What somebody may not see does not exist, and what they may not do changes nothing: every route,
as everybody, with things of their own, of a partner and of a stranger, at every stage.

The routes come from the application and what is allowed from policy, so a new route is swept as
soon as it is there. One that is about a thing without a landmark fails by name.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import Engine, Table
from sqlmodel import Session, SQLModel, func, select

from auth.actor import NOBODY, Actor, Kind
from marketplace import policy
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage
from marketplace.contracts.models import Contract
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE
from tests.crawl.places import Place, places, seen_by
from tests.crawl.routes import Route, find, routes, to_get, to_post
from tests.crawl.world import EVERYBODY, actor

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
# The answers of every form at once: each takes what it knows.
FORM = {
    "title": "Changed by a stranger",
    "need": "Changed by a stranger",
    "name": "Changed by a stranger",
    "summary": "Changed by a stranger",
    "message": "Changed by a stranger",
    "outcome": "Changed by a stranger",
    "level": "committed",
}
FILE = {"file": ("plan.txt", b"Where the grit bins stand.\n", "text/plain")}
# What does not show on a page: the path in the line for printing, clocks, and the id itself.
VARIES = re.compile(r'<p class="app-printed".*?</p>|\?v=[0-9a-f]+|data-seconds="[^"]*"')


def words(text: str, place: str) -> str:
    return VARIES.sub("", text).replace(place, "")


# ---- Looking


def elsewhere(answer: Response) -> bool:
    """Whether somebody was sent to sign in or to join first, whatever it was about."""
    to = answer.headers.get("location", "")
    return answer.status_code == 303 and to.startswith(("/sign-in", "/join", "/account/start"))


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
                wrong += [] if alike else [_says(place, answer.status_code, "is hidden")]
            elif answer.status_code not in (200, 403, 409) and not to_the_work(answer):
                excused = _excused(place, who) and (answer.status_code == 404 or elsewhere(answer))
                wrong += [] if excused else [_says(place, answer.status_code, "can be seen")]
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


def _says(place: Place, status: int, how: str) -> str:
    return f"{place.route.method} {place.url} ({place.stage}) {how}: {status}"


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


# ---- Changing


def journalled(engine: Engine) -> int:
    with Session(engine) as session:
        return session.exec(select(func.count()).select_from(Event)).one()


NOTED = {("signin", "seen_at"), ("person", "last_seen_at")}  # that somebody is there, by any page


def whole(engine: Engine) -> dict[str, list[object]]:
    """Every row of every table, for comparing."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(*_columns(table)))))
            for table in SQLModel.metadata.sorted_tables
        }


def _columns(table: Table) -> list[Any]:
    return [one for one in table.columns if (table.name, one.name) not in NOTED]


def possible(session: Session, person: str, place: Place) -> bool:
    """Whether this person can do this to the thing now; then it is no business of this sweep."""
    who, verb = actor(session, person), Verb(place.route.name)
    thing = session.get_one(place.kind, place.id)
    if verb.startswith("bid."):  # which of its own a supplier can change is tested where it does
        return policy.refusal(who, verb, Thing(organisation_id=who.organisation_id)) is None
    if who.kind is Kind.LOTI and verb.startswith("comment."):
        return True
    if place.kind is Tender:  # what its people may do is tested where they do it
        return str(who.organisation_id) in thing.partners or verb == Verb.CLARIFICATION_ASK
    if place.kind is Contract:
        return str(who.organisation_id) in thing.parties
    if verb in (Verb.JOIN_ASK, Verb.WATCH_BEGIN, Verb.WATCH_END, Verb.REPORT_MAKE):
        thing = Thing(id=None, person_id=who.person_id)  # anybody may, for themselves
    if verb in (Verb.RELIANCE_RECORD, Verb.USE_CONFIRM, Verb.USE_DENY):
        thing = Thing(id=None, organisation_id=who.organisation_id)  # what theirs would say of it
    if verb.startswith("commitment."):
        ours = select(Commitment).where(
            Commitment.challenge_id == place.id, Commitment.organisation_id == who.organisation_id
        )
        made = session.exec(ours).one_or_none()
        if made and verb == Verb.COMMITMENT_MAKE:
            return True  # it may, once; that it is once is tested where it joins
        if not made and verb != Verb.COMMITMENT_MAKE:
            return False
        prospect = Thing(
            challenge=thing,
            organisation_id=who.organisation_id,
            stage=CommitmentStage.LIVE,
            workflow=Commitment.workflow,
        )
        thing = made or prospect
    workflow = getattr(thing, "workflow", None)
    return policy.refusal(who, verb, thing) is None and (
        workflow is None or workflow.refusal(verb, thing, now()) is None
    )


@pytest.mark.parametrize("person", EVERYBODY)
def test_whoever_may_not_changes_nothing_with_any_form(changing, arrive, landmarks, person):
    browser = arrive(changing, person)
    client = browser.client
    client.follow_redirects = False
    before, count, wrong = whole(changing.engine), journalled(changing.engine), []
    with Session(changing.engine) as session:
        seen = seen_by(session, actor(session, person))
        there = [place for route in to_post() for place in places(route, landmarks)]
        forbidden = [place for place in there if not possible(session, person, place)]
    assert len(forbidden) > len(there) // 3
    sent_nothing = set()  # routes: that it is refused before it is read shows at one thing
    for place in forbidden:
        file = FILE if place.route.name == Verb.CHALLENGE_ATTACH else None
        sendings = (
            [(FORM, file)] if place.route.name in sent_nothing else [(FORM, file), ({}, None)]
        )
        sent_nothing.add(place.route.name)
        for form, sent in sendings:
            answer = client.post(place.url, data=form, files=sent, headers={"Origin": HERE})
            refused = (403, 404, 409) if place.id in seen else (404,)
            if answer.status_code not in refused and not elsewhere(answer):
                wrong.append(_says(place, answer.status_code, f"is not {person}'s to do"))
    assert not wrong, "\n".join(wrong)
    assert journalled(changing.engine) == count
    assert whole(changing.engine) == before


# What is about no one thing in the address: what it would be done to. None: it is for everybody,
# because it is how one gets in or out, or proves by itself that one may.
def _oneself(who: Actor) -> Thing:
    return Thing(id=who.person_id)


def _own(who: Actor) -> Thing:
    organisation = Thing(id=who.organisation_id, kind=who.kind)
    return Thing(id=None, organisation_id=who.organisation_id, organisation=organisation)


def _own_membership(who: Actor) -> Thing:
    return Thing(id=None, person_id=who.person_id if who.membership_id != NOBODY else NOBODY)


def _nothing(who: Actor) -> Thing:
    return Thing(id=None)


BEGUN: Mapping[str, Callable[[Actor], Thing] | None] = {
    "demo.sign-in": None,
    "sign-out": None,
    Verb.LINK_ASK: None,
    "link.type": None,
    "link.use": None,
    Verb.MAIL_BOUNCE: _nothing,
    Verb.PREFERENCE_SET: _oneself,
    Verb.INVITATION_ACCEPT: _nothing,
    Verb.CHALLENGE_DRAFT: _own,
    Verb.SHORTLIST_START: _own,
    Verb.TENDER_DRAFT: _own,
    Verb.CLAIM_MAKE: _own,
    Verb.STANDARD_DRAFT: _nothing,
    Verb.SEARCH_SAVE: _oneself,
    Verb.INTEREST_DECLARE: _oneself,
    Verb.PRODUCT_DRAFT: _own,
    Verb.NOTICE_IMPORT: _own,
    Verb.NOTIFICATION_READ: _oneself,
    Verb.CALENDAR_RENEW: _oneself,
    Verb.ADDRESS_CONFIRM: _oneself,
    Verb.ORGANISATION_DESCRIBE: lambda who: Thing(id=who.organisation_id),
    Verb.INVITATION_SEND: _own,
    Verb.MEMBERSHIP_LEAVE: _own_membership,
    Verb.ORGANISATION_REGISTER: _nothing,
    Verb.DOMAIN_ADD: _own,
    Verb.SUPPORT_STOP: _oneself,
    Verb.REGISTRATION_DRAFT: _oneself,
    Verb.REGISTRATION_EDIT: _oneself,
    Verb.REGISTRATION_CONFIRM: _oneself,
    Verb.REGISTRATION_DISCARD: _oneself,
    Verb.AGREEMENT_SIGN: _own,
    Verb.PERSON_RENAME: _oneself,
    Verb.PERSON_ERASE: _oneself,
    Verb.IDENTITY_ADD: _oneself,
    Verb.SESSION_END: _oneself,
    Verb.SESSION_SWITCH: _oneself,
    "account.prove": _oneself,
}
SECTIONS = {  # of addresses that are about no one thing
    "/register/{section}": "company",
    "/organisation/facts/{section}": "size",
    "/sign-in/{provider}/join": "nobody",
}


def begun() -> list[Route]:
    return [route for route in to_post() if "{id}" not in route.path]


def filled(route: Route) -> str:
    section = SECTIONS.get(route.path, "need")
    return re.sub(r"\{(section|provider|token)\}", section, route.path)


@pytest.mark.parametrize("person", EVERYBODY)
def test_whoever_may_not_begin_something_leaves_nothing(changing, arrive, person):
    """The routes that are about no one thing yet."""
    client = arrive(changing, person).client
    client.follow_redirects = False
    with Session(changing.engine) as session:
        who = actor(session, person)
    before, wrong = whole(changing.engine), []
    for route in begun():
        made = BEGUN[route.name]
        if made is None:
            continue
        if route.name in set(Verb) and policy.refusal(who, Verb(route.name), made(who)) is None:
            continue
        if route.name not in set(Verb) and who.known:
            continue
        sent = FILE if route.name == Verb.NOTICE_IMPORT else None
        answer = client.post(filled(route), data=FORM, files=sent, headers={"Origin": HERE})
        asked_again = route.path == "/mail/notify" and answer.status_code == 422  # it wants JSON
        if answer.status_code not in (403, 404, 409) and not elsewhere(answer) and not asked_again:
            wrong.append(f"{route.name} {filled(route)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert whole(changing.engine) == before


def test_every_route_that_begins_something_says_what_it_would_be_done_to():
    assert {route.name for route in begun()} == set(BEGUN)


NOT_SIGNED = ("x", "WyJhIl0.c2ln", "0" * 400, "%00", "%ED%A0%80", "..%2F..")


@pytest.mark.parametrize("person", EVERYBODY)
def test_a_token_that_was_not_signed_here_opens_nothing(changing, arrive, person):
    """Neither by looking nor by pressing the button."""
    client = arrive(changing, person).client
    client.follow_redirects = False
    before = whole(changing.engine)
    signed = [route for route in routes() if "{token}" in route.path]
    assert len(signed) >= 6
    for route, token in product(signed, NOT_SIGNED):
        url = route.path.replace("{token}", token)
        answer = client.request(route.method, url, headers={"Origin": HERE})
        # a link to sign in that is over has a page of its own, which says how to get another
        refused = (403, 404, 405, 409, 410, 422)
        said = route.name == "link.use" and answer.status_code in (200, 409, 410)
        assert answer.status_code in refused or elsewhere(answer) or said, (url, answer)
    assert whole(changing.engine) == before


# ---- From elsewhere

# What programs may send that are no browsers, and why.
BY_PROGRAMS = {
    "/demo/sign-in": "to try the demo",
    "/unsubscribe/{token}": "mail programs press the button (RFC 8058); the token is the proof",
    "/mail/notify": "GOV.UK Notify tells what came back; it has a token of its own",
}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
    ],
    ids=["no origin", "null", "another site", "a browser says another site"],
)
def test_no_form_is_taken_from_another_site(changing, arrive, landmarks, headers):
    owner, count = arrive(changing, "camden-buyer").client, journalled(changing.engine)
    owner.follow_redirects = False
    posted = 0
    for route in to_post():
        if route.path in BY_PROGRAMS and not headers:
            continue
        for url in [place.url for place in places(route, landmarks)] or [filled(route)]:
            answer = owner.post(url, data=FORM, headers=headers)
            assert answer.status_code == 403, (route.name, url)
            assert "nothing was changed" in answer.text
            posted += 1
    assert posted > 100
    assert journalled(changing.engine) == count


def test_nothing_is_changed_by_asking_for_a_page(changing, arrive, landmarks):
    """A GET is safe, whoever makes a browser send it."""
    client = arrive(changing, "loti-admin").client
    before = whole(changing.engine)
    for route in to_get():
        for url in [place.url for place in places(route, landmarks)] or [filled(route)]:
            client.get(url)
    assert whole(changing.engine) == before


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

"""What somebody may not do changes nothing: every form, as everybody, wherever it came from."""

import re
from collections.abc import Callable, Mapping
from itertools import product
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from sqlalchemy import Engine, Table
from sqlmodel import Session, SQLModel, func, select

from auth.actor import NOBODY, Actor, Kind
from marketplace import policy
from marketplace.challenges.models import Commitment, CommitmentStage
from marketplace.contracts.models import Contract
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.tenders.models import Tender
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE
from tests.crawl.people import EVERYBODY, actor
from tests.crawl.places import Place, places, seen_by
from tests.crawl.refusals import elsewhere, says
from tests.crawl.routes import Route, routes, to_get, to_post

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
                wrong.append(says(place, answer.status_code, f"is not {person}'s to do"))
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
    Verb.RATE_DECLARE: _own,
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

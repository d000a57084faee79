"""What somebody may not see does not exist, and what they may not do changes nothing: every route,
as everybody, with things of their own, of a partner and of a stranger, at every stage.
"""

import re
from functools import cache
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, func, select

from marketplace import policy
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.personas import PERSONAS
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE
from tests.crawl.places import Place, places, seen_by
from tests.crawl.routes import find, routes, to_get, to_post
from tests.crawl.world import PEOPLE, actor

# Where a thing can be seen and this page of it still not be there, and why.
NOT_THERE = {
    "challenge.preview": "it is published",
    Verb.COMMITMENT_WITHDRAW: "this organisation does not take part",
    "product.challenges": "only its supplier sees what it answers",
}
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
# What does not show on a page: the path in the line for printing, the clock, and the id itself.
VARIES = re.compile(r'<p class="app-printed".*?</p>|\?v=[0-9a-f]+')


def words(text: str, place: str) -> str:
    return VARIES.sub("", text).replace(place, "")


# ---- Looking


@pytest.mark.parametrize("person", PEOPLE)
def test_a_hidden_thing_is_told_like_one_that_never_was(standing, arrive, landmarks, person):
    browser = arrive(standing, person)
    with Session(standing.engine) as session:
        seen = seen_by(session, actor(session, person))

    @cache
    def absent(route: str, url: str) -> str:
        answer = browser.client.get(url)
        assert answer.status_code == 404
        return words(answer.text, url)

    wrong = []
    for route in to_get():
        elsewhere = ""
        for place in places(route, landmarks):
            answer = browser.client.get(place.url)
            if place.id not in seen:
                elsewhere = elsewhere or place.elsewhere()
                alike = answer.status_code == 404 and words(answer.text, place.url) == absent(
                    route.name, elsewhere
                )
                wrong += [] if alike else [_says(place, answer.status_code, "is hidden")]
            elif answer.status_code not in (200, 403, 409):
                excused = answer.status_code == 404 and route.name in NOT_THERE
                wrong += [] if excused else [_says(place, answer.status_code, "can be seen")]
    assert not wrong, "\n".join(wrong)


def _says(place: Place, status: int, how: str) -> str:
    return f"{place.route.method} {place.url} ({place.stage}) {how}: {status}"


@pytest.mark.parametrize("person", PEOPLE)
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


def test_running_the_service_is_there_for_loti_alone(standing, arrive):
    for person in PEOPLE:
        status = arrive(standing, person).client.get("/admin").status_code
        assert status == (200 if person.startswith("loti") else 404), person


# ---- Changing


def journalled(engine: Engine) -> int:
    with Session(engine) as session:
        return session.exec(select(func.count()).select_from(Event)).one()


def whole(engine: Engine) -> dict[str, list[object]]:
    """Every row of every table, for comparing."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in SQLModel.metadata.sorted_tables
        }


def possible(session: Session, person: str, place: Place) -> bool:
    """Whether this person can do this to the thing now; then it is no business of this sweep."""
    who, verb = actor(session, person), Verb(place.route.name)
    thing = session.get_one(place.kind, place.id)
    if verb.startswith("commitment."):
        ours = select(Commitment).where(
            Commitment.challenge_id == place.id, Commitment.organisation_id == who.organisation_id
        )
        made = session.exec(ours).one_or_none()
        if made and verb == Verb.COMMITMENT_MAKE:
            return True  # it may, once; that it is once is tested where it joins
        if not made and verb != Verb.COMMITMENT_MAKE:
            return False
        prospect = SimpleNamespace(
            challenge=thing, organisation_id=who.organisation_id, stage=CommitmentStage.LIVE
        )
        thing = made or prospect
    workflow = Commitment.workflow if verb.startswith("commitment.") else thing.workflow
    return policy.refusal(who, verb, thing) is None and (
        workflow.refusal(verb, thing, now()) is None
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_whoever_may_not_changes_nothing_with_any_form(changing, arrive, landmarks, person):
    browser = arrive(changing, person)
    client = browser.client
    client.follow_redirects = False
    before, count, wrong = whole(changing.engine), journalled(changing.engine), []
    with Session(changing.engine) as session:
        there = [place for route in to_post() for place in places(route, landmarks)]
        forbidden = [place for place in there if not possible(session, person, place)]
    assert len(forbidden) > len(there) // 2
    for place in forbidden:
        file = FILE if place.route.name == Verb.CHALLENGE_ATTACH else None
        for form, sent in ((FORM, file), ({}, None)):
            answer = client.post(place.url, data=form, files=sent, headers={"Origin": HERE})
            if answer.status_code not in (403, 404, 409):
                wrong.append(_says(place, answer.status_code, f"is not {person}'s to do"))
    assert not wrong, "\n".join(wrong)
    assert journalled(changing.engine) == count
    assert whole(changing.engine) == before


@pytest.mark.parametrize("person", PEOPLE)
def test_whoever_may_not_begin_something_leaves_nothing(changing, arrive, landmarks, person):
    """The routes that are about no one thing yet."""
    client = arrive(changing, person).client
    client.follow_redirects = False
    kind = "" if person not in PERSONAS else PERSONAS[person].organisation
    may = {
        "challenge.draft": person in ("camden-buyer", "hackney-buyer"),
        "product.draft": person.startswith("supplier"),
        "notice.import": bool(kind) and not person.startswith("supplier"),
        "delivery.retry": person == "loti-admin",
    }
    before = whole(changing.engine)
    for route in to_post():
        if route.name in may and not may[route.name]:
            url = route.path.replace("{id}", str(landmarks.delivery))
            sent = FILE if route.name == "notice.import" else None
            answer = client.post(url, data=FORM, files=sent, headers={"Origin": HERE})
            assert answer.status_code in (403, 404), (route.name, answer.status_code)
    assert whole(changing.engine) == before
    begun = {route.name for route in to_post() if "{id}" not in route.path}
    assert begun <= {*may, "demo.sign-in", "sign-out"}


# ---- From elsewhere


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
        if route.name == "demo.sign-in" and not headers:
            continue  # programs may sign in to the demo
        filled = [place.url for place in places(route, landmarks)] or [
            route.path.replace("{id}", str(landmarks.delivery))
        ]
        for url in filled:
            answer = owner.post(url, data=FORM, headers=headers)
            assert answer.status_code == 403, (route.name, url)
            assert "nothing was changed" in answer.text
            posted += 1
    assert posted > 100
    assert journalled(changing.engine) == count


def test_nothing_is_changed_by_asking_for_a_page(changing, arrive, landmarks):
    """A GET is safe, whoever makes a browser send it."""
    before = whole(changing.engine)
    client = arrive(changing, "loti-admin").client
    for route in to_get():
        for place in places(route, landmarks):
            client.get(place.url)
    assert whole(changing.engine) == before


def test_every_address_about_one_thing_is_swept(landmarks):
    about = {route.name for route in routes() if re.search(r"\{id\}", route.path)}
    swept = {one.route.name for route in routes() for one in places(route, landmarks)}
    open_to_all = {"notice.show", "supplier.show", "authority.show"}
    assert about - swept - open_to_all == {"delivery.retry"}
    assert find("POST", "/sign-out")


def test_the_landmarks_stand_at_every_stage(landmarks, standing):
    with Session(standing.engine) as session:
        for kind, things in ((Challenge, landmarks.challenges), (Product, landmarks.products)):
            for stage, id in things.items():
                assert session.get_one(kind, id).stage == stage

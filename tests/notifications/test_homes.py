"""What a home shows of who wants to come in, and of what its reader was told lately."""

from datetime import timedelta

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.challenges.models import Level
from marketplace.core.times import now
from marketplace.notifications.models import Notification
from marketplace.people.models import JoinRequest, JoinStage
from marketplace.verbs import Verb
from tests.browser_of_pages import MOST_QUERIES


def block(browser, who, name):
    return browser.as_(who).get("/home").select_one(f"#{name}")


@pytest.fixture
def camden(make):
    there = make.authority("Camden")
    make.challenge(there, area="waste", closes_on=now().date() + timedelta(days=90))
    return there


@pytest.fixture
def asks(make):
    def asks(of, stage=JoinStage.ASKED):
        person = make.person("Priya Shah")
        return make(JoinRequest(person_id=person.id, organisation_id=of.id, stage=stage))

    return asks


def test_administrators_see_who_asks_to_join_and_others_do_not(browser, make, camden, asks):
    asks(camden)
    asks(make.authority("Brent"))

    seen = block(browser, make.administrator(camden), "needs-you")
    (link,) = seen.select("a")
    assert link.text == "Decide on: the request of Priya Shah"
    assert link["href"] == "/organisation"
    assert "Priya Shah asked just now to act for Camden" in seen.text
    assert "Priya" not in block(browser, make.author(camden), "needs-you").text


def test_what_was_decided_waits_no_more(browser, make, camden, asks):
    asks(camden, JoinStage.DECLINED)
    assert "Priya" not in block(browser, make.administrator(camden), "needs-you").text


def test_an_administrator_of_a_supplier_is_asked_too(browser, make, asks):
    supplier = make.supplier("Brightwater")
    make.product(supplier)
    asks(supplier)
    assert "Priya Shah" in block(browser, make.administrator(supplier), "needs-you").text


def test_lotis_support_sees_what_nobody_else_can_decide(browser, make, camden, asks):
    brent = make.authority("Brent")
    make.administrator(brent)
    asks(camden)
    asks(brent)

    seen = block(browser, make.support(), "needs-you")
    assert [a["href"] for a in seen.select("a")] == ["/admin/requests"]
    assert "Camden has no administrator who could say" in seen.text
    assert "Priya" not in block(browser, make.curator(), "needs-you").text


def test_what_one_was_told_stands_first_with_its_reason_and_only_once(
    browser, make, camden, happen
):
    author, hackney = make.author(camden), make.authority("Hackney")
    challenge = make.challenge(camden, title="Missed bins")
    other = make.challenge(camden, title="Damp homes")
    commitment = make.commitment(challenge, hackney)
    make.commitment(other, hackney)
    happen(
        make.approver(hackney),
        Verb.COMMITMENT_CHANGE,
        commitment,
        about=challenge,
        level=Level.COMMITTED,
    )

    seen = block(browser, author, "new")
    assert [a.text for a in seen.select("a")] == [
        "Hackney changed what it said: Missed bins",
        "Damp homes",
    ]
    assert "You are told because you write challenges for Camden." in seen.text


def test_what_one_was_told_long_ago_is_not_new(browser, make, camden, happen, session):
    author = make.author(camden)
    challenge = make.challenge(camden, title="Missed bins")
    happen(make.author(camden), Verb.CHALLENGE_DROP, challenge, outcome="No money")
    assert "Dropped: Missed bins" in block(browser, author, "new").text
    one = session.exec(select(Notification)).one()

    one.created_at -= timedelta(days=40)
    session.commit()
    assert "Dropped" not in block(browser, author, "new").text


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ADMINISTRATOR])
def test_a_home_with_everything_on_it_asks_no_more_than_it_may(
    browser, make, camden, asks, happen, role
):
    """The browser itself counts; here everything that a home can show is there."""
    reader = make.actor(camden, Role.AUTHOR, Role.APPROVER, role)
    asks(camden)
    theirs = make.challenge(make.authority("Hackney"), area="waste")
    make.commitment(theirs, camden, contract_ends=now().date() + timedelta(days=20))
    happen(make.author(camden), Verb.CHALLENGE_DROP, make.challenge(camden), outcome="No money")

    browser.as_(reader).get("/home")
    assert browser.status == 200
    assert len(browser.queries) <= MOST_QUERIES

"""Somebody who acts for several organisations: for one at a time, and nothing of the others."""

from uuid import uuid4

import pytest

from auth.actor import Role
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage
from marketplace.core.journal import Event
from marketplace.organisations.models import Membership, Standing


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def hackney(make):
    return make.authority("Hackney")


@pytest.fixture
def both(make, camden, hackney):
    """The same person in two authorities: who they are in each."""
    person = make.person("Jo Bloggs")
    return make.member(person, camden, Role.AUTHOR), make.member(person, hackney, Role.AUTHOR)


def act_for(browser, actor):
    return browser.post("/account/organisation", membership=str(actor.membership_id))


def test_the_header_says_for_whom_one_acts_and_leads_to_the_switch(signed_in, both):
    in_camden, in_hackney = both
    browser = signed_in(in_camden.person_id)
    header = browser.get("/home").header

    assert "Camden" in header.text
    assert header.select_one("a[href='/account#organisations']").text.startswith("Switch")
    main = browser.main("/account")
    assert main.select_one("#organisations")
    assert [one["value"] for one in main.select("button[name=membership]")] == [
        str(in_hackney.membership_id)
    ]
    assert "You act for it now" in main.text


def test_switching_leads_home_and_changes_the_token(signed_in, both, own, rows):
    in_camden, in_hackney = both
    browser = signed_in(in_camden.person_id)
    before = browser.client.cookies["session"]
    session = own(browser).id
    seen = act_for(browser, in_hackney)

    assert "Home: Hackney" in seen.text
    assert "You now act for Hackney" in seen.text
    assert browser.client.cookies["session"] != before
    assert own(browser).id == session
    (event,) = rows(Event, verb="session.switch")
    assert event.facts == {"organisation": "Hackney"}
    browser.client.cookies.set("session", before, domain="testserver.local")
    assert browser.get("/home").select_one("h1").text == "Sign in", "the old token is worth nothing"


def test_nothing_of_the_one_is_seen_when_acting_for_the_other(
    signed_in, both, make, camden, hackney
):
    in_camden, in_hackney = both
    ours = make.challenge(camden, Stage.DRAFT, title="Grit bins of ours")
    theirs = make.challenge(hackney, Stage.DRAFT, title="Street lamps of theirs")
    browser = signed_in(in_camden.person_id)

    def answers():
        return [
            browser.client.get(f"/challenges/{one.id}{page}").status_code
            for one in (ours, theirs)
            for page in ("", "/edit", "/history")
        ]

    assert answers() == [200] * 3 + [404] * 3
    act_for(browser, in_hackney)
    assert answers() == [404] * 3 + [200] * 3
    for place in ("/home", "/home/challenges", "/search?q=grit"):
        assert ours.title not in browser.client.get(place).text, place
    browser.post(f"/challenges/{ours.id}/discard")
    assert browser.status == 404
    act_for(browser, in_camden)
    assert answers() == [200] * 3 + [404] * 3


def test_an_authority_and_a_supplier_do_not_mix(signed_in, make, camden):
    supplier, person = make.supplier(), make.person("Jo Bloggs")
    buys = make.member(person, camden, Role.AUTHOR)
    sells = make.member(person, supplier, Role.MANAGER)
    product = make.product(supplier, Listing.DRAFT)
    browser = signed_in(person.id, membership_id=buys.membership_id)

    assert browser.client.get(f"/products/{product.id}").status_code == 404
    assert browser.client.get("/challenges/new").status_code == 200
    act_for(browser, sells)
    assert browser.client.get(f"/products/{product.id}").status_code == 200
    assert browser.client.get("/challenges/new").status_code == 403


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.ENDED])
def test_nobody_switches_to_where_they_no_longer_are(signed_in, both, make, standing):
    in_camden, in_hackney = both
    membership = make.session.get_one(Membership, in_hackney.membership_id)
    membership.stage = standing
    make(membership)
    browser = signed_in(in_camden.person_id)

    act_for(browser, in_hackney)
    assert browser.status == 404
    assert "Home: Camden" in browser.get("/home").text
    assert not browser.get("/home").header.select("a[href='/account#organisations']")


def test_nor_to_a_suspended_organisation(signed_in, both, make, hackney):
    in_camden, in_hackney = both
    hackney.stage = Standing.SUSPENDED
    make(hackney)
    browser = signed_in(in_camden.person_id)
    act_for(browser, in_hackney)
    assert browser.status == 404


def test_nor_by_anothers_membership(signed_in, both, make, hackney, rows):
    sam = make.author(hackney)
    browser = signed_in(both[0].person_id)
    for membership in (sam.membership_id, uuid4(), "nonsense", ""):
        browser.post("/account/organisation", membership=str(membership))
        assert browser.status == 404
    assert "Home: Camden" in browser.get("/home").text
    assert not rows(Event, verb="session.switch")


def test_a_visitor_switches_nothing(visitor, both):
    act_for(visitor, both[0])
    assert visitor.status == 404


def test_whoever_comes_back_acts_for_the_organisation_of_last_time(signed_in, both):
    in_camden, in_hackney = both
    browser = signed_in(in_camden.person_id)
    assert "Home: Camden" in browser.client.get("/home").text, "the first, for the first time"
    act_for(browser, in_hackney)
    browser.post("/sign-out")
    assert "Home: Hackney" in signed_in(in_camden.person_id).client.get("/home").text

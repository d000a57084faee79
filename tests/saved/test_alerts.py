"""What is new alerts those whose searches find it, once, with the reason, if they may see it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage
from marketplace.core.outbox import Delivery
from marketplace.core.times import now
from marketplace.notices.models import Import
from marketplace.notifications.models import Notification
from marketplace.organisations.models import Membership, Standing
from marketplace.saved import alerting
from marketplace.saved.models import Alert
from marketplace.verbs import Verb


@pytest.fixture
def camden(make):
    return make.authority("Camden", slug="camden")


@pytest.fixture
def seller(make):
    return make.manager(make.supplier("Fernlight"))


@pytest.fixture
def publish(make, camden, happen):
    """LOTI publishes a challenge of Camden."""

    def publish(**about):
        challenge = make.challenge(camden, Stage.SUBMITTED, **about)

        def at(there):
            there.published_at = now()

        happen(make.curator(), Verb.CHALLENGE_APPROVE, challenge, then=at)
        return challenge

    return publish


def alerts(session):
    session.rollback()
    return session.exec(select(Alert)).all()


def found(lines):
    return [one for one in lines if one.why.startswith("your saved search")]


def test_a_supplier_is_alerted_to_a_new_challenge_with_the_reason(seller, save, publish, reads):
    save(seller, "Missed rounds", "q=missed bins%26area=waste", "challenge")
    challenge = publish(title="Missed bins are hard to trace")
    (told,) = found(reads(seller))
    assert told.subject == "New challenge: Missed bins are hard to trace"
    assert told.href == f"/challenges/{challenge.id}"
    assert told.why == (
        "your saved search “Missed rounds” finds it by the words “missed” and “bins”; "
        "Area of work: Waste and street cleansing"
    )
    assert told.body.startswith("It is open until the end of ")


def test_two_searches_that_find_it_are_one_piece_of_news(seller, save, publish, reads, session):
    save(seller, "Missed", "q=missed", "challenge", "weekly")
    save(seller, "Waste", "area=waste", "", "at-once")
    publish()
    (told,) = found(reads(seller))
    assert "“Missed” finds it by the word “missed”, and your saved search “Waste”" in told.why
    (row,) = session.exec(select(Notification).where(Notification.kind == "searches"))
    assert row.mail_due_at <= now()  # the sooner of the two


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("challenge", "q=scooters"),
        ("challenge", "q=missed scooters"),
        ("challenge", "area=parking"),
        ("challenge", "authority=hackney"),
        ("challenge", "closes_by=2020-01-01"),
        ("product", "q=missed"),
        ("challenge", "cpv=34000000"),
        ("challenge", "stage=closed"),
    ],
)
def test_what_a_search_would_not_find_alerts_nobody(seller, save, publish, session, kind, query):
    save(seller, "Mine", query.replace("&", "%26"), kind)
    publish()
    assert alerts(session) == []


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("challenge", ""),
        ("", "q=missed"),
        ("challenge", "cpv=90000000"),
        ("challenge", "q=rubbish collection"),  # which the field calls bins, too
        ("challenge", "q=missed collection on paper with residents waiting scooters"),
        ("challenge", "authority=camden%26authority=hackney"),
        ("challenge", "since=2026-01-01"),
    ],
)
def test_whatever_it_is_kept_under_a_search_finds_what_is_new(
    seller, save, publish, session, kind, query
):
    save(seller, "Mine", query, kind)
    publish(title="Missed bin collections are hard to trace")
    assert len(alerts(session)) == 1


def test_a_thing_alerts_once_however_often_it_is_told(
    make, seller, save, publish, session, news, happen
):
    save(seller, "Missed", "q=missed", "challenge")
    publish()
    for owed in session.exec(select(Delivery)):
        owed.done_at = None
    session.commit()
    assert news() > 0
    assert len(alerts(session)) == 1
    told = session.exec(select(Notification).where(Notification.kind == "searches")).all()
    assert len(told) == 1


def test_a_product_alerts_when_it_is_listed_and_not_when_it_changes_later(
    make, save, camden, happen, session
):
    buyer = make.author(camden)
    supplier = make.supplier()
    manager = make.manager(supplier)
    old = make.product(supplier, name="Old Roundwise", created_at=now() - timedelta(days=9))
    save(buyer, "Rounds", "q=roundwise", "product")
    happen(manager, Verb.PRODUCT_EDIT, old)
    assert alerts(session) == []  # it was there when they searched
    new = make.product(supplier, Listing.DRAFT, name="New Roundwise")
    happen(manager, Verb.PRODUCT_EDIT, new)
    assert alerts(session) == []  # nobody else sees a draft
    happen(manager, Verb.PRODUCT_PUBLISH, new)
    (alert,) = alerts(session)
    assert alert.document_id == f"product-{new.id}"


def test_nobody_is_alerted_to_what_they_may_not_see(make, camden, save, happen, session, reads):
    """Camden's own submission is seen by LOTI, and by nobody else until it is published."""
    supplier = make.supplier("Unsigned", signed=False)
    product = make.product(supplier, Listing.PAUSED, name="Roundwise")
    rival, curator = make.manager(make.supplier("Rival")), make.curator()
    for who in (rival, curator):
        save(who, "Rounds", "q=roundwise")
    happen(make.manager(supplier), Verb.PRODUCT_PUBLISH, product)
    assert len(alerts(session)) <= 1
    assert found(reads(rival)) == []


def test_who_no_longer_acts_for_an_organisation_is_alerted_no_more(seller, save, publish, session):
    save(seller, "Missed", "q=missed", "challenge")
    membership = session.get_one(Membership, seller.membership_id)
    membership.stage = Standing.ENDED
    session.add(membership)
    session.commit()
    publish()
    assert alerts(session) == []


def test_what_is_withdrawn_before_it_is_read_stands_there_no_more(
    make, seller, save, publish, reads
):
    save(seller, "Missed", "q=missed", "challenge")
    challenge = publish()
    challenge = make.session.get_one(type(challenge), challenge.id)
    make.session.refresh(challenge)
    challenge.published_at, challenge.stage = None, Stage.RETURNED
    make(challenge)
    assert found(reads(seller)) == []


def test_what_one_does_oneself_is_no_news(make, save, happen, session):
    supplier = make.supplier()
    manager = make.manager(supplier)
    save(manager, "Rounds", "q=roundwise")
    happen(manager, Verb.PRODUCT_PUBLISH, make.product(supplier, Listing.DRAFT, name="Roundwise"))
    assert alerts(session) == []


def test_never_means_no_mail_but_the_inbox_has_it(seller, save, publish, session, reads):
    save(seller, "Missed", "q=missed", "challenge", "off")
    publish()
    (row,) = session.exec(select(Notification).where(Notification.kind == "searches"))
    assert row.mail_due_at is None
    assert found(reads(seller))


def test_never_for_all_searches_outweighs_the_rhythm_of_one(
    browser, seller, save, publish, session
):
    save(seller, "Missed", "q=missed", "challenge", "at-once")
    seen = browser.as_(seller).get("/notifications/settings")
    form = {box["name"]: box["value"] for box in seen.select("input[checked]")}
    browser.post("/notifications/settings", **(form | {"searches": "off"}))
    publish()
    (row,) = session.exec(select(Notification).where(Notification.kind == "searches"))
    assert row.mail_due_at is None


def test_a_file_of_notices_alerts_to_the_first_of_them(
    make, camden, save, happen, session, monkeypatch
):
    monkeypatch.setattr(alerting, "MOST", 3)
    buyer = make.author(camden)
    save(buyer, "Waste", "q=waste", "notice")
    notices = [make.notice(title=f"Waste {number}") for number in range(5)]
    other = make.actor(make.authority("Hackney"), Role.AUTHOR)
    import_ = make(Import(name="notices.json", size=1, person_name="Somebody"))
    happen(other, Verb.NOTICE_IMPORT, import_, notices=[str(one.id) for one in notices])
    assert len(alerts(session)) == 3

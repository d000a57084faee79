"""What the clock does with claims: it reminds once a step, ends what is over, and says so."""

from datetime import timedelta

import pytest
from sqlmodel import select

from auth.actor import CLOCK
from marketplace.claims import assessing_actions
from marketplace.claims.models import Interest, Stage
from marketplace.core.context import Context
from marketplace.core.times import now
from marketplace.organisations.models import Person
from tests.challenges.answers import events
from tests.claims import rows
from tests.claims.conftest import dated


@pytest.fixture
def tick(marketplace, session, clock):
    """Lets the clock look after claims, so many days from now."""

    def at(days):
        with clock(days=days):
            ctx = Context(session, CLOCK, now(), marketplace.settings)
            assessing_actions.keep_time(ctx)
            session.commit()

    return at


def test_the_end_is_told_of_60_30_and_0_days_before_once_each(
    browser, make, walk, world, session, today, tick, news, clock
):
    made = rows.claim(
        make,
        world.version,
        world.supplier,
        world.product,
        Stage.MET,
        ends_on=today + timedelta(days=61),
    )
    walk.claim = f"/claims/{made.id}"
    walk.relies()
    steps = []
    for days in (0, 1, 2, 30, 31, 32, 60, 61, 62, 63):
        tick(days)
        steps.append(len(events(session, "claim.remind")))
    assert steps == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert [one.facts["days"] for one in events(session, "claim.remind")] == [60, 30, 0]
    assert len(events(session, "claim.expire")) == 1
    session.commit()
    with clock(days=64):
        while news():
            pass
        for who in (world.manager, world.camden):
            said = browser.as_(who).main("/notifications").get_text(" ", strip=True)
            assert "3 unread" in said
            assert "Ends on" in said


def test_a_clock_that_stood_still_tells_once_and_ends_it(make, world, session, today, tick):
    ends = today - timedelta(days=3)
    rows.claim(make, world.version, world.supplier, world.product, Stage.MET, ends_on=ends)
    tick(0)
    tick(1)
    assert [one.facts["days"] for one in events(session, "claim.remind")] == [0]
    assert len(events(session, "claim.expire")) == 1


def test_what_has_expired_cannot_be_relied_on_and_marks_the_record(
    browser, make, walk, world, today, clock
):
    made = rows.claim(
        make,
        world.version,
        world.supplier,
        world.product,
        Stage.MET,
        ends_on=today + timedelta(days=5),
    )
    walk.claim = f"/claims/{made.id}"
    record = walk.relies()
    assert "It expired" not in browser.main(record).get_text()
    with clock(days=6):
        assert "It expired" in browser.main(record).get_text()
        assert "Expired" in browser.main(walk.claim).get_text()
        walk.relies(world.hackney)
        assert browser.status == 409


def test_the_time_to_mend_ends_by_itself_and_the_claim_is_back_in_the_queue(
    browser, walk, world, points, today, tick
):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    walk.marks(points[0], "not-met", reason="missing")
    by = today + timedelta(days=2)
    browser.post(f"{walk.bench}/return", message="Please", **dated("fix_by", by))
    assert browser.status == 200
    tick(2)
    assert "Edits requested" in browser.as_(world.manager).main(walk.claim).get_text()
    tick(3)
    assert "Submitted to LOTI" in browser.as_(world.manager).main(walk.claim).get_text()
    browser.post(f"{walk.claim}/points/{points[0].id}", text="Too late")
    assert browser.status == 409


@pytest.mark.parametrize("days", [0, -3, 91])
def test_the_last_day_to_mend_is_ahead_and_not_too_far(browser, walk, points, today, days):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    walk.marks(points[0], "not-met", reason="missing")
    by = today + timedelta(days=days)
    seen = browser.post(f"{walk.bench}/return", message="Please", **dated("fix_by", by))
    assert browser.status == 422
    assert "must be after today and within 90 days" in seen.select_one("#fix_by-error").get_text()


def test_whoever_has_an_interest_in_the_supplier_does_not_assess_it(
    browser, make, walk, world, session
):
    walk.claims().answers()
    walk.shows()
    walk.submits()
    browser.as_(world.assessor).post(
        "/interests", organisation=str(world.supplier.id), what="I worked there until 2025."
    )
    assert browser.status == 200
    assert "I worked there until 2025." in browser.main("/interests").get_text()
    assert "You have declared an interest" in browser.main(walk.bench).get_text()
    browser.post(f"{walk.bench}/take")
    assert browser.status == 403
    browser.post("/interests", organisation=str(world.supplier.id), what="The same once more.")
    assert browser.status == 409
    colleague = rows.assessor(make)
    own = session.exec(select(Interest)).one()
    session.commit()
    browser.as_(colleague).post(f"/interests/{own.id}/drop")
    assert browser.status == 403
    browser.post(f"{walk.bench}/take")
    assert browser.status == 200


def test_whoever_acts_for_the_supplier_too_does_not_assess_it(browser, make, walk, world, session):
    walk.claims().answers()
    walk.shows()
    walk.submits()
    make.member(session.get(Person, world.assessor.person_id), world.supplier)
    browser.as_(world.assessor).post(f"{walk.bench}/take")
    assert browser.status == 403
    assert "You act for Brightwater Systems, too" in browser.text

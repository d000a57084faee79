"""What time alone makes go: who stays away is warned and then erased, and old sessions end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.accounts import actions, erasing
from marketplace.accounts.models import BY_MAIL, MailLink, SignIn
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.models import Person, Standing
from marketplace.verbs import Verb
from tests.accounts.somebody import count

# ---- By the clock


def away(make, months, actor):
    person = make.session.get_one(Person, actor.person_id)
    person.last_seen_at = now() - timedelta(days=30.5 * months)
    return make(person)


@pytest.fixture
def clock(marketplace, session):
    """What the clock does, so many days from now."""

    def run(days=0):
        ctx = marketplace.context(session)
        erasing.forget(replace(ctx, now=ctx.now + timedelta(days=days)))
        session.commit()
        session.rollback()
        theirs = select(Event.verb, Event.subject_id).order_by(Event.created_at)
        return [(verb, id) for verb, id in session.exec(theirs) if verb.startswith("person.")]

    return run


def test_who_stays_away_is_warned_and_a_month_later_erased(make, clock, session):
    gone = away(make, 23.5, make.newcomer("Nell Ash"))
    away(make, 20, make.newcomer("Only a while away"))
    assert clock() == [("person.warn", gone.id)]
    told = session.exec(select(Event).where(Event.verb == Verb.PERSON_WARN)).one()
    assert told.person_name == "The clock"
    assert told.facts == {"erased_on": (now() + timedelta(days=30)).date().isoformat()}
    assert clock(29) == [("person.warn", gone.id)]  # once
    assert clock(31) == [("person.warn", gone.id), ("person.erase", gone.id)]
    assert session.get_one(Person, gone.id).name == "A person who was erased"
    assert clock(32)[2:] == []


def test_nobody_is_erased_who_was_not_warned_a_month_before(make, clock):
    """Not even after the marketplace itself stood still."""
    gone = away(make, 60, make.newcomer())
    assert clock() == [("person.warn", gone.id)]
    assert clock(29) == [("person.warn", gone.id)]
    assert clock(30) == [("person.warn", gone.id), ("person.erase", gone.id)]


def test_who_comes_back_in_time_stays(make, clock, session):
    gone = away(make, 23.5, make.newcomer())
    clock()
    actions.begin(session, gone.id, now(), issuer=BY_MAIL)
    session.commit()
    assert clock(60) == [("person.warn", gone.id)]
    assert session.get_one(Person, gone.id).stage == Standing.ACTIVE


def test_who_never_came_is_counted_from_when_they_were_entered(make, clock, session):
    made = make.session.get_one(Person, make.newcomer().person_id)
    made.created_at = now() - timedelta(days=24 * 31)
    make(made)
    assert clock() == [("person.warn", made.id)]


def test_the_clock_erases_a_last_administrator_but_not_loti_s(make, clock, session):
    camden = make.authority("Camden")
    gone = away(make, 30, make.administrator(camden))
    make.author(camden)
    lotis = away(make, 30, make.loti_administrator())
    make.curator()
    clock()
    clock(31)
    assert session.get_one(Person, gone.id).stage == Standing.ENDED
    assert session.get_one(Person, lotis.id).stage == Standing.ACTIVE


def test_old_sessions_and_links_go(make, clock, session):
    who = make.newcomer()
    at = now()
    for days in (89, 91):
        begun = at - timedelta(days=days)
        actions.begin(session, who.person_id, begun, issuer=BY_MAIL)
    for days in (6, 8):
        over = at - timedelta(days=days)
        make(MailLink(email="a@b.example", browser_hash="", expires_at=over))
    clock()
    assert [one.seen_at for one in session.exec(select(SignIn))] == [at - timedelta(days=89)]
    assert count(session, MailLink) == 1


def test_the_clock_s_job_is_among_those_of_the_application(marketplace, make, session):
    gone = away(make, 60, make.newcomer())
    from marketplace.app import clock as jobs

    for job in jobs(marketplace):
        job()
    session.rollback()
    warned = select(Event).where(Event.verb == Verb.PERSON_WARN, Event.subject_id == gone.id)
    assert session.exec(warned).one()

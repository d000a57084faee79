"""Two at once never both win: real threads with sessions of their own on one database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from marketplace.challenges import actions, queries
from marketplace.challenges.forms import Committing, Withdrawing
from marketplace.challenges.models import Commitment, CommitmentStage, Level, Stage
from marketplace.core import db
from marketplace.core.errors import Conflict, Problem
from tests.challenges.answers import events, fresh


@pytest.fixture
def race(marketplace):
    """Does things at the same moment, each in a transaction of its own: what each came to."""

    def run(*works):
        start = Barrier(len(works))

        def one(work):
            start.wait(timeout=10)
            with db.writing(marketplace.engine) as session:
                try:
                    work(session)
                    session.commit()
                except Problem as why:
                    return str(why)
            return "done"

        with ThreadPoolExecutor(len(works)) as pool:
            return sorted(pool.map(one, works))

    return run


@pytest.mark.parametrize("attempt", range(10))
def test_one_authority_ends_up_with_one_live_commitment(make, marketplace, session, race, attempt):
    challenge = make.challenge(make.authority("Camden"))
    hackney = make.authority("Hackney")
    people = [make.author(hackney), make.approver(hackney), make.approver(hackney)]

    def join(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            found = queries.one(ctx, challenge.id)
            actions.commit(ctx, found, Committing(level=Level.COMMITTED))

        return work

    told = race(*map(join, people))
    assert told == ["Hackney takes part already. Change what it said instead."] * 2 + ["done"]
    session.rollback()
    live = session.exec(select(Commitment).where(Commitment.stage == CommitmentStage.LIVE)).all()
    assert len(live) == 1
    assert len(events(session, "commitment.make")) == 1


@pytest.mark.parametrize("attempt", range(10))
def test_two_curators_publish_a_challenge_once(make, marketplace, session, race, attempt):
    challenge = make.challenge(make.authority("Camden"), Stage.SUBMITTED)

    def publish(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            actions.approve(ctx, queries.one(ctx, challenge.id))

        return work

    told = race(publish(make.curator()), publish(make.curator()))
    assert told == ["You cannot approve a challenge that is at the stage “open”.", "done"]
    assert len(events(session, "challenge.approve")) == 1


@pytest.mark.parametrize("attempt", range(10))
def test_joining_and_withdrawing_meet_in_some_order(make, marketplace, session, race, attempt):
    camden = make.authority("Camden")
    challenge, author = make.challenge(camden), make.author(camden)
    joiner = make.approver(make.authority("Hackney"))
    order = []  # noted while the lock is held: an event has the time when its request began

    def withdraw(opened):
        ctx = marketplace.context(opened, author)
        found = queries.one(ctx, challenge.id)
        actions.withdraw(ctx, found, Withdrawing(outcome="Budget cut"))
        order.append("withdraw")

    def join(opened):
        ctx = marketplace.context(opened, joiner)
        found = queries.one(ctx, challenge.id)
        actions.commit(ctx, found, Committing(level=Level.WATCHING))
        order.append("join")

    told = race(withdraw, join)
    assert fresh(session, challenge).stage == Stage.WITHDRAWN
    joined = events(session, "commitment.make")
    assert told == (
        ["done", "done"]
        if joined
        else ["This challenge is not open, so nobody can join it or change what they said.", "done"]
    )
    if joined:
        assert order == ["join", "withdraw"]


def test_the_index_is_the_last_word_on_one_live_commitment(make, marketplace, session):
    challenge = make.challenge(make.authority("Camden"))
    hackney = make.authority("Hackney")
    make.commitment(challenge, hackney)
    ctx = marketplace.context(session, make.approver(hackney))
    with pytest.raises(Conflict, match="takes part already"):
        actions.commit(ctx, challenge, Committing(level=Level.WATCHING))
    session.commit()
    assert len(session.exec(select(Commitment)).all()) == 1
    assert not events(session, "commitment.make"), "what was refused is not in the journal"

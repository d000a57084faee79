"""Two at once never both win: real threads with sessions of their own on one database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from marketplace.claims import actions, assessing_actions, parts_queries, queries
from marketplace.claims import reliance_actions as reliances
from marketplace.claims.forms import Claiming, Deciding, Relying, Revoking
from marketplace.claims.models import (
    Assessment,
    Claim,
    Mark,
    Purpose,
    Reliance,
    Stage,
    Verdict,
)
from marketplace.core import db
from marketplace.core.errors import Problem
from marketplace.core.forms import bind
from marketplace.core.times import now
from tests.claims import rows


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


@pytest.fixture
def assessed(make, world, points):
    """A claim that an assessor has, with every point found met."""
    made = rows.claim(
        make,
        world.version,
        world.supplier,
        world.product,
        Stage.ASSESSING,
        assessor_id=world.assessor.person_id,
        assessor_name=world.assessor.name,
        taken_at=now(),
        submitted_at=now(),
    )
    for point in points:
        make(Mark(claim_id=made.id, requirement_id=point.id, verdict=Verdict.MET))
    return made


@pytest.mark.parametrize("attempt", range(3))
def test_two_assessors_take_a_claim_once_and_the_second_is_told_who_was_quicker(
    make, marketplace, session, world, race, attempt
):
    made = rows.claim(make, world.version, world.supplier, world.product, Stage.SUBMITTED)
    people = [rows.assessor(make), rows.assessor(make)]

    def take(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            assessing_actions.take(ctx, queries.one(ctx, made.id))

        return work

    told = race(*map(take, people))
    assert told[1] == "done"
    assert " took it on " in told[0]


@pytest.mark.parametrize("attempt", range(3))
def test_a_claim_is_decided_once_and_the_second_is_told_by_whom(
    marketplace, session, world, assessed, race, attempt
):
    def decide(opened):
        ctx = marketplace.context(opened, world.assessor)
        assessing_actions.decide(ctx, queries.one(ctx, assessed.id), Deciding(feedback=""))

    told = race(decide, decide)
    assert told[1] == "done"
    assert told[0].startswith(f"{world.assessor.name} decided on it on ")
    session.rollback()
    assert len(session.exec(select(Assessment)).all()) == 1


def test_an_assessor_who_does_not_have_it_cannot_decide(make, marketplace, session, assessed):
    other = rows.assessor(make)
    ctx = marketplace.context(session, other)
    with pytest.raises(Problem, match="took it on"):
        assessing_actions.decide(ctx, queries.one(ctx, assessed.id), Deciding(feedback=""))


@pytest.mark.parametrize("attempt", range(3))
def test_two_colleagues_claim_a_standard_once(marketplace, session, world, race, attempt):
    def work(opened):
        ctx = marketplace.context(opened, world.manager)
        version = parts_queries.version(ctx, world.version.id)
        form = bind(Claiming, {"version": str(version.id), "scope": "All"})
        made, form = actions.claim(ctx, version, None, form)
        if made is None:
            raise Problem(form.errors["version"])

    told = race(work, work)
    assert told == ["You have claimed this already. Open that claim", "done"]
    session.rollback()
    assert len(session.exec(select(Claim)).all()) == 1


def test_nobody_relies_on_what_is_being_revoked(make, marketplace, session, world, race):
    made = rows.claim(make, world.version, world.supplier, world.product, Stage.MET)

    def revoke(opened):
        ctx = marketplace.context(opened, world.curator)
        form = Revoking(because="The certificate was forged.")
        assessing_actions.revoke(ctx, queries.one(ctx, made.id), form)

    def rely(opened):
        ctx = marketplace.context(opened, world.camden)
        form = Relying(purpose=Purpose.GENERAL, reference="", condition="", named=False)
        reliances.rely(ctx, queries.one(ctx, made.id), form)

    told = race(revoke, rely)
    session.rollback()
    kept = session.exec(select(Reliance)).all()
    if told == ["done", "done"]:  # relied on before, and so told of the revocation
        assert len(kept) == 1
    else:
        assert told == ["Its state is “revoked”, so it cannot be relied on.", "done"]
        assert kept == []

"""The one door to change: what is refused leaves nothing behind, what is done is written down."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from marketplace.challenges.models import Challenge, Stage
from marketplace.core import db
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.journal import Event
from marketplace.core.outbox import LISTENERS, Delivery
from marketplace.perform import perform, permit, require
from marketplace.verbs import Verb


@pytest.fixture
def challenge(make):
    return make.challenge(make.authority("Camden"), Stage.SUBMITTED)


@pytest.fixture
def ctx(marketplace, make, session):
    return marketplace.context(session, make.curator())


def kept(session: Session, challenge: Challenge) -> Challenge:
    return session.get_one(Challenge, challenge.id, populate_existing=True)


def test_what_is_done_moves_the_stage_and_is_journalled_for_every_listener(ctx, challenge):
    event = perform(ctx, Verb.CHALLENGE_RETURN, challenge, part="need")
    ctx.session.commit()

    assert kept(ctx.session, challenge).stage == Stage.RETURNED
    assert (event.verb, event.subject_kind) == (Verb.CHALLENGE_RETURN, "challenge")
    assert event.subject_id == event.about_id == challenge.id
    assert (event.was, event.became) == (Stage.SUBMITTED, Stage.RETURNED)
    assert event.facts == {"part": "need"}
    assert event.created_at == ctx.now
    assert event.person_name == ctx.actor.name
    assert event.organisation_id == ctx.actor.organisation_id
    owed = ctx.session.exec(select(Delivery).where(Delivery.event_id == event.id)).all()
    assert {one.listener for one in owed} == set(LISTENERS)


def test_an_event_may_belong_on_the_page_of_another_thing(ctx, challenge, make):
    other = make.challenge(make.authority("Hackney"))
    event = perform(ctx, Verb.CHALLENGE_APPROVE, challenge, about=other)
    assert (event.subject_id, event.about_id) == (challenge.id, other.id)


def test_whoever_may_not_is_told_before_whether_it_is_time(ctx, make, challenge):
    stranger = replace(ctx, actor=make.author(make.authority("Hackney")))
    with pytest.raises(Forbidden, match=r"^To do this you must be a curator of LOTI\.$"):
        perform(stranger, Verb.CHALLENGE_APPROVE, challenge)
    assert kept(ctx.session, challenge).stage == Stage.SUBMITTED
    assert ctx.session.exec(select(Event)).all() == []


def test_what_is_not_its_turn_is_a_conflict_and_leaves_nothing(ctx, make):
    challenge = make.challenge(make.authority("Camden"), Stage.OPEN)
    with pytest.raises(Conflict, match="You cannot approve a challenge"):
        perform(ctx, Verb.CHALLENGE_APPROVE, challenge)
    assert ctx.session.exec(select(Event)).all() == []


def test_the_row_is_read_again_before_it_is_judged(ctx, challenge, marketplace):
    assert kept(ctx.session, challenge).stage == Stage.SUBMITTED
    ctx.session.commit()
    with db.writing(marketplace.engine) as another:
        another.get_one(Challenge, challenge.id).stage = Stage.WITHDRAWN
        another.commit()

    with pytest.raises(Conflict, match="withdrawn"):
        perform(ctx, Verb.CHALLENGE_APPROVE, challenge)


def test_what_somebody_deleted_meanwhile_is_not_found(ctx, challenge, marketplace):
    ctx.session.commit()
    with db.writing(marketplace.engine) as another:
        another.delete(another.get_one(Challenge, challenge.id))
        another.commit()

    with pytest.raises(NotFound, match="has been deleted"):
        permit(ctx, Verb.CHALLENGE_APPROVE, challenge)


def test_what_was_changed_and_not_yet_written_is_not_forgotten(ctx, challenge):
    challenge.title = "Changed a moment ago"
    perform(ctx, Verb.CHALLENGE_APPROVE, challenge)
    ctx.session.commit()
    assert kept(ctx.session, challenge).title == "Changed a moment ago"


def test_asking_first_changes_nothing(ctx, challenge):
    require(ctx, Verb.CHALLENGE_APPROVE, challenge)
    assert challenge.stage == Stage.SUBMITTED
    assert ctx.session.exec(select(Event)).all() == []


def test_when_the_change_fails_nobody_hears_of_it(ctx, challenge):
    perform(ctx, Verb.CHALLENGE_APPROVE, challenge)
    ctx.session.rollback()
    assert kept(ctx.session, challenge).stage == Stage.SUBMITTED
    assert ctx.session.exec(select(Event)).all() == []
    assert ctx.session.exec(select(Delivery)).all() == []

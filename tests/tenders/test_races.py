"""Two at once never both win: real threads with sessions of their own on one database."""

import pytest
from sqlmodel import select

from marketplace.core import db
from marketplace.core.drafts import Opened
from marketplace.core.forms import bind
from marketplace.tenders import (
    actions,
    approval_actions,
    drafts,
    party_actions,
    queries,
    standing,
)
from marketplace.tenders.forms import WEIGHT, Dividend, Measuring
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Criterion, CriterionKind, Part, Tender
from tests.challenges.answers import events
from tests.challenges.test_races import race
from tests.tenders.drafting import Drafted, dates, in_days

__all__ = ["race"]


@pytest.mark.parametrize("attempt", range(2))
def test_two_people_of_the_lead_publish_once(make, marketplace, ready, session, race, attempt):
    people = [ready.authors["Camden"], ready.authors["Camden"]]

    def publish(person):
        def work(opened):
            ctx = marketplace.context(opened, person)
            approval_actions.publish(ctx, queries.working(ctx, ready.id))

        return work

    told = race(*map(publish, people))
    assert told == ["You cannot publish a tender that is at the stage “open”.", "done"]
    assert len(events(session, "tender.publish")) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_an_approval_and_a_change_meet_in_some_order_and_neither_is_lost(
    make, marketplace, tender: Drafted, session, race, attempt
):
    section = drafts.SECTIONS["terms"]
    tender.as_author().post(f"{tender.work}/sections/terms", conditions="None.", terms="First")

    def cell(ctx):
        found = queries.working(ctx, tender.id)
        party = queries.party_of(ctx, found, tender.organisations["Hackney"])
        versions, said = queries.versions(ctx, found), queries.approvals(ctx, found)
        return party, standing.cell(found, party, Part.TERMS, versions, said, {})

    with db.reading(marketplace.engine) as opened:
        _, read = cell(marketplace.context(opened, tender.approvers["Hackney"]))

    def change(opened):
        ctx = marketplace.context(opened, tender.authors["Camden"])
        found = queries.working(ctx, tender.id)
        actions.edit(ctx, found, section, {"conditions": "None.", "terms": "Second"})

    def approve(opened):
        ctx = marketplace.context(opened, tender.approvers["Hackney"])
        party, _ = cell(ctx)
        approval_actions.approve(ctx, party, Part.TERMS, read.digest)

    told = race(change, approve)
    with db.reading(marketplace.engine) as opened:
        _, now = cell(marketplace.context(opened, tender.approvers["Hackney"]))
    assert now.content["terms"] == "Second"
    if told == ["done", "done"]:
        assert now.state is standing.State.REOPENED
    else:
        assert told == ["Version 3 appeared while you were reading.", "done"]
        assert now.state is standing.State.WAITING


@pytest.mark.parametrize("attempt", range(3))
def test_an_authority_leaves_while_a_lot_is_made_for_it_and_no_lot_serves_it_then(
    marketplace, tender: Drafted, session, race, attempt
):
    hackney = tender.organisations["Hackney"]
    refused = []

    def add(opened):
        ctx = marketplace.context(opened, tender.authors["Camden"])
        found = queries.working(ctx, tender.id)
        typed = {"title": "North", "authorities": [str(hackney)]}
        form = actions.inside(ctx, found, bind(Dividend, typed))
        refused.extend(form.errors.values())
        if form.value:
            actions.add_lot(ctx, found, form.value)

    def leave(opened):
        ctx = marketplace.context(opened, tender.authors["Hackney"])
        party = queries.own_party(ctx, queries.working(ctx, tender.id))
        party_actions.leave(ctx, party, "Our budget was cut.")

    assert race(add, leave) == ["done", "done"]
    session.rollback()
    served = [one.authorities for one in session.exec(select(Lot)).all()]
    session.rollback()
    assert served == ([] if refused else [[]])
    assert refused in ([], ["Choose among the authorities that take part"])


@pytest.mark.parametrize("attempt", range(3))
def test_weights_are_given_while_a_criterion_is_added_and_are_whole_or_refused(
    marketplace, tender: Drafted, session, race, attempt
):
    for title, kind in (("Fit", "quality"), ("Price", "price")):
        tender.criterion(title, kind)
    ids = {one.title: one.id.hex for one in session.exec(select(Criterion)).all()}
    session.rollback()
    refused = []

    def weigh(opened):
        ctx = marketplace.context(opened, tender.authors["Camden"])
        typed = {f"{WEIGHT}{ids['Fit']}": "60", f"{WEIGHT}{ids['Price']}": "40"}
        refused.extend(actions.weigh(ctx, queries.working(ctx, tender.id), typed).errors)

    def add(opened):
        ctx = marketplace.context(opened, tender.authors["Hackney"])
        form = Measuring(title="Care", kind=CriterionKind.QUALITY, question="How?")
        actions.add_criterion(ctx, queries.working(ctx, tender.id), form)

    assert race(weigh, add) == ["done", "done"]
    weights = {one.title: int(one.weight) for one in session.exec(select(Criterion)).all()}
    session.rollback()
    assert weights == {"Fit": 0, "Price": 0, "Care": 0} | (
        {} if refused else {"Fit": 60, "Price": 40}
    )
    assert len(refused) in (0, 1), "the one that is not weighed yet is asked for at its field"


@pytest.mark.parametrize("attempt", range(3))
def test_two_people_set_the_dates_and_one_of_them_is_told(
    marketplace, tender: Drafted, session, race, attempt
):
    section = drafts.SECTIONS["dates"]

    def save(name, **more):
        def work(opened):
            ctx = marketplace.context(opened, tender.authors[name])
            typed = {key.replace("__", "-"): value for key, value in dates(**more).items()}
            found = queries.working(ctx, tender.id)
            actions.edit(ctx, found, section, typed, Opened(name, ""))

        return work

    told = race(save("Camden", deadline=40), save("Hackney", deadline=20))
    assert "done" in told
    assert [one for one in told if "changed this part after you opened it" in one]
    session.rollback()
    kept = session.get(Tender, tender.id)
    day, long = kept.typed["deadline_on-day"], kept.deadline
    session.rollback()
    assert (long is not None) == (day == str(in_days(40).day)), "20 days are typed, and not set"

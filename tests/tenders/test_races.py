"""Two at once never both win: real threads with sessions of their own on one database."""

import pytest

from marketplace.core import db
from marketplace.tenders import actions, approval_actions, drafts, queries, standing
from marketplace.tenders.models import Part
from tests.challenges.answers import events
from tests.challenges.test_races import race
from tests.tenders.drafting import Drafted

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
        return party, standing.cell(found, party, Part.TERMS, versions, said)

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

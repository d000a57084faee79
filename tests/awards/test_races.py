"""Two at once: real connections on one database."""

import pytest
import time_machine

from marketplace.awards import actions, consenting_actions, queries
from marketplace.awards.forms import Recommending
from marketplace.awards.models import Award
from marketplace.core.forms import bind
from marketplace.tenders import queries as tenders
from tests.awards.deciding import MONDAY, Decided
from tests.challenges.test_races import race

__all__ = ["race"]


@pytest.mark.parametrize("attempt", range(4))
def test_two_leads_award_one_lot_once(joint: Decided, make, marketplace, race, attempt):
    people = [joint.authors["Camden"], make.author(joint.authorities["Camden"])]
    bids = [joint.bids["Moss Repairs"].id, joint.bids["Fern Systems"].id]

    def recommend(person, bid):
        def work(opened):
            ctx = marketplace.context(opened, person)
            tender = tenders.working(ctx, joint.tender.id)
            piece = queries.part(ctx, tender, tender.id)
            said = {"bid_id": str(bid), "passed_over": "excluded", "because": "Debarred."}
            made = actions.recommend(ctx, tender, piece, bind(Recommending, said))
            assert isinstance(made, Award)

        return work

    with time_machine.travel(MONDAY, tick=False):
        told = race(*map(recommend, people, bids))
    assert told[1] == "done"
    assert told[0].startswith("Plan repairs has an outcome already.")
    assert joint.award().number == 1


@pytest.mark.parametrize("attempt", range(2))
def test_one_authority_says_one_thing_of_an_award(joint, make, marketplace, race, attempt):
    with time_machine.travel(MONDAY, tick=False):
        joint.recommend()
        award = joint.award()
        approver = joint.approvers["Hackney"]

        def approve(opened):
            ctx = marketplace.context(opened, approver)
            tender = tenders.working(ctx, joint.tender.id)
            consenting_actions.approve(ctx, queries.one(ctx, tender, award.id), award.digest)

        def part(opened):
            ctx = marketplace.context(opened, approver)
            tender = tenders.working(ctx, joint.tender.id)
            consenting_actions.part(ctx, queries.one(ctx, tender, award.id), "No.")

        told = race(approve, part)
    assert told == ["Hackney has said already what it thinks of it.", "done"]


@pytest.mark.parametrize("attempt", range(2))
def test_nobody_pays_more_than_they_approved_when_another_parts_meanwhile(
    joint, marketplace, race, attempt
):
    with time_machine.travel(MONDAY, tick=False):
        joint.recommend()
        award = joint.award()

        def approve(opened):
            ctx = marketplace.context(opened, joint.approvers["Camden"])
            tender = tenders.working(ctx, joint.tender.id)
            consenting_actions.approve(ctx, queries.one(ctx, tender, award.id), award.digest)

        def part(opened):
            ctx = marketplace.context(opened, joint.approvers["Hackney"])
            tender = tenders.working(ctx, joint.tender.id)
            consenting_actions.part(ctx, queries.one(ctx, tender, award.id), "No.")

        told = race(approve, part)
    stale = "This award is not the one that you read. Read it again."
    assert told in ([stale, "done"], ["done", "done"])
    assert joint.award().buyers == [], "Camden approved two thirds, and it would be all"

"""What there is to do next of an award, and what it says of what the Act does not ask for."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from marketplace.awards import notice_content
from marketplace.awards.models import Award, AwardStage, Consent, Summary
from marketplace.awards.steps import steps
from marketplace.law import Route
from marketplace.organisations.models import Organisation
from marketplace.tenders.models import Party, Tender

MONDAY = date(2026, 11, 23)  # standstill: until Thursday 3 December


def award(stage: AwardStage, **more: Any) -> Award:
    about = {"of_id": uuid4(), "number": 1, "tender_id": uuid4(), "stage": stage, "agreed": True}
    return Award(**{**about, **more})


def states(of: Award, today: date) -> dict[str, str]:
    return {one.slug: one.state for one in steps(of, [], {}, [], today)}


def test_once_the_standstill_is_over_what_is_next_is_to_confirm():
    noticed = award(AwardStage.NOTICED, notice_on=MONDAY, notice_number="032703-2026")
    assert states(noticed, date(2026, 12, 3)) == {
        "agree": "Done",
        "inform": "Done",
        "notice": "Done",
        "standstill": "Now",
        "sign": "Later",
    }
    after = states(noticed, date(2026, 12, 4))
    assert (after["standstill"], after["sign"]) == ("Done", "Now")
    noticed.stopped = True
    stopped = states(noticed, date(2026, 12, 4))
    assert (stopped["standstill"], stopped["sign"]) == ("Stopped", "Later")


def test_below_the_threshold_nobody_is_sent_to_publish_a_notice_or_to_stand_still():
    told = award(AwardStage.INFORMED, route=Route.BELOW_COMPETED)
    found = {one.slug: one for one in steps(told, [], {}, [], MONDAY)}
    assert [found[slug].state for slug in ("notice", "standstill", "sign")] == [
        "Not asked for",
        "Not asked for",
        "Now",
    ]
    said = found["notice"].says + found["standstill"].says
    assert "That begins the standstill" not in said
    assert "may state one" not in said


def test_an_award_that_every_authority_parted_from_says_what_is_left_to_do():
    party = Party(tender_id=uuid4(), organisation_id=uuid4())
    left = Consent(given=False, digest="", said_at=None, person_name="", party_id=party.id)
    of = award(AwardStage.RECOMMENDED, agreed=False)
    assert "Set it aside" in steps(of, [party], {party.id: left}, [], MONDAY)[0].says


def test_the_award_notice_counts_the_tenders_that_were_submitted_and_assessed():
    small = Organisation(name="Moss", kind="supplier", is_sme=True)
    large = Organisation(name="Fern", kind="supplier")
    every = [
        Summary(wins=one is small, organisation=one, organisation_id=one.id)
        for one in (small, large)
    ]
    of = award(AwardStage.INFORMED, gross=Decimal(100), value=Decimal(80), supplier=small)
    lead = Organisation(name="Camden", kind="authority")
    of.tender = Tender(public_title="Repairs", organisation=lead, organisation_id=lead.id)
    said = dict(notice_content.lines(of, [], every, [], "ocds-1"))
    counts = ("Tenders submitted", "Tenders assessed", "Of them from SMEs", "Of them from VCSEs")
    assert [said[name] for name in counts] == ["2", "2", "1", "0"]

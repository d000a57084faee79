"""What commitments add up to, what needs somebody, and what search is told."""

from datetime import timedelta

import pytest

from auth.actor import VISITOR
from marketplace.challenges import queries
from marketplace.challenges.documents import document, needs_text
from marketplace.challenges.models import UNPUBLISHED, Challenge, Commitment, Level, Stage
from marketplace.challenges.totals import totals
from marketplace.core.times import now
from marketplace.reference.bands import Band
from tests.challenges.answers import in_days

SMALL = "Small numbers are not shown"


@pytest.mark.parametrize(
    ("budgets", "own", "says"),
    [
        ({}, Band.UP_TO_25K, "Nobody who joined has given a budget yet"),
        ({Band.FROM_25K_TO_100K: 2}, Band.UP_TO_25K, SMALL),
        ({Band.FROM_25K_TO_100K: 1, Band.UP_TO_25K: 1}, None, SMALL),
        ({Band.UP_TO_25K: 3}, None, "Up to £100,000 a year together, VAT excluded"),
        (
            {Band.FROM_100K_TO_250K: 3},
            Band.FROM_25K_TO_100K,  # £325,000 to £850,000
            "£250,000 to £1,000,000 a year together, VAT excluded",
        ),
        (
            {Band.FROM_250K_TO_1M: 2, Band.OVER_1M: 1},
            None,  # £1,500,000 and more
            "More than £1,000,000 a year together, VAT excluded",
        ),
    ],
)
def test_budgets_are_told_together_in_steps_and_from_three_authorities_on(budgets, own, says):
    assert totals([], budgets, own).budget == says


def test_one_more_budget_does_not_give_itself_away():
    before = totals([], {Band.FROM_100K_TO_250K: 3}, None).budget
    after = {
        totals([], {Band.FROM_100K_TO_250K: 3} | {band: 1}, None).budget
        for band in (Band.UP_TO_25K, Band.FROM_25K_TO_100K)
    }
    assert after == {before}


def test_volumes_are_added_by_what_is_counted_whatever_its_capitals():
    def said(volume, unit):
        return Commitment(level=Level.WATCHING, volume=volume, unit=unit)

    added = totals(
        [said(100, "Homes"), said(50, "homes"), said(9, "sites"), said(None, "")], {}, None
    )
    assert added.volumes == [(150, "Homes", 2), (9, "sites", 1)]
    assert added.says == "4 other authorities have this need too"
    assert added.bars == [("Committed", 0), ("Interested", 0), ("Watching", 4)]


# ---- What needs somebody


def test_mine_are_grouped_by_what_needs_me_now(make, session, marketplace):
    camden = make.authority("Camden")
    made = {
        stage: make.challenge(camden, stage)
        for stage in (Stage.RETURNED, Stage.DRAFT, Stage.SUBMITTED, Stage.CLOSED, Stage.DROPPED)
    }
    soon = make.challenge(camden, closes_on=in_days(14))
    live = make.challenge(camden, closes_on=in_days(15))
    over = make.challenge(camden, closes_on=in_days(-1))
    make.challenge(make.authority("Hackney"))
    ctx = marketplace.context(session, make.author(camden))
    groups = {group.title: {one.id for one in group.challenges} for group in queries.mine(ctx)}
    assert groups == {
        "LOTI asked for edits": {made[Stage.RETURNED].id},
        "Drafts": {made[Stage.DRAFT].id},
        "With LOTI": {made[Stage.SUBMITTED].id},
        "Closing soon": {soon.id},
        "Live": {live.id},
        "Closed, waiting for an outcome": {made[Stage.CLOSED].id, over.id},
    }
    assert all(group.empty for group in queries.mine(ctx))


def test_an_author_is_told_what_waits_and_a_reader_is_not(make, session, marketplace):
    camden = make.authority("Camden")
    make.challenge(camden, Stage.DRAFT)
    make.challenge(camden, Stage.CLOSED, closes_on=in_days(-9))
    make.challenge(camden, Stage.RETURNED, submitted_at=now() - timedelta(days=3))
    make.challenge(camden)
    waiting = queries.needing(marketplace.context(session, make.author(camden)))
    assert [one.does for one in waiting] == ["Say what came of it", "Edit", "Continue"]
    assert not queries.needing(marketplace.context(session, make.actor(camden)))


def test_a_curator_reviews_the_oldest_first(make, session, marketplace):
    camden = make.authority("Camden")
    for days in (1, 5, 3):
        sent = now() - timedelta(days=days)
        make.challenge(camden, Stage.SUBMITTED, title=f"{days} days", submitted_at=sent)
    waiting = queries.needing(marketplace.context(session, make.curator()))
    assert [one.challenge.title for one in waiting] == ["5 days", "3 days", "1 days"]
    assert {one.route for one in waiting} == {"challenge.review"}


def test_nothing_waits_for_suppliers_and_visitors(make, session, marketplace):
    make.challenge(make.authority("Camden"), Stage.SUBMITTED)
    for person in (make.manager(make.supplier()), VISITOR):
        ctx = marketplace.context(session, person)
        assert not queries.needing(ctx)
        assert not any(group.challenges for group in queries.mine(ctx))


def test_what_an_authority_joined(make, session, marketplace):
    hackney = make.authority("Hackney")
    challenge = make.challenge(make.authority("Camden"))
    make.commitment(challenge, hackney)
    make.commitment(make.challenge(make.authority("Brent")), make.authority("Barnet"))
    joined = queries.joined(marketplace.context(session, make.author(hackney)))
    assert [one.challenge for one in joined] == [challenge]


# ---- What search is told


def test_a_draft_is_not_in_the_index(make):
    assert document(make.challenge(make.authority("Camden"), Stage.DRAFT)) is None


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
def test_only_what_is_published_can_be_found_by_everybody(make, stage):
    camden = make.authority("Camden", slug="camden")
    found = document(make.challenge(camden, stage))
    expected = {f"organisation-{camden.id}", "loti"} if stage in UNPUBLISHED else {"public"}
    assert found.audience == expected
    assert found.facets == {
        "stage": (stage.value,),
        "authority": ("camden",),
        "area": ("waste",),
        "band": ("25k-100k",),
        "cpv": ("90511000", "90510000", "90500000", "90000000", "48000000"),
    }


def test_withdrawn_before_it_was_published_it_stays_with_the_authority(make):
    camden = make.authority("Camden")
    challenge = make.challenge(camden, Stage.WITHDRAWN, published_at=None)
    assert document(challenge).audience == {f"organisation-{camden.id}", "loti"}


def test_a_need_in_words_holds_every_answer_that_says_what_is_needed(make):
    challenge = make.challenge(make.authority("Camden"))
    text = needs_text(challenge)
    for answer in (challenge.title, challenge.need, challenge.today, challenge.constraints):
        assert answer in text
    assert "Waste and street cleansing" in text
    assert "Refuse collection services" in text
    assert needs_text(Challenge(organisation_id=challenge.organisation_id)) == ""

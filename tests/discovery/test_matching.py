"""Which products answer a challenge, and the mirror of it: which challenges a product answers."""

from datetime import timedelta

import pytest

from auth.actor import VISITOR
from marketplace.catalogue.models import Stage
from marketplace.challenges import queries as challenges
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.core.times import now
from marketplace.discovery import matching
from marketplace.discovery.reasons import Fit, Part
from marketplace.discovery.wishes import NO_WISHES, Wishes, single_words
from marketplace.reference.areas import Area
from tests.browser_of_pages import counting

UNLIKE = {
    "summary": "Sends council tax bills and collects arrears.",
    "description": "Bills, reminders, summonses and payment plans for revenues teams.",
    "features": ["Bills by post and by e-mail"],
    "areas": [Area.REVENUES_BENEFITS],
    "cpv": ["48442000"],
    "integrations": [],
}


@pytest.fixture
def market(make):
    """A product that answers the challenge that `make` writes, among others that do not."""
    others = make.supplier("Somebody else")
    for number in range(5):
        make.product(others, name=f"Taxwise {number}", **UNLIKE)
    return make.product(make.supplier("Roundwise Ltd"))


def test_the_product_that_answers_comes_first_with_its_reasons(make, market, fill, ctx, index):
    challenge = make.challenge(make.authority())
    make.use(market, make.authority("Hackney"))
    fill()
    first = matching.offerings(ctx(VISITOR), index, challenge)[0]
    assert first.product.id == market.id
    assert first.fit is Fit.STRONG
    assert {reason.part for reason in first.because} >= {
        Part.WORDS,
        Part.AREA,
        Part.BUDGET,
        Part.USE,
    }
    assert {"missed", "crews"} <= {term.casefold() for term in first.terms}
    assert not first.unknown


def test_the_supplier_is_told_the_same_of_the_challenge(make, market, fill, ctx, index):
    challenge = make.challenge(make.authority())
    fill()
    mine = ctx(make.manager(market.organisation))
    theirs = matching.offerings(mine, index, challenge)[0]
    for ours in (
        *matching.needs(mine, index, market.organisation_id),
        *matching.needs_for(mine, index, market).answers,
    ):
        assert (ours.challenge.id, ours.product.id) == (challenge.id, market.id)
        assert ours.fit is theirs.fit
        assert {t.casefold() for t in ours.terms} & {t.casefold() for t in theirs.terms}
        assert ours.reasons[1:] == theirs.reasons[1:]


def test_a_challenge_for_other_work_is_no_need_however_alike_the_words(
    make, market, fill, ctx, index
):
    make.challenge(make.authority(), area=Area.PARKING)
    fill()
    mine = ctx(make.manager(market.organisation))
    assert matching.needs(mine, index, market.organisation_id) == []


def test_each_challenge_comes_once_with_the_product_that_answers_it_best(
    make, market, fill, ctx, index
):
    make.product(market.organisation, name="Roundwise Lite", band=None, cpv=[], features=[])
    challenge = make.challenge(make.authority())
    fill()
    (answer,) = matching.needs(
        ctx(make.manager(market.organisation)), index, market.organisation_id
    )
    assert (answer.challenge.id, answer.product.name) == (challenge.id, "Roundwise")


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.PAUSED, Stage.RETIRED])
@pytest.mark.parametrize("who", ["visitor", "owner", "loti"])
def test_only_listed_products_are_matched_whoever_asks(make, market, fill, ctx, index, stage, who):
    market.stage = stage
    make(market)
    challenge = make.challenge(make.authority())
    fill()
    actor = {
        "visitor": lambda: VISITOR,
        "owner": lambda: make.manager(market.organisation),
        "loti": make.curator,
    }[who]()
    found = matching.offerings(ctx(actor), index, challenge)
    found += matching.rank(ctx(actor), index, challenge, NO_WISHES).weighed
    assert market.id not in {answer.product.id for answer in found}
    assert matching.needs(ctx(actor), index, market.organisation_id) == []


@pytest.mark.parametrize("stage", [stage for stage in ChallengeStage if stage != "open"])
def test_only_open_challenges_are_needs(make, market, fill, ctx, index, stage):
    make.challenge(make.authority(), stage)
    fill()
    mine = ctx(make.manager(market.organisation))
    assert matching.needs(mine, index, market.organisation_id) == []


def test_a_challenge_whose_day_is_over_is_no_need(make, market, fill, ctx, index):
    over = (now() - timedelta(days=2)).date()
    make.challenge(make.authority(), closes_on=over)
    fill()
    mine = ctx(make.manager(market.organisation))
    assert matching.needs(mine, index, market.organisation_id) == []


def test_the_database_has_the_last_word_on_both_sides(make, market, fill, ctx, index):
    challenge = make.challenge(make.authority())
    fill()
    mine = ctx(make.manager(market.organisation))
    challenge.stage = ChallengeStage.WITHDRAWN
    make(challenge)
    assert matching.needs(mine, index, market.organisation_id) == []
    market.stage = Stage.PAUSED
    make(market)
    found = matching.offerings(mine, index, challenge)
    assert market.id not in {answer.product.id for answer in found}


@pytest.mark.parametrize("more", [0, 1, 5, 6, 30])
def test_however_many_products_a_supplier_has_few_questions_are_asked(
    make, market, fill, ctx, index, monkeypatch, more
):
    supplier = market.organisation
    for number in range(more):
        make.product(supplier, name=f"Taxwise {number}", **UNLIKE)
    challenge = make.challenge(make.authority())
    fill()
    asked = []
    match = index.match
    monkeypatch.setattr(index, "match", lambda need: asked.append(need) or match(need))
    answers = matching.needs(ctx(make.manager(supplier)), index, supplier.id)
    assert [(a.challenge.id, a.product.id) for a in answers] == [(challenge.id, market.id)]
    assert 1 <= len(asked) <= matching.ASKED


def test_a_few_queries_are_enough_however_much_there_is(
    make, market, fill, ctx, index, marketplace
):
    for number in range(12):
        make.use(market, make.authority(f"Authority {number}"))
        make.product(make.supplier(f"Supplier {number}"))
        make.product(market.organisation, name=f"Roundwise {number}")
        challenge = make.challenge(make.authority(f"Poster {number}"))
    fill()
    mine = ctx(make.manager(market.organisation))
    mine.session.expunge_all()
    challenge = challenges.one(mine, challenge.id)
    with counting(marketplace.engine) as offered:
        answers = matching.offerings(mine, index, challenge)
        assert [answer.product.organisation.name for answer in answers]
    mine.session.expunge_all()
    with counting(marketplace.engine) as needed:
        answers = matching.needs(mine, index, market.organisation_id)
        assert [answer.challenge.organisation.name for answer in answers]
    assert len(offered) == 4, offered
    assert len(needed) == 5, needed


def test_a_word_left_out_carries_nothing(make, market, fill, ctx, index):
    challenge = make.challenge(make.authority())
    fill()
    wishes = Wishes(without=("crews", "missed"))
    answers = matching.offerings(ctx(VISITOR), index, challenge, wishes=wishes)
    assert answers
    carried = {term.casefold() for term in matching.carrying(answers)}
    assert not carried & {"crews", "missed"}


def test_a_word_is_left_out_in_all_its_forms(make, market, fill, ctx, index, monkeypatch):
    challenge = make.challenge(make.authority(), need="Rounds are late. One round is lost. Bins.")
    fill()
    asked = []
    match = index.match
    monkeypatch.setattr(index, "match", lambda need: asked.append(need.text) or match(need))
    matching.offerings(ctx(VISITOR), index, challenge, wishes=Wishes(without=("ROUND",)))
    assert "ound" not in asked[0]
    assert "Bins" in asked[0]


def test_wishes_narrow_the_answers_and_change_no_fit(make, market, fill, ctx, index):
    large = make.supplier(is_sme=False)
    left_out = make.product(large, name="Missed bin collections traced for crews")
    challenge = make.challenge(make.authority())
    fill()
    every = matching.offerings(ctx(VISITOR), index, challenge)
    small = matching.offerings(ctx(VISITOR), index, challenge, wishes=Wishes(sme=True))
    assert every[0].product.id == left_out.id
    assert small[0].product.id == market.id
    assert small == every[1:]


def test_only_single_words_can_be_left_out():
    typed = ["bins", "bins", "two words", "", "a|b", ".*", "naïve"]
    assert single_words(typed) == ("bins", "naïve")


def test_an_empty_index_answers_nothing(make, ctx, index):
    challenge = make.challenge(make.authority())
    assert matching.offerings(ctx(VISITOR), index, challenge) == []
    assert matching.rank(ctx(VISITOR), index, challenge, NO_WISHES).nearest == ()
    assert matching.needs(ctx(VISITOR), index, make.supplier().id) == []

"""Why a product answers a challenge is said in phrases, and what they weigh is one table."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from auth.actor import Kind
from marketplace.catalogue.models import Deployment, PriceModel, Product
from marketplace.challenges.models import Challenge
from marketplace.claims.standing import Word
from marketplace.discovery.demands import Demand
from marketplace.discovery.reasons import (
    LEAST,
    WEIGHTS,
    Fit,
    Part,
    Reason,
    Standing,
    fit,
    total,
)
from marketplace.discovery.weighing import Asking, Known, listed, weigh
from marketplace.organisations.models import Organisation
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band

CAMDEN, HACKNEY, BRENT, ISLINGTON, NEWHAM = (
    Organisation(name=f"London Borough of {name}", short_name=name, slug=name, kind=Kind.AUTHORITY)
    for name in ("Camden", "Hackney", "Brent", "Islington", "Newham")
)
ASKS = {"area": Area.WASTE, "cpv": ["90511000"], "band": Band.FROM_25K_TO_100K}
SAYS = ASKS | {"area": None, "areas": [Area.WASTE], "deployment": Deployment.SAAS}


def weighed(
    asks=ASKS,
    says=SAYS,
    *,
    score=1.0,
    terms=("bins",),
    users=(CAMDEN,),
    reader=None,
    demands=(),
    held=None,
    runs=(),
    today=date.max,
):
    every = every_reason(asks, says, score, terms, users, reader, demands, held, runs, today)
    return {reason.part: reason for reason in every}


def every_reason(asks, says, score, terms, users, reader, demands, held, runs, today):
    challenge = Challenge(title="Missed bins", organisation_id=HACKNEY.id, **asks)
    challenge.organisation = HACKNEY
    offered = {key: value for key, value in says.items() if key != "area"}
    product = Product(name="Roundwise", organisation_id=uuid4(), **offered)
    reader = reader or uuid4()
    asking = Asking(challenge, demands, runs, today)
    return weigh(asking, product, Known(score, terms, users, held or {}), reader)


def says(part, **more):
    reason = weighed(**more)[part]
    return reason.standing, reason.says


def test_the_words_that_carried_it_are_marked():
    reason = weighed(terms=("missed", "collections", "crews"))[Part.WORDS]
    assert reason.says == "Its listing speaks of missed, collections and crews"
    assert [text for text, marked in reason.pieces if marked] == ["missed", "collections", "crews"]


def test_words_that_tell_nothing_by_themselves_are_not_said():
    assert says(Part.WORDS, terms=("e", "2024", "bins"))[1] == "Its listing speaks of bins"


def test_a_product_near_in_meaning_alone_says_so():
    expected = "Describes something close to this need, in other words"
    assert says(Part.WORDS, terms=())[1] == expected


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (["90511000"], (Standing.MET, "Shares the procurement code 90511000 Refuse collection")),
        (["90510000"], (Standing.MET, "Shares the procurement code 90510000 Refuse disposal")),
        (["48000000"], (Standing.MISSING, "Shares no procurement code (CPV)")),
        ([], (Standing.UNKNOWN, "its procurement codes (CPV)")),
    ],
)
def test_the_deepest_procurement_class_that_both_share_is_named(offered, expected):
    standing, words = says(Part.CPV, says=SAYS | {"cpv": offered})
    assert standing is expected[0]
    assert words.startswith(expected[1])


def test_the_deepest_of_several_codes_counts_and_a_division_counts_little():
    same = weighed(says=SAYS | {"cpv": ["48000000", "90511000"]})[Part.CPV]
    division = weighed(says=SAYS | {"cpv": ["90000000"]})[Part.CPV]
    assert same.strength > 0.7
    assert division.strength == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ([Area.WASTE, Area.PARKING], (Standing.MET, "Made for Waste and street cleansing")),
        (
            [Area.PARKING, Area.FINANCE],
            (
                Standing.MISSING,
                "Listed for Parking and permits and Finance and procurement, "
                "not Waste and street cleansing",
            ),
        ),
        ([], (Standing.UNKNOWN, "which area of work it is for")),
    ],
)
def test_the_area_of_work_is_shared_or_it_is_said_which_it_is(offered, expected):
    assert says(Part.AREA, says=SAYS | {"areas": offered}) == expected


@pytest.mark.parametrize(
    ("price", "model", "expected"),
    [
        (
            Band.FROM_25K_TO_100K,
            None,
            (Standing.MET, "Its price fits the budget: £25,000 to £100,000 a year"),
        ),
        (
            Band.UP_TO_25K,
            None,
            (Standing.MET, "Cheaper than the budget: up to £25,000 a year"),
        ),
        (
            Band.OVER_1M,
            None,
            (
                Standing.MISSING,
                "Dearer than the budget: over £1 million a year against £25,000 to £100,000 a year",
            ),
        ),
        (None, PriceModel.FREE, (Standing.MET, "Free of charge")),
        (None, PriceModel.USAGE, (Standing.UNKNOWN, "what it costs")),
    ],
)
def test_the_price_stands_against_the_budget(price, model, expected):
    assert says(Part.BUDGET, says=SAYS | {"band": price, "price_model": model}) == expected


def test_the_readers_own_authority_is_named_first_and_that_it_is_a_claim():
    users = (BRENT, CAMDEN, ISLINGTON, NEWHAM)
    assert says(Part.USE, users=users, reader=CAMDEN.id) == (
        Standing.CLAIMED,
        "Used by Camden (your own authority), Brent, Islington and 1 more, as its supplier claims",
    )


def test_after_the_reader_comes_the_authority_that_posted_the_challenge():
    words = says(Part.USE, users=(CAMDEN, HACKNEY), reader=uuid4())[1]
    assert words == "Used by Hackney and Camden, as its supplier claims"


def test_who_reads_changes_the_words_and_never_the_fit():
    ours = weighed(users=(BRENT, CAMDEN), reader=CAMDEN.id)
    theirs = weighed(users=(BRENT, CAMDEN), reader=BRENT.id)
    assert total(tuple(ours.values())) == total(tuple(theirs.values()))


def test_what_a_listing_does_not_say_is_named():
    silent = {"areas": [], "cpv": [], "band": None, "deployment": None}
    unknown = [
        reason.says
        for reason in weighed(says=silent, users=()).values()
        if reason.standing is Standing.UNKNOWN
    ]
    assert unknown == [
        "which area of work it is for",
        "its procurement codes (CPV)",
        "what it costs",
        "whether any authority uses it",
        "where it runs",
    ]


def test_what_the_challenge_does_not_say_counts_against_nobody():
    asks_nothing = {"area": None, "cpv": [], "band": None}
    weighed_parts = weighed(asks=asks_nothing, users=(CAMDEN, BRENT, NEWHAM))
    assert set(weighed_parts) == {Part.WORDS, Part.USE, Part.DEPLOYMENT}
    assert total(tuple(weighed_parts.values())) == pytest.approx(1)


def test_the_weights_add_up_to_one_and_words_outweigh_all_the_rest():
    assert set(WEIGHTS) == set(Part)
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert WEIGHTS[Part.WORDS] > sum(w for part, w in WEIGHTS.items() if part is not Part.WORDS)


@pytest.mark.parametrize("word", Fit)
def test_a_fit_begins_exactly_at_its_least(word):
    def of(strength):
        return (Reason(Part.WORDS, Standing.MET, (("", False),), strength),)

    assert fit(of(LEAST[word])) is word
    assert fit(of(LEAST[word] - 0.001)) is not word


def test_what_is_listed_for_other_work_is_at_most_a_partial_fit():
    alike = weighed(says=SAYS | {"areas": [Area.PARKING]}, users=(CAMDEN, BRENT, NEWHAM))
    assert total(tuple(alike.values())) > LEAST[Fit.GOOD]
    assert fit(tuple(alike.values())) is Fit.PARTIAL


def test_what_is_too_far_away_is_no_answer():
    far = weighed(score=0.1, says=SAYS | {"areas": [Area.PARKING], "cpv": [], "band": None})
    assert fit(tuple(far.values())) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_like_a_sentence(words, expected):
    assert listed(words) == expected


# ---- Standards, systems and time

WCAG, CYBER, ISO = (
    Demand("WCAG22-AA", "WCAG 2.2 AA", mandatory=True),
    Demand("CE-PLUS", "Cyber Essentials Plus", mandatory=True),
    Demand("ISO27001", "ISO/IEC 27001", mandatory=False),
)


def held(**words):
    """Standings by key, of which only the word counts."""
    return {key.replace("_", "-"): SimpleNamespace(word=word) for key, word in words.items()}


def standards(demands, claims):
    every = every_reason(ASKS, SAYS, 1.0, (), (), uuid4(), demands, claims, (), date.max)
    return [reason for reason in every if reason.part is Part.STANDARDS]


def test_each_standard_is_met_claimed_or_missing_in_words():
    told = standards((WCAG, CYBER, ISO), held(CE_PLUS=Word.MET, ISO27001=Word.CLAIMED))
    assert [(one.standing, one.says) for one in told] == [
        (Standing.MET, "Assessed as meeting Cyber Essentials Plus"),
        (Standing.CLAIMED, "Claims to meet ISO/IEC 27001, not assessed yet"),
        (Standing.MISSING, "Does not claim to meet WCAG 2.2 AA"),
    ]
    assert sum(one.share for one in told) == pytest.approx(1)


@pytest.mark.parametrize(
    ("word", "standing", "begins"),
    [
        (Word.EXPIRING, Standing.MET, "Assessed as meeting"),
        (Word.PARTLY, Standing.CLAIMED, "Assessed as meeting in part"),
        (Word.NOT_MET, Standing.MISSING, "Assessed and not met"),
        (Word.EXPIRED, Standing.MISSING, "Assessed and not met, or met no longer"),
        (Word.REVOKED, Standing.MISSING, "Assessed and not met, or met no longer"),
        (Word.WITHDRAWN, Standing.MISSING, "Does not claim"),
    ],
)
def test_what_became_of_a_claim_decides_what_is_said(word, standing, begins):
    (told,) = standards((CYBER,), held(CE_PLUS=word))
    assert told.standing is standing
    assert told.says.startswith(begins)


def test_a_supplier_that_claims_nothing_is_not_known_rather_than_missing():
    (told,) = standards((WCAG, CYBER), {})
    assert told.standing is Standing.UNKNOWN
    assert told.says == "whether it meets WCAG 2.2 AA and Cyber Essentials Plus"
    assert told.each == ("WCAG 2.2 AA", "Cyber Essentials Plus")


def test_what_binds_weighs_twice_what_is_recommended():
    met, missing = standards((CYBER, ISO), held(CE_PLUS=Word.MET))
    assert (met.share, missing.share) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_a_need_that_demands_nothing_has_no_such_part():
    assert standards((), held(CE_PLUS=Word.MET)) == []


def systems(named, integrations, runs=()):
    asks, says = ASKS | {"systems": named}, SAYS | {"integrations": integrations}
    every = every_reason(asks, says, 1.0, (), (), uuid4(), (), {}, runs, date.max)
    return [(one.standing, one.says) for one in every if one.part is Part.SYSTEMS]


def test_systems_that_the_challenge_names_are_found_however_fully_they_are_named():
    assert systems(["Notify", "NEC Housing"], ["GOV.UK Notify"]) == [
        (Standing.MET, "Works with Notify"),
        (Standing.UNKNOWN, "whether it works with NEC Housing"),
    ]


def test_what_the_authority_is_known_to_run_counts_when_it_fits_and_never_against():
    assert systems([], ["Binfold"], runs=["Binfold", "Lampwick"]) == [
        (Standing.MET, "Works with Binfold, which Hackney runs")
    ]
    assert systems([], [], runs=["Binfold"]) == []


def test_a_neighbour_of_the_authority_counts_for_more_and_is_named_as_one():
    near = HACKNEY.model_copy(update={"id": uuid4(), "short_name": "Islington"})
    near.gss_code, HACKNEY.gss_code = "E09000019", "E09000012"
    try:
        neighbour = weighed(users=(near,))[Part.USE]
        far = weighed(users=(CAMDEN,))[Part.USE]
    finally:
        HACKNEY.gss_code = None
    assert (
        neighbour.says == "Used by Islington, as its supplier claims; Islington borders on Hackney"
    )
    assert neighbour.strength > far.strength


def test_a_listing_counts_less_as_it_grows_old():
    def strength(years):
        listed = date.today()
        return weighed(today=listed.replace(year=listed.year + years, day=1))[Part.RECENCY].strength

    assert strength(0) == 1
    assert 0 < strength(2) < 1
    assert strength(4) == 0

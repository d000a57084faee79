"""Are the demo world's texts whole, coherent, distinct and free of real people?"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest

from marketplace.catalogue.models import Stage as ProductStage
from marketplace.challenges.models import UNPUBLISHED, Level
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.organisations.personas import PERSONAS
from marketplace.reference.areas import Area
from seed import world
from seed.world import ChallengeText, CommitmentText

SUPPLIERS = world.suppliers()
PRODUCTS = world.products()
CHALLENGES = world.challenges()
COMMITMENTS = [(one, made) for one in CHALLENGES for made in one.commitment]
WORDS = "\n".join(file.read_text(encoding="utf-8") for file in sorted(world.TEXTS.glob("*.toml")))

ENDED = frozenset(ChallengeStage) - UNPUBLISHED - {ChallengeStage.OPEN}


def sentences(texts: Iterable[str]) -> list[str]:
    return [sentence for text in texts for sentence in re.split(r"(?<=[.?])\s+", text) if sentence]


def repeated(things: Iterable[str]) -> list[str]:
    return [thing for thing, times in Counter(things).items() if times > 1]


def last_day_ago(challenge: ChallengeText) -> int:
    """How many days ago a challenge could last be joined; zero or less: it still can."""
    closing = -challenge.closes_in_days
    ended = challenge.stage in ENDED
    return max(closing, challenge.reached_days_ago) if ended else closing


def test_the_world_is_large_enough_to_try_things_in() -> None:
    assert len(SUPPLIERS) >= 34
    assert len(PRODUCTS) >= 90
    assert len(CHALLENGES) >= 18
    assert len(world.AUTHORITIES) == 33


def test_every_area_of_work_has_at_least_three_listed_products() -> None:
    listed = [product for product in PRODUCTS if product.stage == ProductStage.LISTED]
    offered = Counter(chain.from_iterable(product.areas for product in listed))
    assert [area for area in Area if offered[area] < 3] == []


def test_products_and_challenges_are_at_every_stage() -> None:
    assert {product.stage for product in PRODUCTS} == set(ProductStage)
    assert {challenge.stage for challenge in CHALLENGES} == set(ChallengeStage)
    assert sum(challenge.stage == ChallengeStage.OPEN for challenge in CHALLENGES) >= 7


def test_the_suppliers_are_mixed_and_each_offers_something() -> None:
    assert {supplier.sme for supplier in SUPPLIERS} == {True, False}
    assert {supplier.vcse for supplier in SUPPLIERS} == {True, False}
    assert {supplier.key for supplier in SUPPLIERS} == {product.supplier for product in PRODUCTS}
    assert all(sum(p.supplier == s.key for p in PRODUCTS) >= 3 for s in SUPPLIERS[:2])


def test_the_first_supplier_answers_the_need_for_commercial_waste_management() -> None:
    (answer,) = [p for p in PRODUCTS if "commercial waste management" in p.summary.lower()]
    assert answer.supplier == SUPPLIERS[0].key
    assert answer.stage == ProductStage.LISTED
    assert "48000000" in answer.cpv


def test_no_challenge_is_about_trade_waste_yet() -> None:
    about_waste = [challenge for challenge in CHALLENGES if challenge.area == Area.WASTE]
    assert about_waste
    for challenge in about_waste:
        assert challenge.authority != "camden"
        assert not re.search(r"\b(trade|commercial|business)\b", challenge.title + challenge.need)


def test_names_titles_and_numbers_are_unique() -> None:
    assert repeated(supplier.name for supplier in SUPPLIERS) == []
    assert repeated(product.name for product in PRODUCTS) == []
    assert repeated(challenge.title for challenge in CHALLENGES) == []
    assert repeated(supplier.companies_house_number for supplier in SUPPLIERS) == []


def test_no_sentence_is_used_twice() -> None:
    texts = [
        *(supplier.description for supplier in SUPPLIERS),
        *chain.from_iterable((product.summary, product.description) for product in PRODUCTS),
        *chain.from_iterable((one.need, one.outcome, one.remark) for one in CHALLENGES),
        *(made.note for _, made in COMMITMENTS),
    ]
    assert repeated(sentences(texts)) == []


def test_every_product_says_enough_and_not_too_much() -> None:
    for product in PRODUCTS:
        assert 60 <= len(product.description.split()) <= 140, product.key
        assert 4 <= len(product.features) <= 8, product.key
        assert 1 <= len(product.areas) <= 2, product.key
        assert 1 <= len(product.cpv) <= 3, product.key
        assert product.integrations, product.key
        assert len(product.used_by) <= 6, product.key


def test_every_challenge_tells_its_problem_in_full() -> None:
    for challenge in CHALLENGES:
        assert 120 <= len(challenge.need.split()) <= 250, challenge.key
        assert 2 <= len(challenge.cpv) <= 4, challenge.key
        if challenge.stage != ChallengeStage.DRAFT:
            assert all((challenge.affected, challenge.outcomes, challenge.today)), challenge.key


def test_a_stage_that_needs_words_has_them_and_no_other() -> None:
    for challenge in CHALLENGES:
        returned = challenge.stage == ChallengeStage.RETURNED
        assert bool(challenge.remark) == bool(challenge.remark_about) == returned, challenge.key
        explained = challenge.stage in ENDED - {ChallengeStage.CLOSED}
        assert bool(challenge.outcome) == explained, challenge.key


def test_the_days_of_every_challenge_are_in_order() -> None:
    for challenge in CHALLENGES:
        assert challenge.created_days_ago >= challenge.reached_days_ago > 0, challenge.key
        assert challenge.starts_in_days > challenge.closes_in_days, challenge.key
        if challenge.opened_days_ago is None:
            assert challenge.stage in UNPUBLISHED, challenge.key
            assert challenge.closes_in_days > 0, challenge.key
        else:
            assert challenge.stage not in UNPUBLISHED, challenge.key
            assert challenge.created_days_ago > challenge.opened_days_ago, challenge.key
            assert challenge.opened_days_ago >= challenge.reached_days_ago, challenge.key
            assert (last_day_ago(challenge) <= 0) == (challenge.stage == ChallengeStage.OPEN)


def test_every_commitment_was_made_while_its_challenge_was_open() -> None:
    for challenge, made in COMMITMENTS:
        assert challenge.opened_days_ago is not None
        moments = [challenge.opened_days_ago, *steps(made), max(last_day_ago(challenge), 0)]
        assert moments == sorted(moments, reverse=True), (challenge.key, made.authority)
        assert len(set(moments)) == len(moments), (challenge.key, made.authority)


def steps(made: CommitmentText) -> list[int]:
    return [made.days_ago, *([made.later.days_ago] if made.later else [])]


def test_an_authority_commits_once_and_never_to_its_own_challenge() -> None:
    pairs = [f"{challenge.key} {made.authority}" for challenge, made in COMMITMENTS]
    assert repeated(pairs) == []
    assert [made for challenge, made in COMMITMENTS if made.authority == challenge.authority] == []


def test_commitments_use_every_level_and_some_changed_or_ended() -> None:
    assert {made.level for _, made in COMMITMENTS} == set(Level)
    later = {made.later.level for _, made in COMMITMENTS if made.later}
    assert "withdrawn" in later
    assert later & set(Level)


def test_more_than_twenty_authorities_take_part() -> None:
    taking_part = {one.authority for one in CHALLENGES} | {
        made.authority for _, made in COMMITMENTS
    }
    assert len(taking_part) >= 20


def test_no_company_or_address_can_be_real() -> None:
    for supplier in SUPPLIERS:
        assert re.fullmatch(r"99[0-9]{6}", supplier.companies_house_number), supplier.key
        assert supplier.site == f"https://{supplier.key}.example"
    for product in PRODUCTS:
        assert product.site.startswith(f"https://{product.supplier}.example/"), product.key


def test_the_texts_name_no_person() -> None:
    assert re.findall(r"\S+@\S+|\b(?:Mr|Mrs|Ms|Dr|Cllr)\b|\+?\d{4,5} \d{6}", WORDS) == []
    assert [one.name for one in PERSONAS.values() if one.name.split()[0] in WORDS.split()] == []
    for challenge in CHALLENGES:
        assert re.search(r"\b(Head of|Manager|Chief)\b", challenge.contact_role), challenge.key


def test_the_texts_speak_the_words_of_the_marketplace() -> None:
    strange = r"\b(?:vendors?|buyers?|opportunit\w+|RFP|councils?(?! tax)|please)\b|!"
    assert re.findall(strange, WORDS, re.IGNORECASE) == []


PRODUCT = """
[[product]]
key = "lamp"
supplier = "lampmaker"
name = "Lamp"
stage = "listed"
summary = "Gives light."
description = "Burns all night."
features = ["Light"]
areas = ["street-sensors"]
cpv = ["48000000"]
deployment = "saas"
price_model = "per-site"
band = "up-to-25k"
integrations = []
used_by = ["camden"]
site = "https://lampmaker.example/lamp"
"""
SUPPLIER = """
[[supplier]]
key = "lampmaker"
name = "Lampmaker"
companies_house_number = "99000000"
sme = true
vcse = false
regions = ["London"]
site = "https://lampmaker.example"
description = "Makes lamps."
"""


def written(folder: Path, product: str) -> Path:
    (folder / "suppliers.toml").write_text(SUPPLIER, encoding="utf-8")
    (folder / "products.toml").write_text(product, encoding="utf-8")
    return folder


def test_a_text_without_fault_is_read(tmp_path: Path) -> None:
    (product,) = world.products(written(tmp_path, PRODUCT))
    assert (product.key, product.areas) == ("lamp", (Area.STREET_SENSORS,))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('["street-sensors"]', '["lamps"]', "areas.0 says 'lamps'"),
        ('"up-to-25k"', '"cheap"', "band says 'cheap'"),
        ('"48000000"', '"48999999"', "cpv.0 says '48999999': this CPV code is not shipped"),
        ('"camden"', '"atlantis"', "used_by.0 says 'atlantis': there is no such authority"),
        ('supplier = "lampmaker"', 'supplier = "x"', "suppliers.toml has no supplier x"),
        ('summary = "Gives light."', "", "summary"),
        ('name = "Lamp"', 'name = "Lamp"\ncolour = "red"', "colour says 'red'"),
    ],
)
def test_a_wrong_reference_is_refused_by_file_and_key(
    right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    assert right in PRODUCT
    with pytest.raises(world.WorldError) as refused:
        world.products(written(tmp_path, PRODUCT.replace(right, wrong)))
    assert str(refused.value).startswith("products.toml, product lamp: ")
    assert said in str(refused.value)


def test_the_same_key_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(world.WorldError, match=r"products.toml, product lamp: another"):
        world.products(written(tmp_path, PRODUCT * 2))


def test_paragraphs_stay_and_the_lines_of_the_file_go() -> None:
    need = next(challenge.need for challenge in CHALLENGES if challenge.stage == "open")
    assert need.count("\n\n") >= 2
    assert re.search(r"(?<!\n)\n(?!\n)", need) is None

"""One tender of three boroughs, in windows, from sealed bids to contracts: opened by two of them,
judged by all, awarded in lots of which one borough parts from its own, told to every bidder, signed
once the standstill is over, and called off by a fourth borough.

Every figure is reckoned here a second time. The standstill ends because the test moves its
beginning.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import awarding, judging
from tests.browser.joint_tender import (
    LOTS,
    NORTH,
    OFFERS,
    OWN,
    PLANNING,
    SHARES,
    SOUTH,
    TITLE,
    WEIGHTS,
    Offer,
    plant,
)
from tests.browser.people import Somebody, somebody

pytestmark = [pytest.mark.browser]
BINFOLD, LINTELWICK, STACKHOLLOW = OFFERS
Marks = tuple[int, int, int]  # for the bids, in the order of OFFERS

ALONE: Mapping[str, Mapping[str, Marks]] = {
    PLANNING: {"camden": (10, 7, 3), "hackney": (7, 7, 5), "southwark": (5, 7, 3)},
    OWN["camden"]: {"camden": (7, 5, 3)},
    OWN["hackney"]: {"hackney": (5, 10, 0)},
    OWN["southwark"]: {"southwark": (3, 10, 5)},
}
AGREED: Mapping[str, Marks] = {
    PLANNING: (10, 7, 3),
    OWN["camden"]: (7, 5, 3),
    OWN["hackney"]: (5, 10, 0),
    OWN["southwark"]: (3, 10, 5),
}


@pytest.fixture(scope="module")
def data(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the marketplace that is served, with the joint tender in it."""
    folder = shutil.copytree(planted, tmp_path_factory.mktemp("served") / "data")
    plant(folder)
    return folder


@pytest.fixture
def standstill_over(address: str, data: Path) -> Callable[[], None]:
    """Moves the day of every award notice back, in the database of the server."""

    def move() -> None:
        past = (date.today() - timedelta(days=30)).isoformat()
        with sqlite3.connect(data / "marketplace.db", timeout=10) as database:
            moved = database.execute("UPDATE award SET notice_on = ?", (past,))
            assert moved.rowcount
        database.close()

    return move


def test_three_boroughs_bring_sealed_bids_to_contracts_and_a_fourth_calls_off(
    chrome: Browser, address: str, standstill_over: Callable[[], None]
) -> None:
    with (
        somebody(chrome, address) as camden,
        somebody(chrome, address, javascript=False, width=375) as tom,
        somebody(chrome, address) as hackney,
        somebody(chrome, address, javascript=False) as mei,
        somebody(chrome, address, width=375) as southwark,
    ):
        camden.sign_in("camden-buyer")
        tom.sign_in("camden-approver")
        hackney.sign_in("hackney-buyer")
        mei.sign_in("southwark-evaluator")
        southwark.sign_in_by_mail("abena.mensah@southwark.example")
        camden.go("/tenders/mine")
        camden.follow(TITLE)
        work = camden.page.url
        judging.open_bids(camden, hackney, work)
        _sit(camden, hackney, southwark, work)
        for who in (camden, tom, hackney, mei):
            judging.declare(who, work)
        _judge(camden, {"camden": tom, "hackney": hackney, "southwark": mei}, work)
        _rank(camden, tom, work)

        north, south = (awarding.recommend(camden, work, lot) for lot in (NORTH, SOUTH))
        mei.sign_in("hackney-approver")
        for who in (tom, mei):
            awarding.approve(who, north)
        _part(southwark, south)
        awarding.tell_everybody(camden, north)
        _are_told(chrome, address, work)
        awarding.publish(camden, north)
        standstill_over()
        _call_off(southwark, _contract(camden, tom, hackney, mei, north))


# ---- What should come out, reckoned for itself


def _cents(amount: Fraction) -> Fraction:
    """Rounded to the hundredth, halves up."""
    return Fraction((amount * 200 + 1) // 2, 100)


def _pounds(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _written(amount: Fraction) -> str:
    whole, part = divmod(int(amount * 100), 100)
    return f"{whole:,}.{part:02}"


def _quality(lot: str, offer: Offer) -> Fraction:
    """A borough's own criterion counts in its lot alone, for an equal part."""
    by_question = {PLANNING: Fraction(WEIGHTS[PLANNING])} | {
        OWN[slug]: Fraction(WEIGHTS[OWN[slug]], len(LOTS[lot])) for slug in LOTS[lot]
    }
    place = OFFERS.index(offer)
    points = [_cents(weight * AGREED[one][place] / 10) for one, weight in by_question.items()]
    return sum(points, Fraction(0))


def _price(lot: str, offer: Offer) -> Fraction:
    lowest = min(_pounds(one.prices[lot]) for one in OFFERS)
    return _cents(WEIGHTS["Price"] * lowest / _pounds(offer.prices[lot]))


def _total(lot: str, offer: Offer) -> Fraction:
    return _quality(lot, offer) + _price(lot, offer)


def _in_order(lot: str) -> list[Offer]:
    return sorted(OFFERS, key=lambda one: -_total(lot, one))


def _share(slug: str, value: str) -> Fraction:
    whole = sum(SHARES[one] for one in LOTS[NORTH])
    return _cents(_pounds(value) * SHARES[slug] / whole)


# ---- The journey, step by step


def _sit(camden: Somebody, hackney: Somebody, southwark: Somebody, work: str) -> None:
    judging.offer(camden, work, "Camden", "Chair")
    for authority in ("Camden", "Hackney", "Southwark"):
        judging.offer(camden, work, authority, "Evaluator")
    judging.name(camden, work, "chair", "Amara Okafor")
    judging.name(camden, work, "evaluator", "Tom Whitfield")
    judging.name(hackney, work, "evaluator", "Leila Haddad")
    judging.name(southwark, work, "evaluator", "Mei Chen")


def _place(seen: str) -> int:
    """Which of the bids an answer belongs to."""
    [found] = [at for at, one in enumerate(OFFERS) if one.answer in seen]
    return found


def _judge(chair: Somebody, evaluators: Mapping[str, Somebody], work: str) -> None:
    chair.go(f"{work}/evaluation")
    chair.press("Begin scoring")
    chair.press("Begin scoring")
    *first, last = [
        (who, question, ALONE[question][slug])
        for question in ALONE
        for slug, who in evaluators.items()
        if slug in ALONE[question]
    ]
    planning = [one for one in (*first, last) if one[1] == PLANNING]
    for who, question, marks in planning[:-1]:
        judging.score(who, work, question, lambda seen, marks=marks: marks[_place(seen)])
    chair.go(f"{work}/evaluation")
    expect(chair.page.locator("#questions")).to_contain_text("2 of 3, not yet Mei Chen")
    chair.go(f"{work}/evaluation/moderation")
    expect(chair.page.locator("#spread")).to_have_count(0)
    for who, question, marks in [*planning[-1:], *(o for o in (*first, last) if o[1] != PLANNING)]:
        judging.score(who, work, question, lambda seen, marks=marks: marks[_place(seen)])
    judging.agree(chair, work, lambda question, seen: AGREED[question][_place(seen)])
    chair.press("Lock quality")
    for name in (one.name for one in OFFERS):
        assert name not in chair.page.content(), "bidders are numbers until the ranking is final"
    chair.press("Lock quality")


def _rank(chair: Somebody, tom: Somebody, work: str) -> None:
    chair.reads("Prices and ranking")
    for name in (one.name for one in OFFERS):
        assert name not in chair.page.content(), "bidders are numbers until the ranking is final"
    chair.press("Make the ranking final")
    chair.press("Make it final")
    chair.reads("Ranking")
    tom.go(f"{work}/evaluation/ranking")
    for who in (chair, tom):
        for number, lot in enumerate((NORTH, SOUTH), 1):
            rows = who.page.locator(f"#ranking-{number} tbody tr")
            expect(rows).to_have_count(3)
            for row, offer in zip(rows.all(), _in_order(lot), strict=True):
                expect(row.get_by_role("rowheader")).to_contain_text(offer.name)
                expect(row.locator("strong")).to_have_text(_written(_total(lot, offer)))
                price = _written(_pounds(offer.prices[lot])).removesuffix(".00")
                expect(row).to_contain_text(f"£{price}")


def _part(southwark: Somebody, award: str) -> None:
    """Southwark leaves the award of its lot, and begins again by itself."""
    southwark.sign_in_by_mail("oliver.stanton@southwark.example")
    awarding.part(southwark, award)
    southwark.sign_in_by_mail("abena.mensah@southwark.example")
    southwark.go(award)
    southwark.press("Begin our own tender")
    expect(southwark.page.locator("main")).to_contain_text("Being prepared")


def _are_told(chrome: Browser, address: str, work: str) -> None:
    """The loser reads its own figures and the winner's; the winner only its own."""
    own = work.replace("/workspace", "/summary")
    first, second, third = _in_order(NORTH)
    assert (first, second, third) == OFFERS
    with somebody(chrome, address, width=375) as bidder:
        bidder.sign_in("supplier-two")
        bidder.go(own)
        seen = bidder.page.locator("main").inner_text()
        for offer in (second, first):
            assert f"{_written(_total(NORTH, offer))} of 100" in seen
            assert f"{_written(_quality(NORTH, offer))} for quality" in seen
            assert f"{_written(_price(NORTH, offer))} for the price" in seen
        for figure in (third.name, _written(_total(NORTH, third))):
            assert figure not in seen
        assert NORTH in seen
        for other in (SOUTH, OWN["southwark"]):
            assert other not in seen, "it counts in the other lot, whose award is not agreed"
        row = bidder.page.locator("tr", has_text=OWN["camden"]).first
        expect(row).to_contain_text("5%")  # of 10%, for half of the lot
        bidder.sign_in("supplier-one")
        bidder.go(own)
        seen = bidder.page.locator("main").inner_text()
        assert f"{_written(_total(NORTH, first))} of 100" in seen
        for offer in (second, third):
            assert offer.name not in seen
            assert _written(_total(NORTH, offer)) not in seen


def _contract(
    camden: Somebody, tom: Somebody, hackney: Somebody, joseph: Somebody, award: str
) -> str:
    """A contract each, with the value shared as the boroughs said in the tender; Camden's lets
    another borough call off.
    """
    made = []
    camden.go(award)
    net = _pounds(BINFOLD.prices[NORTH])
    expect(camden.page.locator("main")).to_contain_text(f"£{_written(net)}")
    expect(camden.page.locator("main")).to_contain_text(f"£{_written(_cents(net * 6 / 5))}")
    camden.press("Confirm the award")
    camden.press("Confirm the award")
    for slug, who, approver in (("camden", camden, tom), ("hackney", hackney, joseph)):
        who.go(f"{award}/contracts")
        link = who.page.get_by_role("link", name=re.compile(f"^{slug.title()}:"))
        contract = str(link.get_attribute("href"))
        made.append(contract)
        who.go(contract)
        value = _written(_share(slug, BINFOLD.prices[NORTH]))
        expect(who.page.locator("main")).to_contain_text(f"£{value}")
        if slug == "camden":
            awarding.permit(who, contract, "Islington", "50,000")
        awarding.sign(approver, contract)
        who.go(contract)
        expect(who.page.locator("#duties")).to_contain_text("contract details notice")
    return made[0]


def _call_off(islington: Somebody, contract: str) -> None:
    islington.sign_in_by_mail("fergus.kilbride@islington.example")
    awarding.propose(islington, contract, "60,000")
    expect(islington.page.locator(".govuk-error-summary")).to_contain_text("50,000")
    islington.window.complaints.clear()  # the browser notes that the page is a refusal
    awarding.propose(islington, contract, "12,500")
    islington.sign_in_by_mail("hilda.brandreth@islington.example")
    awarding.approve_call_off(islington, contract)
    expect(islington.page.locator("#headroom")).to_contain_text("£37,500 of £50,000 left")

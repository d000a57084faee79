"""From the opened bids to the final ranking, with every figure worked out anew."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.bids.models import Bid
from marketplace.evaluation.models import Ranked
from tests.evaluation.panel import (
    EVERYBODY,
    FIT,
    LOCAL,
    PLAN,
    PRICE,
    Panel,
    criterion,
    judged,
    seated,
)
from tests.tenders.drafting import fine
from tests.tenders.drafting import in_days as on

PRICES = {"Moss": "90,000", "Fern": "120,000.50", "Reed": "100,000"}
POUNDS = {name: Decimal(price.replace(",", "")) for name, price in PRICES.items()}
NO_PLACE = "\N{EN DASH}"


def cents(points: Fraction) -> Decimal:
    """To the hundredth, a half upwards: by the library, not by our own arithmetic."""
    exact = Decimal(points.numerator) / Decimal(points.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def rows(panel: Panel, name: str, number: int = 1) -> dict[int, list[str]]:
    """The cells of the ranking, by the number of the bidder."""
    page = panel.as_(name).main(f"{panel.at}/ranking")
    found = {}
    for row in page.select(f"#ranking-{number} tbody tr"):
        cells = [" ".join(one.text.split()) for one in row.select("th, td")]
        bidder = cells[1].removeprefix("Bidder ").split(":")[0].split("It ")[0]
        found[int("".join(one for one in bidder[:2] if one.isdigit()))] = cells
    return found


def everybody(**by_supplier: int) -> dict[str, dict[str, int]]:
    return dict.fromkeys(EVERYBODY, by_supplier)


def example(panel: Panel) -> str:
    """How points come about, as everybody reads it."""
    page = panel.browser.as_(VISITOR).main(f"/tenders/{panel.tender.id}/prices")
    return " ".join(page.text.split())


@pytest.fixture
def panel(make, browser) -> Panel:
    made = seated(judged(make, browser, prices=PRICES))
    made.begin()
    return made


def agreed(panel: Panel) -> None:
    """Fit: 5, 10 and 8 of 10; plan: 8, 6 and 8."""
    panel.score_all(FIT, everybody(Moss=5, Fern=10, Reed=8))
    panel.score_all(PLAN, everybody(Moss=8, Fern=6, Reed=8))
    there = [str(panel.seat("Chair")), str(panel.seat("Ada"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    fine(panel.browser)


def test_every_figure_of_the_ranking_is_what_the_published_rule_makes(panel, session, browser):
    agreed(panel)
    panel.lock()
    fine(browser)
    scores = {"Moss": (5, 8), "Fern": (10, 6), "Reed": (8, 8)}
    lowest = min(POUNDS.values())
    expected = {}
    for name, (fit, plan) in scores.items():
        quality = cents(Fraction(35 * fit, 10)) + cents(Fraction(25 * plan, 10))
        price = cents(Fraction(40) * Fraction(lowest) / Fraction(POUNDS[name]))
        expected[name] = (quality, price, quality + price)
    order = sorted(expected, key=lambda name: -expected[name][2])
    seen = rows(panel, "Chair")
    for place, name in enumerate(order, 1):
        cells = seen[panel.bidder(name).number]
        quality, price, total = expected[name]
        assert cells[0] == str(place)
        assert [Decimal(one) for one in cells[2:6]] == [
            cents(Fraction(35 * scores[name][0], 10)),
            cents(Fraction(25 * scores[name][1], 10)),
            price,
            total,
        ]
        assert quality == Decimal(cells[2]) + Decimal(cells[3])
    panel.finalise()
    fine(browser)
    session.rollback()
    for name in order:
        bid = session.exec(
            select(Bid).where(Bid.organisation_id == panel.suppliers[name].actor.organisation_id)
        ).one()
        row = session.exec(select(Ranked).where(Ranked.bid_id == bid.id)).one()
        assert (row.quality, row.price, row.total) == expected[name]
        assert row.position == order.index(name) + 1
        assert row.lot_id is None


def test_files_have_the_sums_of_the_page_and_formulas_lie_still(make, browser):
    prices = {"=cmd|' /C calc'!A0": "90,000", "Fern": "120,000.50"}
    panel = seated(judged(make, browser, prices=prices))
    panel.begin()
    first, second = prices
    panel.score_all(FIT, everybody(**{first: 6, second: 8}))
    panel.score_all(PLAN, everybody(**{first: 6, second: 8}))
    there = [str(panel.seat("Chair"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder(first).id}/agreed"
    together = "Everybody who scored it gave this score. Ada says so. Ben says so. Cleo says so."
    assert together in panel.as_("Chair").main(at).text, "what the bidder will read"
    panel.lock()
    panel.finalise()
    fine(browser)
    seen = rows(panel, "lead")
    browser.get(f"{panel.at}/ranking.csv")
    assert "-ranking-final-" in browser.headers["content-disposition"]
    table = csv.DictReader(StringIO(browser.text))
    assert len(set(table.fieldnames or ())) == len(table.fieldnames or ()), "each column once"
    for row in table:
        cells = seen[int(row["Bidder"].removeprefix("Bidder "))]
        assert row["Total, points"] == cells[5]
        assert row["Price, points"] == cells[4]
        assert Decimal(row["Quality, points"]) == Decimal(cells[2]) + Decimal(cells[3])
        assert not row["Supplier"].startswith("=")
    book = load_workbook(BytesIO(browser.client.get(f"{panel.at}/ranking.xlsx").content))
    head, *body = book["Table"].values
    total = head.index("Total, points")
    assert sorted(
        str(Decimal(str(row[total])).quantize(Decimal("0.01"))) for row in body
    ) == sorted(cells[5] for cells in seen.values())
    assert all(cell.data_type != "f" for row in book["Table"].rows for cell in row)
    opened = ZipFile(BytesIO(browser.client.get(f"{panel.at}/ranking.ods").content))
    content = ElementTree.fromstring(opened.read("content.xml"))  # noqa: S314 - it is our own
    given = [dict(one.attrib) for one in content.iter()]
    values = {text for one in given for name, text in one.items() if name.endswith("}value")}
    assert {cells[5] for cells in seen.values()} <= values
    assert not [name for one in given for name in one if "formula" in name]


def test_until_it_is_final_nobody_on_the_panel_learns_whose_a_bid_is(panel, make, browser, news):
    moss = panel.suppliers["Moss"]
    number = panel.bidder("Moss").number
    agreed(panel)
    news()
    named = {"Moss", "Fern", "Reed"}
    pages = ["", "/moderation", "/standards", "/exchanges"]
    pages += [f"/bidders/{panel.bidder('Moss').id}", f"/questions/{panel.question(FIT)}"]
    for name in (*EVERYBODY, "Chair"):
        for below in pages:
            panel.as_(name).get(f"{panel.at}{below}")
            if browser.status == 200:
                assert not any(one in browser.text for one in named), (name, below)
        for url in ("/notifications", f"/tenders/{panel.tender.id}/workspace/history", "/home"):
            browser.get(url)
            assert not any(one in browser.text for one in named), (name, url)
    bids = f"/tenders/{panel.tender.id}/workspace/bids"
    assert "Moss" in panel.as_("Officer").main(bids).text, "who checks exclusion has to know"
    shown = panel.as_("Officer").main(str(browser.get(bids).select_one("#opened a")["href"])).text
    assert "They stay sealed until the panel has agreed on quality" in shown
    assert "£" not in shown
    panel.lock()
    assert not any(one in panel.main("Chair", "/ranking") for one in named)
    panel.finalise()
    assert f"Bidder {number}: Moss" in panel.main("lead", "/ranking")
    browser.as_(moss.actor).get(f"{panel.at}/ranking")
    assert browser.status == 404


def test_prices_are_sealed_until_quality_is_locked(panel, browser):
    panel.score_all(FIT, everybody(Moss=5, Fern=10, Reed=8))
    for name in (*EVERYBODY, "Chair", "Officer", "lead"):
        panel.as_(name).get(f"{panel.at}/ranking")
        assert browser.status == 404
        panel.as_(name).get(f"{panel.at}/bidders/{panel.bidder('Moss').id}")
        assert "90,000" not in browser.text
    panel.lock()
    assert browser.status == 409
    assert "have not sent scores for “Plan”" in browser.text


def test_nobody_sees_the_scores_of_others_before_all_are_in(panel, browser):
    panel.score("Ada", FIT, "Moss", 5, "Quokka says Ada.")
    for name in ("Ben", "Chair", "Officer", "lead"):
        for below in ("", "/moderation", f"/questions/{panel.question(FIT)}"):
            panel.as_(name).get(f"{panel.at}{below}")
            assert "Quokka" not in browser.text, (name, below)
    panel.score_all(FIT, {n: {"Moss": 5, "Fern": 10, "Reed": 2} for n in ("Ada", "Ben")})
    agreed_at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder('Moss').id}"
    for name in ("Ada", "Ben", "Chair"):
        panel.as_(name).get(f"{agreed_at}/agreed")
        assert browser.status == 404, "Cleo is missing"
    assert "2 of 3" in panel.main("Chair")
    assert "not yet Cleo Laine" in panel.main("lead")
    panel.score_all(FIT, {"Cleo": {"Moss": 8, "Fern": 10, "Reed": 2}})
    seen = panel.as_("Ben").main(f"{agreed_at}/agreed").text
    assert "Ada says so." in seen
    assert "Cleo says so." in seen


def test_what_differs_is_drawn_flagged_and_agreed_on_with_who_was_there(panel, browser):
    panel.score_all(FIT, {"Ada": {"Moss": 2, "Fern": 8, "Reed": 6}})
    panel.score_all(FIT, {"Ben": {"Moss": 8, "Fern": 8, "Reed": 6}})
    panel.score_all(FIT, {"Cleo": {"Moss": 6, "Fern": 6, "Reed": 6}})
    page = panel.as_("Chair").main(f"{panel.at}/moderation")
    first, *_ = page.select("#spread tbody tr")
    assert first.select_one("a").text.startswith(f"Bidder {panel.bidder('Moss').number}")
    assert "2, 6, 8 Discuss" in " ".join(first.text.split())
    mean = cents(Fraction(2 + 8 + 6, 3))
    assert [one.text for one in first.select("td.govuk-table__cell--numeric")] == [str(mean), "6"]
    assert page.text.count("Discuss") == 1, "two points apart are not"
    assert len(first.select("circle")) == 3
    panel.as_("Ada").post(f"{panel.at}/moderation", present=str(panel.seat("Ada")))
    assert browser.status == 403, "the chair writes"
    seen = panel.agree(FIT, "Moss", 6, "")
    assert browser.status == 422
    assert "Enter the reason of the panel" in seen.text
    panel.agree(FIT, "Moss", 6, "The plan is sound, with a gap.")
    fine(browser)
    at = f"{panel.at}/questions/{panel.question(FIT)}/bidders/{panel.bidder('Moss').id}"
    page = panel.as_("Ben").main(f"{at}/agreed")
    said = {"assents": "false", "read": page.select_one("form [name=read]")["value"]}
    panel.as_("Ben").post(f"{at}/opinion", **said)
    assert browser.status == 422
    panel.as_("Ben").post(f"{at}/opinion", **said, words="It deserves an 8.")
    fine(browser)
    seen = " ".join(panel.as_("Cleo").main(f"{at}/agreed").text.split())
    assert "Ben Okri, Camden: dissents. It deserves an 8." in seen
    assert "Present: " in seen
    assert "Hetty Chair (chair, Hackney)" in seen
    panel.agree(FIT, "Moss", 8, "Ben is right.")
    assert "dissents" not in panel.as_("Cleo").main(f"{at}/agreed").text, "it was of another score"


@pytest.mark.parametrize(
    ("volumes", "share", "says"),
    [
        ({"Camden": 9000}, Fraction(1, 2), "Camden 50.00%, Hackney 50.00%, in equal parts"),
        (
            {"Camden": 9000, "Hackney": 4500},
            Fraction(1, 3),
            "Camden 66.67%, Hackney 33.33%, by the volumes that were published",
        ),
    ],
)
def test_a_local_criterion_is_scored_by_its_authority_and_counts_for_its_part(
    make, browser, volumes, share, says
):
    criteria = (
        criterion(FIT, "50"),
        criterion(LOCAL, "10", local_to="Hackney"),
        criterion(PLAN, "10"),
        criterion(PRICE, "40", kind="Price"),
    )
    lots = {"North": ["Camden"], "South": ["Hackney"], "Both": ["Camden", "Hackney"]}
    prices = {"Moss": "90,000", "Fern": "100,000"}
    panel = seated(
        judged(make, browser, prices=prices, criteria=criteria, lots=lots, volumes=volumes)
    )
    panel.begin()
    panel.score("Ada", LOCAL, "Moss", 5)
    assert browser.status == 403
    assert "score for the authority whose question it is" in browser.text
    panel.score_all(LOCAL, {"Cleo": {"Moss": 10, "Fern": 5}})
    panel.score_all(FIT, everybody(Moss=6, Fern=8))
    panel.score_all(PLAN, everybody(Moss=6, Fern=8))
    for supplier, points in (("Moss", 10), ("Fern", 5)):
        panel.agree(LOCAL, supplier, points)
    there = [str(panel.seat("Chair"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    panel.lock()
    fine(browser)
    for number, part in ((1, Fraction(0)), (2, Fraction(1)), (3, share)):
        seen = rows(panel, "Chair", number)
        for supplier, local, fit, price in (("Moss", 10, 6, 90), ("Fern", 5, 8, 100)):
            expected = cents(Fraction(50 * fit, 10)) + cents(Fraction(10 * fit, 10))
            expected += cents(10 * part * Fraction(local, 10)) + cents(Fraction(40 * 90, price))
            cells = seen[panel.bidder(supplier).number]
            assert Decimal(cells[5 if number == 1 else 6]) == expected, (number, supplier)
    for public in (panel.main("Chair", "/ranking"), example(panel)):
        assert f"Both: {says}" in public


@pytest.mark.parametrize(("ties", "first"), [("quality", "Fern"), ("price", "Moss")])
def test_a_tie_is_decided_by_the_rule_that_was_published(make, browser, ties, first):
    """Points: 25 and 50 for quality, 50 and 25 for price."""
    criteria = (criterion(FIT, "50"), criterion(PRICE, "50", kind="Price"))
    prices = {"Moss": "100,000", "Fern": "200,000"}
    panel = seated(judged(make, browser, prices=prices, criteria=criteria, ties=ties))
    panel.begin()
    panel.score_all(FIT, everybody(Moss=5, Fern=10))
    there = [str(panel.seat("Chair"))]
    panel.as_("Chair").post(f"{panel.at}/moderation", present=there)
    panel.lock()
    seen = rows(panel, "Chair")
    assert {cells[4] for cells in seen.values()} == {"75.00"}
    assert seen[panel.bidder(first).number][0] == "1"
    assert "have the same points" in panel.main("Chair", "/ranking")


def test_an_abnormally_low_price_is_asked_about_before_it_is_disregarded(panel, browser, news):
    agreed(panel)
    panel.lock()
    moss = panel.bidder("Moss")
    why = {"ground": "low-price", "because": "It cannot be done for that."}
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/disregard", **why)
    assert browser.status == 409
    assert "Ask the bidder about its price first" in browser.text
    day, month, year = in_days(9)
    until = {"answer_by__day": day, "answer_by__month": month, "answer_by__year": year}
    asked = {"about": "low-price", "question": "How do you do it for that?", **until}
    panel.as_("Ada").post(f"{panel.at}/bidders/{moss.id}/ask", **asked)
    assert browser.status == 403
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/ask", **asked)
    fine(browser)
    panel.finalise()
    assert browser.status == 409
    assert "still has time to answer" in browser.text
    news()
    bidder = panel.suppliers["Moss"]
    browser.as_(bidder.actor)
    assert "Answer a question about your bid" in browser.main("/notifications").text
    own = browser.main(f"/tenders/{panel.tender.id}/bid/exchanges")
    assert "How do you do it for that?" in own.text
    assert "Olive" not in own.text
    for other in ("Fern", "Reed"):
        shown = browser.as_(panel.suppliers[other].actor)
        assert "do it for that" not in shown.main(f"/tenders/{panel.tender.id}/bid/exchanges").text
        browser.get(str(own.select_one("a[role=button]")["href"]))
        assert browser.status == 404
    answer = str(own.select_one("a[role=button]")["href"])
    browser.as_(bidder.actor).post(answer, answer="")
    assert browser.status == 422
    browser.post(answer, answer="We own the vans.")
    fine(browser)
    browser.post(answer, answer="And more.")
    assert browser.status == 409, "it was sent"
    assert "We own the vans." in panel.main("Cleo", "/exchanges")
    history = f"/tenders/{panel.tender.id}/workspace/history"
    assert "Moss" not in panel.as_("lead").main(history).text
    panel.as_("Officer").post(f"{panel.at}/bidders/{moss.id}/disregard", **why)
    fine(browser)
    seen = rows(panel, "Chair")
    assert seen[moss.number][0] == NO_PLACE
    reed = seen[panel.bidder("Reed").number]
    assert Decimal(reed[4]) == 40, "the lowest price is that of the bids that are considered"
    panel.finalise()
    fine(browser)


def in_days(days: int) -> tuple[str, str, str]:
    day = on(days)
    return str(day.day), str(day.month), str(day.year)


def test_standards_are_filled_in_from_what_was_assessed_and_judged_with_a_reason(make, browser):
    version = make.standard()
    about = {"included": True, "because": "", "clause": "It meets it.", "obligation": "Mandatory"}
    standard = {"id": str(version.id), "name": "Web accessibility 2.2", **about}
    panel = seated(judged(make, browser, prices=PRICES, standards=[standard]))
    panel.begin()
    agreed(panel)
    panel.lock()
    assert browser.status == 409
    assert "meets Web accessibility 2.2" in browser.text
    for supplier, met in (("Moss", "true"), ("Fern", "false"), ("Reed", "true")):
        at = f"{panel.at}/bidders/{panel.bidder(supplier).id}/standards/{version.id}"
        panel.as_("Chair").post(at, met=met)
        assert browser.status == 422, "with a reason"
        panel.as_("Chair").post(at, met=met, because="As its report shows.")
        fine(browser)
    panel.lock()
    fine(browser)
    fern = rows(panel, "Chair")[panel.bidder("Fern").number]
    assert "It does not meet Web accessibility 2.2, which is mandatory." in fern[1]
    assert fern[0] == NO_PLACE

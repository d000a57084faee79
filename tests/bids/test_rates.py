"""A tender can ask for the price of a day of a role: no more than the supplier's rate card says."""

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from marketplace.bids import actions
from marketplace.bids.models import Bid
from marketplace.catalogue.rate_models import Rate
from marketplace.core import db
from marketplace.perform import lock
from marketplace.tenders import queries as tenders
from marketplace.tenders.models import Tender
from tests.bids.bidding import Bidder, answers, closing, published
from tests.challenges.test_races import race

__all__ = ["race"]
DEVELOPER, DESIGNER = "software-developer", "service-designer"


@pytest.fixture
def tender(make, camden, hackney) -> Tender:
    return published(make, camden, hackney, day_roles=(DEVELOPER, DESIGNER))


def priced(developer: str = "650", designer: str = "700") -> dict[str, str]:
    """The price table: a line for each role, and one for something else."""
    return {
        "line1_role": DEVELOPER,
        "line1_quantity": "40",
        "line1_price": developer,
        "line2_role": DESIGNER,
        "line2_item": "Workshops with residents",
        "line2_quantity": "10",
        "line2_price": designer,
        "line3_item": "Yearly fee",
        "line3_quantity": "1",
        "line3_price": "12,500",
        "vat_rate": "20",
    }


def declare(bidder: Bidder, developer: str = "650", designer: str = "700") -> None:
    typed = {"software_developer": developer, "service_designer": designer}
    bidder.browser.as_(bidder.actor).post("/organisation/rates", **typed)
    assert bidder.browser.status == 200


def submitted(bidder: Bidder, **prices: str) -> None:
    bidder.start()
    bidder.write(prices=priced(**prices))
    bidder.submit()
    assert bidder.browser.status == 200


def test_a_table_begins_with_a_line_for_each_role_and_the_most_beside_it(bidder: Bidder):
    declare(bidder, designer="")
    bidder.start()
    seen = bidder.browser.main(f"{bidder.at}/tasks/prices")
    chosen = [one["value"] for one in seen.select("select option[selected]")]
    assert chosen == [DEVELOPER, DESIGNER]
    most = " ".join(seen.select_one("#most").text.split())
    assert "Software developer: £650 a day at most, since" in most
    assert "Service designer: declare the most you charge before you submit" in most
    bidder.save("prices", automatic=True, line1_item="Yearly fee", line1_role="")
    seen = bidder.browser.main(f"{bidder.at}/tasks/prices")
    for number, role in enumerate((DEVELOPER, DESIGNER), 2):
        chosen = seen.select_one(f"[name=line{number}_role] option[selected]")
        assert chosen["value"] == role, "on the free lines"


def test_a_price_above_the_card_is_refused_at_the_field_with_both_figures(bidder: Bidder):
    declare(bidder)
    bidder.start()
    seen = bidder.save("prices", **priced(developer="650.01"))
    why = seen.select_one("#line1_price-error").text
    assert "£650.01 is more than £650" in why
    assert "change the card" in why
    assert not seen.select("#line2_price-error, #line3_price-error")
    assert seen.select_one("[name=line1_price]")["value"] == "650.01", "it is kept as typed"
    assert seen.select_one("a[href='/organisation/rates']")
    bidder.save("prices", **priced(developer="650"))
    assert "As saved: £45,500" in bidder.main("/tasks/prices"), "as much as the card says"


def test_a_role_that_the_card_lacks_is_to_be_mended_before_submitting_and_no_error(
    bidder: Bidder,
):
    declare(bidder, designer="")
    bidder.start()
    bidder.write(prices=priced())
    assert "Saved." in bidder.browser.text
    seen = bidder.main()
    assert "Your rate card has no rate yet for: Service designer" in seen
    assert "1 task is left to do" in seen
    assert "no rate yet for Service designer" in bidder.main("/submit")
    bidder.browser.post(f"{bidder.at}/submit")
    assert bidder.browser.status == 409
    declare(bidder)
    assert "Everything is there" in bidder.main()
    bidder.submit()
    assert "£700 at most" in bidder.main("/receipt")


def test_every_role_that_is_asked_for_has_a_line(bidder: Bidder):
    declare(bidder)
    bidder.start()
    without = {name: text for name, text in priced().items() if not name.startswith("line2")}
    seen = bidder.save("prices", **without)
    assert "Give a line to a day of each: Service designer" in seen.text
    seen = bidder.save("prices", **{**priced(), "line1_role": "astronaut"})
    assert bidder.browser.status == 422
    assert "Choose a role of this tender" in seen.text


def test_the_card_is_judged_again_when_the_bid_is_submitted(bidder: Bidder):
    declare(bidder)
    bidder.start()
    bidder.write(prices=priced())
    declare(bidder, developer="600")
    bidder.browser.post(f"{bidder.at}/submit")
    assert bidder.browser.status == 409
    seen = bidder.main("/submit")
    assert "£650 is more than £600" in seen


def test_a_later_change_of_the_card_does_not_touch_what_was_submitted(bidder: Bidder):
    declare(bidder)
    submitted(bidder)
    for developer in ("600", "", "800"):
        declare(bidder, developer=developer)
        assert "What you see here is what counts" in bidder.main(), developer
        assert "£650 at most" in bidder.main("/receipt")
    declare(bidder, developer="600")
    bidder.save("contact", contact_name="Ash Moss", contact_email="ash@moss.example")
    assert "Your bid counts as it is now" in bidder.browser.text, "the rest can be changed"
    receipt = bidder.main("/receipt")
    assert "Ash Moss" in receipt
    assert "£650 at most" in receipt, "what it was checked against is kept"
    bidder.save("prices", **priced(developer="651"))
    assert "£651 is more than £600" in bidder.browser.text, "a higher price is judged anew"
    bidder.save("prices", **priced(developer="640"))
    assert "Your bid counts as it is now" in bidder.browser.text, "a lower one is not"


def test_whoever_withdraws_begins_again_with_the_card_as_it_is(bidder: Bidder):
    declare(bidder)
    submitted(bidder)
    declare(bidder, developer="600")
    bidder.browser.post(f"{bidder.at}/withdraw")
    assert "£650 is more than £600" in bidder.main("/submit")


def test_a_raised_card_lets_a_submitted_bid_ask_more(bidder: Bidder):
    declare(bidder)
    submitted(bidder)
    declare(bidder, developer="800")
    bidder.save("prices", **priced(developer="790"))
    assert "Your bid counts as it is now" in bidder.browser.text
    assert "£800 at most" in bidder.main("/receipt")


def test_what_a_bid_was_checked_against_stands_in_it_once_it_is_open(
    make, bidder: Bidder, camden, hackney, session
):
    declare(bidder)
    submitted(bidder)
    declare(bidder, developer="600")
    at, browser = f"/tenders/{bidder.tender.id}/workspace/bids", bidder.browser
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        browser.as_(make.author(camden)).post(f"{at}/begin")
        browser.as_(make.approver(hackney)).post(f"{at}/open")
        assert "On the rate card: £650 at most" in bidder.main()
    session.rollback()
    bid = session.exec(select(Bid)).one()
    kept: Any = bid.content["prices"]["lines"]
    assert [one.get("most") for one in kept] == ["650", "700", None]
    assert bid.total == Decimal(45_500)


def test_a_tender_without_roles_asks_as_ever(make, browser, camden, supplier):
    plain = Bidder(browser, make.manager(supplier), published(make, camden, title="Plain"))
    plain.start()
    assert not plain.browser.main(f"{plain.at}/tasks/prices").select("[name=line1_role], #most")
    plain.save("prices", **answers()["prices"])
    assert "rate card" not in plain.main()


@pytest.mark.parametrize("attempt", range(2))
def test_a_card_that_is_lowered_while_somebody_submits_leaves_no_bid_that_was_not_checked(
    marketplace, bidder: Bidder, session, race, attempt
):
    """Whichever comes first: the bid counts with the rate that held then, or it does not count."""
    declare(bidder)
    bidder.start()
    bidder.write(prices=priced())

    def submit(opened):
        ctx = marketplace.context(opened, bidder.actor)
        actions.submit(ctx, tenders.one(ctx, bidder.tender.id))

    def lower(opened):
        found = select(Rate).where(Rate.role == DEVELOPER)
        row = opened.exec(found).one()
        lock(marketplace.context(opened, bidder.actor), row)
        row.amount = Decimal(600)
        opened.add(row)

    told = race(submit, lower)
    with db.reading(marketplace.engine) as opened:
        ctx = marketplace.context(opened, bidder.actor)
        box = actions.queries.one_own(ctx, tenders.one(ctx, bidder.tender.id))
        counts = bool(box.bid.submitted_at)
        rates = [one.get("most") for one in box.bid.content["prices"]["lines"]] if counts else []
    assert counts == (told == ["done", "done"])
    assert rates in ([], ["650", "700", None])

"""The home page of a supplier: its drafts, its bids, and what its products answer."""

from datetime import timedelta

from auth.actor import Role
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage
from marketplace.core.times import now
from search.port import Unavailable
from tests.bids.bidding import Bidder, published
from tests.home.blocks import in_days, items, text


def test_a_supplier_sees_its_drafts_and_what_its_products_answer_with_the_reason(
    browser, make, reindex
):
    camden, supplier = make.authority("Camden"), make.supplier()
    make.product(supplier)
    make.product(supplier, Listing.DRAFT, name="Half done")
    make.product(make.supplier("Rival"), Listing.DRAFT, name="Of a rival")
    make.challenge(camden, closes_on=in_days(12))
    make.challenge(
        camden,
        title="Library fines",
        need="Readers queue to pay fines for late books.",
        affected="Readers",
        outcomes="No queue",
        today="Tills",
        constraints="",
        area="libraries",
        cpv=["92500000"],
    )
    reindex()

    seen = browser.as_(make.manager(supplier)).get("/home")

    assert items(seen, "needs-you") == [
        "Finish: Half done",
        "Missed bin collections are hard to trace",
    ]
    said = text(seen, "needs-you")
    assert "Camden needs this, and Roundwise answers it" in said
    assert "Made for Waste and street cleansing" in said
    assert "in 12 days" in said
    assert seen.select("#needs-you mark")
    assert items(seen, "coming-up") == ["Missed bin collections are hard to trace"]
    assert items(seen, "new") == ["Library fines"]
    assert items(seen, "yours") == ["1 Draft", "1 Listed"]
    assert "Of a rival" not in seen.text


def test_a_supplier_reads_nothing_that_only_authorities_tell_each_other(browser, make, reindex):
    camden, supplier = make.authority("Camden"), make.supplier()
    make.product(supplier)
    make.commitment(
        make.challenge(camden, closes_on=in_days(10)),
        make.authority("Hackney"),
        band="over-1m",
        contract_ends=in_days(11),
        note="Between us authorities",
    )
    make.challenge(camden, Stage.DRAFT, title="Secret plan")
    reindex()

    seen = browser.as_(make.manager(supplier)).get("/home")

    for hidden in ("Between us", "Secret plan", "1 million", "contract ends"):
        assert hidden not in seen.text


def test_the_home_of_a_supplier_does_without_the_search(browser, make, index, monkeypatch):
    def out(_):
        raise Unavailable("The engine does not answer.")

    supplier = make.supplier()
    make.product(supplier)
    monkeypatch.setattr(index, "match", out)

    seen = browser.as_(make.manager(supplier)).get("/home")

    assert browser.status == 200
    assert "Search is not available" in text(seen, "needs-you")


def test_a_supplier_is_told_of_a_bid_that_is_not_submitted(browser, make, reindex):
    camden = make.authority("Camden")
    tender = published(make, camden, closes_at=now() + timedelta(days=2, hours=3))
    supplier = make.supplier("Moss Repairs")
    bidder = Bidder(browser, make.manager(supplier), tender)
    bidder.start()
    seen = " ".join(browser.main("/home").text.split())
    assert "Submit: your bid for Plan repairs" in seen
    assert "Closes in 2 days" in seen
    everything = make.actor(supplier, Role.MANAGER, Role.ADMINISTRATOR)
    browser.as_(everything).get("/home")
    assert browser.status == 200, "with no more questions than a page may ask"
    for other in (make.manager(make.supplier("Fern")), make.author(camden), make.curator()):
        assert "your bid for" not in browser.as_(other).main("/home").text, other.name
    bidder.write()
    bidder.submit()
    seen = " ".join(browser.main("/home").text.split())
    assert "Submit: your bid" not in seen
    assert "Your bid is submitted. Bidding closes" in seen

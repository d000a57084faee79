"""A supplier writes its bid, submits it, changes it and takes it back."""

import time_machine

from tests.bids.bidding import Bidder, closing


def test_a_bid_is_begun_written_submitted_and_opened_by_two(bidder: Bidder, make, camden, hackney):
    bidder.start()
    assert "4 tasks are left to do" in bidder.main()
    bidder.write()
    bidder.attach()
    assert "Everything is there." in bidder.main()
    seen = bidder.submit()
    assert "Bid submitted" in seen.h1.text
    assert "£50,002 without VAT" in seen.text
    assert "£60,002.40" in seen.text
    first, second = make.approver(camden), make.author(hackney)
    work = f"/tenders/{bidder.tender.id}/work/bids"
    browser = bidder.browser
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        browser.as_(first).post(f"{work}/begin")
        assert browser.status == 200
        seen = browser.as_(second).post(f"{work}/open")
    assert browser.status == 200
    assert "1 bid was opened" in seen.text
    link = seen.select_one("#opened a")
    seen = browser.main(str(link["href"]))
    assert "On a map, with all operatives and their skills." in seen.text
    browser.get(str(seen.select_one("a[href*=files]")["href"]))
    assert browser.text == "Where the vans are.\n"

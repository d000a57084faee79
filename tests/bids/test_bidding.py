"""A supplier writes its bid, submits it, changes it and takes it back."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from marketplace.claims.models import Claim
from marketplace.claims.models import Stage as ClaimStage
from marketplace.core.times import now
from marketplace.tenders.lot_models import Lot
from tests.bids.bidding import (
    ANSWER,
    LOT,
    OTHER_LOT,
    Bidder,
    amended,
    answers,
    closing,
    published,
)
from tests.tenders.drafting import fine


def test_whoever_cannot_bid_reads_why_and_how_to_mend_it(make, browser, tender, camden):
    unsigned = make.supplier("Newcomer", signed=False)
    signed = make.supplier("Signed")
    at = f"/tenders/{tender.id}/bid"
    for who, why, link in (
        (make.manager(unsigned), "has not signed the platform agreement", "who can sign"),
        (make.actor(signed), "must be a manager", "colleagues and their roles"),
        (make.author(camden), "Only suppliers can bid, and you act for Camden.", ""),
        (make.newcomer(), "You act for no supplier yet", "Register your company"),
    ):
        seen = browser.as_(who).main(at)
        assert why in seen.text, why
        assert link in seen.text, link
        assert not seen.select("form"), why
        browser.post(at)
        assert browser.status in (403, 409), why


def test_a_bid_is_one_whoever_of_the_colleagues_begins_it(bidder: Bidder, make, supplier):
    bidder.start()
    bidder.save("contact", contact_name="First", contact_email="a@moss.example")
    colleague = make.manager(supplier)
    bidder.browser.as_(colleague).post(bidder.at)
    seen = bidder.browser.main(f"{bidder.at}/tasks/contact")
    assert seen.select_one("#contact_name")["value"] == "First"
    looking = bidder.browser.as_(make.actor(supplier)).main(f"{bidder.at}/tasks/contact")
    assert not looking.select("button"), "who is no manager reads it"
    bidder.browser.post(f"{bidder.at}/tasks/contact", contact_name="Mine")
    assert bidder.browser.status == 403


def test_an_answer_that_is_too_long_is_kept_and_refused_at_the_field(bidder: Bidder):
    bidder.start()
    text = "word " * 15
    seen = bidder.save("question-1", **{ANSWER: text})
    assert bidder.browser.status == 422
    why = "Your answer has 15 words. Cut it to 12 or fewer"
    assert why in seen.select_one(f"#{ANSWER}-error").text
    assert "How do you plan a day of repairs?" in seen.text
    assert "60% of the marks" in seen.text
    saved = bidder.browser.main(f"{bidder.at}/tasks/question-1")
    assert saved.select_one("textarea").text.strip() == text.strip(), "it was kept"
    bidder.save("question-1", automatic=True, **{ANSWER: text})
    assert "15 of 12 words. That is too many to submit." in bidder.browser.text
    seen = bidder.browser.main(f"{bidder.at}/submit")
    assert why in seen.text
    bidder.browser.post(f"{bidder.at}/submit")
    assert bidder.browser.status == 409


def test_prices_are_exact_and_a_line_is_whole_or_refused(bidder: Bidder):
    bidder.start()
    lines = {
        "line1_item": "Licence",
        "line1_quantity": "3",
        "line1_price": "£1,000.10",
        "line2_item": "Set-up",
        "line3_price": "12.345",
        "vat_rate": "20",
    }
    seen = bidder.save("prices", **lines)
    assert bidder.browser.status == 422
    errors = {one["href"] for one in seen.select(".govuk-error-summary a")}
    assert errors == {"#line3_price"}, "first what cannot be read"
    seen = bidder.save("prices", **lines | {"line3_price": ""})
    errors = {one["href"] for one in seen.select(".govuk-error-summary a")}
    assert errors == {"#line2_quantity", "#line2_price"}
    assert seen.select_one("#line1_price")["value"] == "£1,000.10", "as it was typed"
    bidder.save(
        "prices", **lines | {"line2_quantity": "0.5", "line2_price": "1", "line3_price": ""}
    )
    seen = bidder.browser.main(f"{bidder.at}/tasks/prices").select_one("#sums").text
    assert "£3,000.80 without VAT, £3,600.96 with VAT" in seen


def test_two_tabs_keep_both_texts(bidder: Bidder, make, supplier):
    bidder.start()
    first = bidder.browser.as_(bidder.actor).get(f"{bidder.at}/tasks/question-1")
    opened = {one["name"]: one["value"] for one in first.select("#section input[type=hidden]")}
    bidder.actor = make.manager(supplier)
    bidder.save("question-1", **{ANSWER: "Theirs."})
    late = {**opened, ANSWER: "Mine."}
    seen = bidder.browser.send(f"{bidder.at}/tasks/question-1", late)
    assert bidder.browser.status == 409
    assert "changed this part after you opened it" in seen.text
    assert "Theirs." in seen.select_one(".govuk-notification-banner").text
    assert seen.select_one("textarea").text.strip() == "Mine."
    again = {one["name"]: one["value"] for one in seen.select("#section input[type=hidden]")}
    bidder.browser.send(f"{bidder.at}/tasks/question-1", {**again, ANSWER: "Both."})
    assert bidder.browser.status == 200


def test_what_changes_after_submitting_counts_once_it_is_whole(bidder: Bidder):
    bidder.bid()
    first = bidder.browser.main(f"{bidder.at}/receipt").text
    bidder.save("question-1", **{ANSWER: "Better."})
    assert "What you see here is what counts" in bidder.main()
    assert "Better." in bidder.main("/receipt")
    assert "Better." not in first
    bidder.save("question-1", **{ANSWER: "word " * 13})
    assert "Your last changes do not count yet" in bidder.main()
    assert "Better." in bidder.main("/receipt"), "the last complete version counts"
    bidder.save("question-1", automatic=True, **{ANSWER: "Best."})
    assert "to let it count" in bidder.browser.text
    assert "Better." in bidder.main("/receipt")
    bidder.submit()
    assert "Best." in bidder.main("/receipt")


def test_a_bid_is_withdrawn_and_what_was_written_stays(bidder: Bidder):
    bidder.bid()
    bidder.browser.post(f"{bidder.at}/withdraw")
    assert "Not submitted" in bidder.main()
    assert "Everything is there." in bidder.main()
    bidder.browser.get(f"{bidder.at}/receipt")
    assert bidder.browser.status == 404
    bidder.submit()


def test_lots_are_chosen_within_the_bid(make, browser, camden, supplier):
    tender = published(make, camden, lots=True)
    bidder = Bidder(browser, make.manager(supplier), tender)
    bidder.start()
    seen = bidder.browser.main(f"{bidder.at}/tasks/lots").text
    assert "Lot 1: North" in seen
    assert "You can win at most 1." in seen
    bidder.save("lots")
    assert bidder.browser.status == 422
    price = {"line1_item": "Fee", "line1_quantity": "1", "line1_price": "5", "vat_rate": "0"}
    bidder.write(lots={"lots": [OTHER_LOT]}, prices=price | {"line1_lot": LOT})
    bidder.submit()
    assert "South" in bidder.main("/receipt")


@pytest.fixture
def wanted(make, supplier):
    """A standard that a tender asks for, with a claim of the supplier's that LOTI assessed."""
    version = make.standard()
    product = make.product(supplier)
    claim = make(
        Claim(
            version_id=version.id,
            organisation_id=supplier.id,
            product_id=product.id,
            stage=ClaimStage.MET,
            decided_at=now() - timedelta(days=9),
            ends_on=now().date() + timedelta(days=200),
        )
    )
    about = {"included": True, "because": "", "clause": "It meets it.", "obligation": "Mandatory"}
    return claim, {"id": str(version.id), "name": "Web accessibility 2.2", **about}


def test_what_loti_assessed_is_chosen_and_not_asked_again(
    make, browser, camden, supplier, wanted, session
):
    claim, standard = wanted
    tender = published(make, camden, standards=[standard])
    bidder = Bidder(browser, make.manager(supplier), tender)
    bidder.start()
    meets, how = (f"{part}_{claim.version_id.hex}" for part in ("meets", "how"))
    bidder.save("standards", **{meets: "other"})
    assert bidder.browser.status == 422, "another way needs words"
    bidder.write(standards={meets: str(claim.id)})
    bidder.submit()
    assert "Met, assessed by LOTI" in bidder.main("/receipt")
    claim.stage = ClaimStage.REVOKED
    make(claim)
    bidder.save("contact", contact_name="Ash", contact_email="ash@moss.example")
    assert "Your last changes do not count yet" in bidder.main()
    assert "Met, assessed by LOTI" in bidder.main("/receipt"), "as it was when it was submitted"
    at = f"{bidder.at}/tasks/standards"
    assert not bidder.browser.main(at).select(f"[name={meets}]"), "there is nothing to choose"
    bidder.save("standards", **{how: "The same tests by another laboratory."})
    assert "another laboratory" in bidder.main("/receipt")


def test_a_claim_that_is_assessed_later_does_not_re_open_what_was_answered_in_words(
    make, browser, camden, supplier, wanted
):
    claim, standard = wanted
    claim.stage = ClaimStage.REVOKED
    make(claim)
    bidder = Bidder(browser, make.manager(supplier), published(make, camden, standards=[standard]))
    bidder.start()
    meets, how = (f"{part}_{claim.version_id.hex}" for part in ("meets", "how"))
    bidder.write(standards={how: "A test by another laboratory."})
    bidder.submit()
    claim.stage = ClaimStage.MET
    make(claim)
    assert bidder.browser.main(f"{bidder.at}/tasks/standards").select(f"[name={meets}]")
    assert "Incomplete" not in bidder.main()
    assert "another laboratory" in bidder.main("/receipt")


def test_members_of_a_consortium_say_what_they_bring(bidder: Bidder):
    bidder.start()
    bidder.save("consortium", members="Fern\nfern", brings="Vans")
    assert "Name each member once" in bidder.browser.text
    bidder.save("consortium", members="Fern\nReed", brings="")
    assert bidder.browser.status == 422
    bidder.write(consortium={"members": "Fern\r\nReed", "brings": "Vans, and Cyber Essentials."})
    bidder.submit()
    assert "Fern, Reed" in bidder.main("/receipt")


def test_registered_members_are_found_and_bring_what_loti_assessed(
    make, browser, camden, supplier, wanted, session
):
    claim, standard = wanted  # of the supplier that becomes a member here
    supplier.companies_house_number = "01234567"
    make(supplier)
    tender = published(make, camden, standards=[standard])
    namesakes = [make.supplier(name) for name in ("Moss Repairs", "Fern")]
    hidden = make.supplier("Moss and Sons", signed=False)
    bidder = Bidder(browser, make.manager(make.supplier("Reed")), tender)
    bidder.start()
    seen = bidder.save("consortium", find="members", words="moss", members="Fern", brings="Vans")
    offered = [str(box["value"]) for box in seen.select("[name=members][type=checkbox]")]
    assert sorted(offered) == ["Moss Repairs", "Moss Repairs (01234567)"]
    assert hidden.name not in seen.text, "it is in no list"
    assert seen.select_one("textarea[name=members]").text.strip() == "Fern", "nothing is lost"
    assert "Not started" in bidder.main(), "nothing is saved by looking"
    seen = bidder.save("consortium", find="members", words="01234567", members="", brings="")
    assert len(seen.select("[name=members][type=checkbox]")) == 1
    seen = bidder.save("consortium", find="members", words="Nobody at all", members="", brings="")
    assert "No other registered supplier is called" in seen.text
    members = ["Moss Repairs (01234567)", "Fern\nMoss Repairs\nSwift"]
    bidder.save("consortium", members=members, brings="Vans")
    seen = bidder.browser.main(f"{bidder.at}/tasks/consortium").select("#members-known li")
    known = [" ".join(one.get_text(" ").split()) for one in seen]
    assert known[0].startswith("Moss Repairs (01234567): registered here")
    assert "met, assessed on" in known[0]
    assert "Fern: registered here LOTI has assessed nothing" in known[1]
    assert known[2:] == ["Moss Repairs: not registered here", "Swift: not registered here"], (
        "a name that two have tells nothing without a number"
    )
    how = {f"how_{claim.version_id.hex}": "Moss Repairs meets it for us."}
    bidder.write(standards=how, consortium={"members": members, "brings": "Vans"})
    bidder.submit()
    claim.stage = ClaimStage.REVOKED
    make(claim)
    told = bidder.main("/receipt")
    assert "Swift (not registered here) No assessed claim" in told
    assert "Moss Repairs (01234567) Met, assessed by LOTI" in told, "as it was when submitted"
    assert namesakes[1].name in told


def test_evidence_is_asked_within_a_yes_and_a_no_discards_it(
    bidder: Bidder, make, camden, hackney, browser
):
    bidder.start()
    bidder.write()
    ground, more = "A fine of 2024, with what changed.", {"mandatory": "true"}
    typed = answers()["declaration"]
    seen = bidder.browser.main(f"{bidder.at}/tasks/declaration")
    yes, no = seen.select("input[name=mandatory]")
    within = seen.select_one(f"#{yes['data-aria-controls']}")
    assert "govuk-radios__conditional--hidden" in within["class"], "which only JavaScript hides"
    label = within.select_one("label[for=mandatory_details]").text.strip()
    assert label == "If yes: which, when, and what you have done since"
    assert not no.has_attr("data-aria-controls")
    assert len(seen.select("[name=mandatory_details]")) == 1
    seen = bidder.save("declaration", **typed | more)
    assert bidder.browser.status == 422, "a yes has to say more"
    assert seen.select_one(".govuk-error-summary a")["href"] == "#mandatory_details"
    assert "Say which ground" in seen.text
    assert "Schedule 6" in seen.text
    within = seen.select_one("#conditional-mandatory")
    assert "govuk-radios__conditional--hidden" not in within["class"]
    bidder.save("declaration", **typed | more | {"mandatory_details": ground})
    assert ground in bidder.main("/submit")
    for said in (ground, ground * 200):
        bidder.save("declaration", **typed | {"mandatory_details": said})
        assert bidder.browser.status == 200, "with a no it is not even looked at"
    assert ground not in bidder.main("/submit")
    bidder.submit()
    assert ground not in bidder.main("/receipt")
    with time_machine.travel(closing(bidder.tender, 1), tick=False):
        for who, step in ((make.author(camden), "begin"), (make.author(hackney), "open")):
            browser.as_(who).post(f"/tenders/{bidder.tender.id}/workspace/bids/{step}")
        at = browser.main(f"/tenders/{bidder.tender.id}/workspace/bids")
        assert not at.select("#opened"), "the panel reads numbers"
        assert ground not in bidder.main()
        assert "A mandatory exclusion ground applies (Schedule 6) No" in bidder.main()


def test_after_a_change_that_counts_a_bid_is_confirmed_again(bidder: Bidder, make):
    bidder.bid()
    amended(make, bidder.tender, material=False)
    assert "Confirm your bid again" not in bidder.main()
    amended(make, bidder.tender, material=True)
    seen = bidder.main()
    assert "Confirm your bid again, until" in seen
    assert "counts as not submitted" in seen
    bidder.save("question-1", **{ANSWER: "As amended."})
    assert "Confirm your bid again" in bidder.main(), "a change alone is no confirmation"
    assert "As amended." not in bidder.main("/receipt")
    assert "Confirm it again" in bidder.browser.main("/bids").text
    assert "Confirm again: your bid for" in bidder.browser.main("/home").text
    bidder.browser.post(f"{bidder.at}/confirm")
    assert "Confirm it again" not in bidder.browser.main("/bids").text
    assert "Confirm again: your bid for" not in bidder.browser.main("/home").text
    assert "Confirm your bid again" not in bidder.main()
    assert "As amended." in bidder.main("/receipt")


def test_a_file_is_checked_like_any_other(bidder: Bidder):
    bidder.start()
    seen = bidder.attach("plan.html", b"<script>alert(1)</script>")
    assert bidder.browser.status == 422
    assert "web page, drawing or script" in seen.text
    seen = bidder.attach()
    bidder.browser.get(str(seen.select_one("a[href*='/files/']")["href"]))
    assert bidder.browser.text == "Where the vans are.\n"
    seen = bidder.browser.main(f"{bidder.at}/files")
    bidder.browser.post(str(seen.select_one("form[action$=remove]")["action"]))
    assert "No files yet." in bidder.main("/files")


def test_ones_own_bids_stand_in_a_list_to_go_on_with(bidder: Bidder, make, camden):
    bidder.start()
    other = Bidder(bidder.browser, bidder.actor, published(make, camden, title="Trim hedges"))
    other.bid()
    seen = bidder.browser.as_(bidder.actor).main("/bids")
    assert {one.text for one in seen.select(".govuk-tag")} == {"Submitted", "Not submitted"}
    assert "Trim hedges" in seen.text


def test_the_sums_of_a_bid_leave_out_a_lot_that_ended_after_it_was_submitted(
    make, browser, camden, supplier
):
    tender = published(make, camden, lots=True)
    bidder = Bidder(browser, make.manager(supplier), tender)
    bidder.start()
    prices = {
        "line1_lot": LOT,
        "line1_item": "Fee",
        "line1_quantity": "1",
        "line1_price": "100.05",
        "line2_lot": OTHER_LOT,
        "line2_item": "Fee",
        "line2_quantity": "2",
        "line2_price": "40",
        "vat_rate": "20",
    }
    bidder.write(lots={"lots": [LOT, OTHER_LOT]}, prices=prices)
    bidder.submit()
    assert "Total with VAT £216.06" in bidder.main("/receipt")
    rows = ((LOT, "North"), (OTHER_LOT, "South"))
    for position, (id, title) in enumerate(rows, 1):
        make(Lot(id=UUID(id), position=position, title=title, tender_id=tender.id))
    ending = f"/tenders/{tender.id}/workspace/lots/{OTHER_LOT}/end"
    browser.as_(make.author(camden)).post(ending, because="No money is left.")
    fine(browser)
    seen = bidder.main("/receipt")
    assert "South has ended. The sums are without it." in seen
    row = browser.main(f"{bidder.at}/receipt").select("#offered-prices tbody tr")[1]
    shown = [one.text for one in row.select("th, td")]
    assert shown == ["South (ended)", "Fee", "2", "£40", "£80"], "as it was submitted"
    assert "Prices: £100.05 without VAT" in seen
    assert "VAT £20.01" in seen
    assert "Total with VAT £120.06" in seen

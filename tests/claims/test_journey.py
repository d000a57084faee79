"""A claim from its supplier's first word to what authorities rely on, through the pages."""

from datetime import timedelta

import pytest

from auth.actor import VISITOR
from marketplace.claims.models import Claim, Stage
from tests.claims import rows
from tests.claims.conftest import PDF, dated


def test_a_claim_is_assessed_once_and_every_authority_can_rely_on_it(browser, walk, world):
    walk.is_met()
    page = browser.as_(world.camden).main(walk.claim)
    assert "Met" in page.get_text()
    assert "Rely on this" in page.get_text()

    record = walk.relies(condition="Data stays in the UK")
    said = browser.main(record).get_text(" ", strip=True)
    assert "Data stays in the UK" in said
    assert "certificate.pdf" in said
    assert "We do “Firewalls” as it asks." in said


def test_what_everybody_sees_says_claimed_until_loti_has_decided(browser, walk, world):
    address = f"/products/{world.product.id}/standards"
    walk.claims().answers()
    walk.shows()
    for act in (walk.submits, walk.takes):
        act()
        said = browser.as_(VISITOR).main(address).get_text(" ", strip=True)
        assert "Claimed" in said
        assert "assessment" not in said
        page = browser.main(walk.claim).get_text(" ", strip=True)
        assert "We do “Firewalls”" not in page
        assert "Fenwick" not in page


def test_only_the_named_points_can_be_mended_and_only_in_time(
    browser, walk, world, points, today, clock
):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    walk.marks(points[0])
    walk.marks(points[1], "not-met", reason="missing", feedback="Say how often.")
    by = today + timedelta(days=7)
    browser.post(f"{walk.bench}/return", message="Updates, please", **dated("fix_by", by))
    assert browser.status == 200

    browser.as_(world.manager)
    said = browser.main(walk.claim).get_text(" ", strip=True)
    assert "Updates, please" in said
    assert "7 days are left" in said
    assert "Say how often." in browser.main(f"{walk.claim}/points/{points[1].id}").get_text()
    locked = browser.main(f"{walk.claim}/points/{points[0].id}")
    assert not locked.select("textarea")
    browser.post(f"{walk.claim}/points/{points[0].id}", text="Something else")
    assert browser.status == 409
    assert "did not ask for changes" in browser.text
    browser.post(f"{walk.claim}/points/{points[1].id}", text="Weekly.")
    assert browser.status == 200

    with clock(days=8):
        browser.post(f"{walk.claim}/points/{points[1].id}", text="Daily.")
        assert browser.status == 409
        assert "time to mend it is over" in browser.text
        browser.post(f"{walk.claim}/submit")
        assert browser.status == 409
    walk.submits()


def test_what_was_not_met_keeps_its_accepted_points_when_it_is_tried_again(
    browser, walk, world, points
):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    walk.marks(points[0])
    walk.marks(points[1], "not-met", reason="unclear", feedback="How often?")
    walk.decides()
    assert "Met in part" in browser.as_(world.manager).main(walk.claim).get_text()
    before = walk.claim
    browser.post(f"{walk.claim}/renew")
    walk.claim = walk.newest(Claim)
    assert "Accepted by LOTI" in browser.main(walk.claim).get_text()
    browser.post(f"{walk.claim}/points/{points[0].id}", text="Something else")
    assert browser.status == 409
    walk.answers(points[1])
    walk.submits().takes()
    walk.marks(points[0], "not-met", reason="missing")
    assert browser.status == 409
    walk.marks(points[1])
    walk.decides()
    said = browser.as_(world.manager).main(before).get_text(" ", strip=True)
    assert "A newer claim has taken the place" in said
    assert "How often?" in said


def test_the_supplier_reads_exactly_what_it_sent_with_the_reason_of_each_point(
    browser, walk, world, points
):
    walk.claims().answers()
    walk.shows(file=("certificate.pdf", PDF))
    walk.submits().takes()
    walk.marks(points[0], "equivalent", reason="other-way", feedback="ISO 27001 covers it.")
    walk.marks(points[1], "partly-met", reason="old", feedback="The log is of 2019.")
    said = browser.as_(world.manager).main(walk.claim).get_text(" ", strip=True)
    assert "The log is of 2019." not in said
    walk.decides()
    said = browser.as_(world.manager).main(walk.claim).get_text(" ", strip=True)
    for words in (
        "We do “Firewalls” as it asks.",
        "certificate.pdf",
        "Equivalent accepted",
        "ISO 27001 covers it.",
        "What is shown is out of date",
        "The log is of 2019.",
        "Well shown.",
    ):
        assert words in said


def test_nothing_is_decided_while_a_point_is_open(browser, walk, points):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    walk.marks(points[0])
    browser.post(f"{walk.bench}/decide")
    assert browser.status == 409
    assert "Still to assess: Updates" in browser.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"verdict": "not-met"}, "Select the reason why it is “not met”"),
        ({"verdict": "equivalent", "reason": "other-way"}, "Say what is equivalent"),
        ({"verdict": ""}, "Select what you found"),
    ],
)
def test_anything_but_met_needs_a_reason(browser, walk, points, given, says):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    walk.marks(points[0], **given)
    assert browser.status == 422
    assert says in browser.text


def test_a_revocation_reaches_the_record_and_the_people_and_the_record_keeps_what_it_was(
    browser, walk, world, news
):
    walk.is_met()
    record = walk.relies(condition="Data stays in the UK")
    browser.as_(world.curator).post(f"{walk.claim}/revoke", because="The certificate was forged.")
    assert browser.status == 200
    while news():
        pass
    said = browser.as_(world.camden).main(record).get_text(" ", strip=True)
    assert "LOTI revoked it: The certificate was forged." in said
    assert "certificate.pdf" in said
    assert "Data stays in the UK" in said
    for who in (world.camden, world.manager):
        inbox = browser.as_(who).main("/notifications").get_text(" ", strip=True)
        assert "The certificate was forged." in inbox
    assert "forged" not in browser.as_(world.hackney).main("/notifications").get_text()
    walk.relies(world.hackney)
    assert browser.status == 409


def test_a_supplier_learns_how_many_rely_and_who_only_where_the_authority_says_so(
    browser, walk, world
):
    walk.is_met()
    hidden, named = walk.relies(), walk.relies(world.hackney, named="true")
    said = browser.as_(world.manager).main(walk.claim).get_text(" ", strip=True)
    assert "2 authorities" in said
    assert "Hackney" in said
    assert "Camden" not in said
    assert "Hackney" in browser.main(named).get_text()
    browser.get(hidden)
    assert browser.status == 404
    for who in (world.rival,):
        browser.as_(who).get(named)
        assert browser.status == 404


def test_a_claim_can_be_withdrawn_and_those_who_rely_on_it_are_told(browser, walk, world, news):
    walk.is_met()
    record = walk.relies()
    browser.as_(world.manager).post(f"{walk.claim}/withdraw")
    assert browser.status == 200
    while news():
        pass
    assert (
        "Withdrawn by its supplier" in browser.as_(world.camden).main("/notifications").get_text()
    )
    assert "Its supplier withdrew the claim" in browser.main(record).get_text()
    browser.as_(world.hackney).get(walk.claim)
    assert browser.status == 404


def test_an_authority_records_for_one_purpose_once_and_can_end_it(browser, walk, world):
    walk.is_met()
    record = walk.relies()
    walk.relies()
    assert browser.status == 409
    other = walk.relies(reference="Parking 2027")
    assert other != record
    browser.post(f"{record}/end")
    assert "Ended" in browser.main(record).get_text()
    assert walk.relies() not in (record, other)
    browser.as_(world.hackney).post(f"{record}/end")
    assert browser.status == 403


def test_the_queue_says_who_has_what_and_what_ends_soon(browser, make, walk, world, today):
    walk.claims().answers()
    walk.shows()
    walk.submits().takes()
    soon = today + timedelta(days=20)
    rows.claim(make, rows.version(make), world.supplier, world.product, Stage.MET, ends_on=soon)
    said = browser.as_(world.assessor).main("/assessments").get_text(" ", strip=True)
    assert "1 claim waits" in said
    assert world.assessor.name in said
    assert "ends on" in said
    for who in (world.manager, world.camden):
        browser.as_(who).get("/assessments")
        assert browser.status == 403
        browser.get(walk.bench)
        assert browser.status == 403


def test_a_point_is_assessed_in_place_and_the_next_one_opens(walk):
    walk.claims().answers()
    walk.shows(file=("certificate.pdf", PDF))
    walk.submits().takes()
    first, second = walk.points

    seen = walk.marks(first, target="main")

    assert not seen.select("html, header")
    assert seen.select_one("#mark-form")["action"].endswith(f"/points/{second.id}")
    assert "1 of 2 points assessed" in seen.select_one("[hx-target='#announcement']").text

    wrong = walk.marks(second, verdict="not-met", target="main")

    assert walk.browser.status == 422
    assert wrong.select_one(".govuk-error-summary")
    assert wrong.select_one("#mark-form")["action"].endswith(f"/points/{second.id}")

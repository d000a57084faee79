"""The home page of whoever is signed in: what needs them, what is coming up, what is new."""

from datetime import timedelta
from urllib.parse import quote

import time_machine

from auth.actor import VISITOR, Role
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Level, Stage
from marketplace.core.times import clock, now
from marketplace.tenders.models import Stage as TenderStage
from tests.bids.bidding import published
from tests.home.blocks import in_days, items, text

BLOCKS = ("needs-you", "coming-up", "new", "yours")


# ---- An authority


def test_an_author_sees_first_what_is_returned_unfinished_closing_and_without_outcome(
    browser, make
):
    camden = make.authority("Camden")
    make.challenge(
        camden,
        Stage.RETURNED,
        title="Damp",
        remark="Say how many homes",
        submitted_at=now() - timedelta(days=60),
    )
    make.challenge(camden, Stage.DRAFT, title="", typed={"title": "Half written"})
    make.challenge(camden, title="Ends soon", closes_on=in_days(5))
    make.challenge(camden, Stage.CLOSED, title="What now", closes_on=in_days(-9))
    make.challenge(camden, title="Long to go", closes_on=in_days(60))

    seen = browser.as_(make.author(camden)).get("/home")

    assert items(seen, "needs-you") == [
        "Edit: Damp",
        "Say what came of it: What now",
        "Share: Ends soon",
        "Continue: Half written",
    ]
    assert "LOTI asked for edits: Say how many homes" in text(seen, "needs-you")
    assert "Long to go" not in text(seen, "needs-you")


def test_what_closes_soon_in_our_areas_waits_for_a_decision_until_we_have_joined(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.challenge(camden, title="Ours", area="waste", closes_on=in_days(90))
    theirs = make.challenge(hackney, title="Theirs", area="waste", closes_on=in_days(4))
    make.challenge(hackney, title="Elsewhere", area="parking", closes_on=in_days(4))
    approver = make.approver(camden)

    before = browser.as_(approver).get("/home")
    make.commitment(theirs, camden)
    after = browser.get("/home")

    assert items(before, "needs-you") == ["Decide on: Theirs"]
    assert "Hackney asks" in text(before, "needs-you")
    assert text(after, "needs-you") == "Needs you Nothing waits for you."
    assert items(after, "coming-up") == ["Theirs"]


def test_an_evaluator_is_not_asked_to_decide_and_reads_whom_to_ask(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.actor(camden, Role.AUTHOR, name="Amara Okafor")
    make.actor(hackney, Role.AUTHOR, name="Leila Haddad")
    make.challenge(camden, area="waste", closes_on=in_days(90))
    make.challenge(hackney, title="Theirs", area="waste", closes_on=in_days(4))

    seen = browser.as_(make.actor(camden, Role.EVALUATOR)).get("/home")

    assert text(seen, "needs-you") == "Needs you Nothing waits for you."
    assert "ask one of its authors" in seen.text
    assert "Leila" not in seen.text
    assert "Post a challenge" not in seen.text


def test_coming_up_lists_days_of_the_next_month_by_week(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.challenge(camden, title="Ours", closes_on=in_days(29))
    theirs = make.challenge(hackney, title="Theirs", closes_on=in_days(1))
    make.commitment(theirs, camden, contract_ends=in_days(25))
    make.commitment(make.challenge(hackney, title="Later", closes_on=in_days(31)), camden)

    seen = browser.as_(make.author(camden)).get("/home")

    assert items(seen, "coming-up") == ["Theirs", "Theirs", "Ours"]
    assert "Your own contract ends" in text(seen, "coming-up")
    assert next(h.text for h in seen.select("#coming-up h3")) in ("This week", "Next week")


def test_an_author_hears_who_has_the_need_too(browser, make):
    camden = make.authority("Camden")
    challenge = make.challenge(camden, title="Missed bins")
    for name in ("Hackney", "Brent", "Sutton"):
        make.commitment(challenge, make.authority(name))
    make.commitment(challenge, make.authority("Merton"), Level.WATCHING)
    earlier = make.commitment(make.challenge(camden, title="Long ago"), make.authority("Barnet"))
    earlier.created_at = now() - timedelta(days=40)
    make(earlier)

    said = text(browser.as_(make.author(camden)).get("/home"), "new")

    assert "Missed bins Brent, Hackney and Sutton have your need too, the latest just now" in said
    assert "Long ago" not in said


def test_new_challenges_of_others_are_told_in_our_areas_of_work(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.challenge(camden, area="waste")
    make.challenge(hackney, title="Wanted", area="waste")
    make.challenge(hackney, title="Old", area="waste", published_at=now() - timedelta(days=40))
    make.challenge(hackney, title="Other work", area="parking")

    seen = browser.as_(make.author(camden)).get("/home")

    assert items(seen, "new") == ["Wanted"]
    assert "Hackney opened it yesterday" in text(seen, "new")


def test_counts_lead_to_the_challenges_that_they_count(browser, make, reindex):
    camden = make.authority("Camden")
    for stage in (Stage.DRAFT, Stage.OPEN, Stage.OPEN, Stage.CLOSED, Stage.DROPPED):
        make.challenge(camden, stage, title=f"At {stage}")
    make.commitment(make.challenge(make.authority("Hackney"), title="Shared"), camden)
    make.challenge(make.authority("Brent"), title="Not ours")
    reindex()

    seen = browser.as_(make.author(camden)).get("/home")

    assert items(seen, "yours") == [
        "1 Draft",
        "2 Open",
        "1 Closed",
        "1 Dropped",
        "1 Joined",
        "Your shortlists",
    ]
    for link in seen.select("#yours li a"):
        path, _, part = link["href"].partition("#")
        main = browser.main(path)
        listed = main.select_one(f"section[aria-labelledby={part}]") if part else main
        titles = [h.get_text(strip=True) for h in listed.select(".app-list__title")]
        assert len(titles) == int(link.strong.text), link["href"]
        assert "Not ours" not in titles


def test_somebody_new_sees_three_steps_instead_of_empty_boxes(browser, make):
    for actor in (make.author(make.authority("Sutton")), make.manager(make.supplier("Newcomer"))):
        seen = browser.as_(actor).get("/home")
        assert len(seen.select("ol li")) == 3, actor.name
        assert not seen.select_one("#needs-you")
        for link in seen.select("main ol a"):
            browser.get(link["href"])
            assert browser.status == 200, link["href"]


def test_an_empty_block_says_so_in_a_line(browser, make):
    camden = make.authority("Camden")
    make.challenge(camden, closes_on=in_days(90))

    seen = browser.as_(make.author(camden)).get("/home")

    assert text(seen, "needs-you") == "Needs you Nothing waits for you."
    assert "Nothing falls due" in text(seen, "coming-up")
    assert "Nobody has joined you" in text(seen, "new")


def test_more_than_seven_things_are_counted_and_led_to(browser, make):
    camden = make.authority("Camden")
    for number in range(9):
        make.challenge(camden, Stage.DRAFT, title=f"Draft {number}")

    seen = browser.as_(make.author(camden)).get("/home")

    assert items(seen, "needs-you")[-1] == "and 2 more"
    rest = browser.main(seen.select("#needs-you a")[-1]["href"])
    assert len(rest.select(".app-list__item")) == 9


def test_a_draft_can_be_deleted_from_the_list_of_ones_own(browser, make):
    camden = make.authority("Camden")
    make.challenge(camden, Stage.DRAFT, title="Unwanted")
    make.challenge(camden, Stage.OPEN, title="Kept")

    seen = browser.as_(make.author(camden)).get("/home/challenges")
    assert [a.get_text(" ", strip=True) for a in seen.select("a[href$=discard]")] == [
        "Delete the draft Unwanted"
    ]
    assert not browser.as_(make.approver(camden)).get("/home/challenges").select("a[href$=discard]")


# ---- LOTI


def test_a_curator_reviews_the_oldest_first_and_sees_no_drafts(browser, make):
    camden = make.authority("Camden")
    for title, days in (("Young", 1), ("Old", 9)):
        sent = now() - timedelta(days=days)
        make.challenge(camden, Stage.SUBMITTED, title=title, submitted_at=sent)
    make.challenge(camden, Stage.DRAFT, title="Secret plan")

    seen = browser.as_(make.curator()).get("/home")

    assert items(seen, "needs-you") == ["Review: Old", "Review: Young"]
    assert "Camden sent it for review yesterday" in text(seen, "needs-you")
    assert "Secret plan" not in seen.text
    assert items(seen, "yours") == ["2 Submitted to LOTI"]
    assert "Secret plan" not in browser.get("/home/challenges").text


def test_a_curator_sees_which_authorities_gather_and_when_their_contracts_end(browser, make):
    camden = make.authority("Camden", gss_code="E09000007")
    challenge = make.challenge(camden, title="Missed bins")
    for name, days in (("Brent", 100), ("Hackney", 160)):
        make.commitment(challenge, make.authority(name), contract_ends=in_days(days))

    seen = browser.as_(make.curator()).get("/home")

    assert (
        "Brent and Hackney joined Camden just now; 2 of their contracts end within 2 months"
        in text(seen, "new")
    )
    assert "1 posted" in seen.select_one(".app-map").text


# ---- Everybody


def test_a_visitor_is_sent_to_sign_in(browser):
    for url in ("/home", "/home/challenges"):
        answer = browser.as_(VISITOR).client.get(url, follow_redirects=False)
        there = f"/sign-in?then={quote(url, safe='')}"
        assert (answer.status_code, answer.headers["location"]) == (303, there), url


def test_a_block_that_keeps_itself_fresh_is_drawn_alone(browser, make):
    camden = make.authority("Camden")
    make.challenge(camden, Stage.DRAFT, title="Mine")
    whole = browser.as_(make.author(camden)).get("/home")
    cost = len(browser.queries)

    for block in BLOCKS:
        section = whole.select_one(f"#{block}")
        assert section.has_attr("data-refresh")
        assert section["hx-trigger"] == "refresh"
        part = browser.get("/home", target=block)
        assert part.h2["id"] == f"{block}-title"
        assert not part.h1
        assert len(browser.queries) < cost


def test_no_home_shows_a_draft_of_another_organisation(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    supplier, rival = make.supplier(), make.supplier("Rival")
    for stage in (Stage.DRAFT, Stage.RETURNED, Stage.SUBMITTED):
        make.challenge(camden, stage, title="Secret challenge")
    make.challenge(hackney, area="waste")
    make.product(supplier, Listing.DRAFT, name="Secret product")
    make.product(rival)

    for actor in (make.author(hackney), make.approver(hackney), make.manager(rival)):
        for url in ("/home", *(f"/home#{block}" for block in BLOCKS)):
            assert "Secret" not in browser.as_(actor).get(url).text, actor.name
    assert "Secret product" not in browser.as_(make.curator()).get("/home").text


def test_much_data_costs_no_more_queries(browser, make, reindex):
    camden, supplier = make.authority("Camden"), make.supplier()
    actors = [make.author(camden), make.manager(supplier), make.curator()]

    def fill(number: int) -> None:
        for at in range(number):
            other = make.authority("Another")
            make.challenge(camden, Stage.DRAFT, title=f"Draft {at}")
            make.challenge(camden, Stage.SUBMITTED, submitted_at=now())
            make.challenge(camden, Stage.CLOSED)
            make.commitment(make.challenge(camden, closes_on=in_days(9)), other)
            theirs = make.challenge(other, closes_on=in_days(9))
            make.challenge(other, closes_on=in_days(9))
            make.commitment(theirs, camden, Level.COMMITTED, contract_ends=in_days(20))
            make.product(supplier, name=f"Product {at}")
        reindex()

    def cost() -> list[int]:
        costs = []
        for actor in actors:
            for url in ("/home", "/home/challenges"):
                browser.as_(actor).get(url)
                costs.append(len(browser.queries))
        return costs

    fill(3)
    few = cost()
    fill(20)

    assert cost() == few


def test_its_authorities_are_told_of_a_tenders_dates_and_of_bids_to_open(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    closes = now() + timedelta(days=2)
    tender = published(make, camden, hackney, closes_at=closes, asking_ends_at=None)
    draft = make.tender(camden, title="Later on")
    draft.stage, draft.published_at, draft.publish_on = TenderStage.DRAFT, None, in_days(9)
    draft.public_title = ""
    make(draft)
    people = [make.author(camden), make.author(hackney)]
    for person in people:
        seen = browser.as_(person).get("/home")
        assert f"Plan repairs Bids close at {clock(closes)}" in text(seen, "coming-up")
        assert "Open the bids" not in text(seen, "needs-you")
    assert "Later on It is to be published" in text(
        browser.as_(people[0]).get("/home"), "coming-up"
    )
    assert "Later on" not in text(browser.as_(people[1]).get("/home"), "coming-up")
    with time_machine.travel(closes + timedelta(seconds=1), tick=False):
        for person in people:
            seen = browser.as_(person).get("/home")
            assert "Open the bids: Plan repairs" in text(seen, "needs-you")
        for other in (make.author(make.authority("Barnet")), make.manager(make.supplier())):
            assert "Open the bids" not in browser.as_(other).main("/home").text
        browser.as_(people[0]).post(f"/tenders/{tender.id}/workspace/bids/begin")
        browser.as_(people[1]).post(f"/tenders/{tender.id}/workspace/bids/open")
        assert browser.status == 200
        assert "Open the bids" not in browser.main("/home").text

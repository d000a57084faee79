"""What people send that cannot be right: each time a sentence at its place, and nothing lost."""

from io import BytesIO

import pytest

from marketplace.core import db
from marketplace.core.forms import bind, show
from marketplace.tenders import (
    approval_actions,
    party_actions,
    queries,
    round_actions,
    rounds,
)
from marketplace.tenders.scheduling import Staging
from tests.bids.bidding import ANSWER, Bidder
from tests.browser_of_pages import HERE
from tests.challenges.answers import events
from tests.challenges.test_races import race
from tests.tenders.drafting import Drafted, dates, drafted, in_days

__all__ = ["race"]

GIGABYTES = 2_000_000_000


@pytest.fixture
def tender_in_work(browser, make) -> Drafted:
    return drafted(browser, make)


def test_two_gigabytes_are_refused_before_they_are_sent(bidder: Bidder, tender_in_work: Drafted):
    bidder.start()
    bidder.attach()
    places = (
        (bidder.actor, f"{bidder.at}/files"),
        (tender_in_work.authors["Camden"], f"{tender_in_work.work}/documents"),
    )
    for who, url in places:
        client = bidder.browser.as_(who).client
        headers = {"Origin": HERE, "Content-Length": str(GIGABYTES)}
        headers["Content-Type"] = "multipart/form-data; boundary=x"
        answer = client.post(url, content=b"the first few bytes", headers=headers)
        assert answer.status_code == 413, url
        assert "too large" in answer.text.lower()
    assert "plan.txt" in bidder.main("/files"), "what was there is kept"


def test_a_file_above_the_limit_is_a_sentence_at_its_field(bidder: Bidder):
    bidder.start()
    big = BytesIO(b"a" * 20_000_001).read()
    seen = bidder.attach("big.txt", big)
    assert bidder.browser.status == 422
    assert "smaller than 20 MB" in seen.select_one("#file-error").text


def test_formulas_are_text_or_refused_at_their_field(bidder: Bidder):
    bidder.start()
    formula = '=HYPERLINK("https://evil.example","Fee")'
    line = {"line1_item": formula, "line1_quantity": "4", "vat_rate": "20"}
    for wrong in ("=2*3", "+SUM(A1)", "@1", "1e9"):
        seen = bidder.save("prices", **line, line1_price=wrong)
        assert bidder.browser.status == 422, wrong
        assert seen.select_one("#line1_price")["value"] == wrong
        assert seen.select_one("#line1_item")["value"] == formula, "nothing is lost"
    for wrong in ("=4", "-4"):
        seen = bidder.save("prices", **line | {"line1_quantity": wrong}, line1_price="5")
        assert bidder.browser.status == 422, wrong
    bidder.write(
        prices=line | {"line1_price": "5"}, **{"question-1": {ANSWER: "=cmd|'/c calc'!A0"}}
    )
    bidder.submit()
    told = bidder.main("/receipt")
    assert formula in told
    assert "=cmd|'/c calc'!A0" in told
    sheet = b'name,fee\n"=1+1",5\n'
    seen = bidder.attach("fees.csv", sheet)
    at = str(seen.select_one("a[href*='/files/']")["href"])
    answer = bidder.browser.client.get(at)
    assert answer.content == sheet, "a file is handed out as it was sent"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_lead_is_handed_over_while_the_old_one_publishes(
    tender_in_work: Drafted, marketplace, session, race
):
    tender_in_work.ready()
    camden = tender_in_work.authors["Camden"]

    def publish(opened):
        ctx = marketplace.context(opened, camden)
        approval_actions.publish(ctx, queries.working(ctx, tender_in_work.id))

    def hand_over(opened):
        ctx = marketplace.context(opened, camden)
        tender = queries.working(ctx, tender_in_work.id)
        party = queries.party_of(ctx, tender, tender_in_work.organisations["Hackney"])
        party_actions.hand_over(ctx, tender, party)

    told = race(publish, hand_over)
    published = len(events(session, "tender.publish"))
    with db.reading(marketplace.engine) as opened:
        ctx = marketplace.context(opened, camden)
        tender = queries.working(ctx, tender_in_work.id)
        assert tender.organisation_id == tender_in_work.organisations["Hackney"]
        assert (tender.published_at is not None) is bool(published)
    assert told == ["done", "done"] if published else "act for the authority" in told[0]


def test_two_people_add_stages_that_overlap_and_one_is_told(
    tender_in_work: Drafted, marketplace, race
):
    browser = tender_in_work.as_author()
    at = f"{tender_in_work.work}/sections/dates"
    browser.post(at, **dates() | {"route": "flexible"})
    known = {"asks": "Show it.", "opens_at": "09:00", "closes_at": "12:00", "kind": "dialogue"}
    typed = known | {"opens_on": in_days(9), "closes_on": in_days(12)}
    wrong = []

    def add(title: str):
        def work(opened):
            ctx = marketplace.context(opened, tender_in_work.authors["Camden"])
            form = bind(Staging, show(Staging, {**typed, "title": title}).submitted)
            tender = queries.working(ctx, tender_in_work.id)
            wrong.append(round_actions.stage(ctx, tender, form, None).errors)

        return work

    assert race(add("First"), add("Second")) == ["done", "done"]
    [refused] = [errors for errors in wrong if errors]
    assert "It overlaps with" in refused["opens_on"]
    with db.reading(marketplace.engine) as opened:
        ctx = marketplace.context(opened, tender_in_work.authors["Camden"])
        assert len(rounds.drafted(queries.working(ctx, tender_in_work.id))) == 1

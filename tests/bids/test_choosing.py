"""Who goes on from a stage that says how many at most: by score, with ties, and taken back."""

from typing import Any

import pytest
from sqlmodel import select

from marketplace.bids.models import Bid, Choice
from marketplace.tenders.models import Publication, Tender
from tests.bids.bidding import ANSWER, Bidder
from tests.bids.test_stages import (
    FIRST,
    after,
    choosing,
    opened,
    request,
    said_of,
    since,
    stage,
    staged,
    two,
)

__all__ = ["staged", "two"]
TELL = f"stages/{FIRST}/tell"


@pytest.fixture
def bidders(make, browser, staged: Tender) -> list[Bidder]:
    """Four, of which two can go on, as was published. All have asked to take part."""
    staged.public_rounds = staged.rounds = [{**staged.rounds[0], "most": 2}, *staged.rounds[1:]]
    make(staged)
    its = select(Publication).where(Publication.tender_id == staged.id)
    publication = make.session.exec(its).one()
    terms = publication.content["terms"]
    first = {**terms["rounds"][0], "most": 2}
    said = {**terms, "rounds": [first, *terms["rounds"][1:]]}
    publication.content = {**publication.content, "terms": said}
    make(publication)
    names = ("Fern", "Moss", "Reed", "Sedge")
    found = [Bidder(browser, make.manager(make.supplier(one)), staged) for one in names]
    for one in found:
        request(one)
    return found


def scored(session: Any, bidders: list[Bidder], *scores: str) -> dict[str, str]:
    typed: dict[str, str] = {}
    for bidder, score in zip(bidders, scores, strict=True):
        typed |= said_of(session, bidder, score=score, because="")
    return typed


def as_filled(seen: Any) -> dict[str, str]:
    """What a browser would send of the form as it is drawn."""
    form = seen.select_one("#choosing")
    typed = {box["name"]: box.get("value", "") for box in form.select("input:not([type=radio])")}
    typed |= {box["name"]: box.get_text().strip("\n") for box in form.select("textarea")}
    chosen = form.select("input[type=radio][checked]")
    return typed | {box["name"]: box["value"] for box in chosen}


def test_the_first_by_score_are_chosen_in_the_form_and_a_tie_is_left_to_people(
    bidders: list[Bidder], two, staged, browser, session
):
    fern, moss, reed, sedge = bidders
    assert "At most 2 go on from it" in browser.as_(fern.actor).main(f"/tenders/{staged.id}").text
    other = stage("participation", 1, 30, "Requests", most="3")
    seen = browser.as_(two[0]).post(f"/tenders/{staged.id}/workspace/stages/{FIRST}", **other)
    assert "It was published as: at most 2" in seen.text
    with after(12):
        opened(bidders, two)
        at, lead = choosing(staged), browser.as_(two[0])
        stale = since(browser, at)
        seen = lead.post(at, **scored(session, bidders, "80", "70", "", "60.5"), first="yes")
        assert "Enter the score of Reed first" in seen.select_one(".govuk-error-summary").text
        seen = lead.post(at, **scored(session, bidders, "80", "70", "70", "101"), first="yes")
        assert browser.status == 422, "a score is at most 100"
        seen = lead.post(at, **scored(session, bidders, "80", "70", "70", "60.5"), first="yes")
        assert browser.status == 200
        told = " ".join(seen.text.split())
        assert "Fern is chosen below. Nothing is recorded yet." in told
        assert "Moss and Reed have the same score, and one place is left." in told
        typed = as_filled(seen)
        yes = {name for name, value in typed.items() if value == "true"}
        assert yes == set(said_of(session, fern, goes_on=""))
        assert typed | said_of(session, sedge, goes_on="false") == typed
        assert not set(said_of(session, moss, goes_on="")) & {
            name for name, value in typed.items() if value
        }, "nobody is cut off by chance"
        assert typed | said_of(session, fern, because="It is among the first 2 by score.") == typed
        assert not session.exec(select(Choice)).all(), "nothing is recorded yet"
        session.rollback()

        three = typed | said_of(session, moss, goes_on="true", because="More like ours.")
        three |= said_of(session, reed, goes_on="true", because="Too.")
        seen = lead.post(at, **three)
        assert browser.status == 409
        assert "At most 2 go on, as was published, and this would be 3." in seen.text
        assert as_filled(seen) == three, "nothing that was typed is lost"
        right = three | said_of(session, reed, goes_on="false", because="Less like ours.")
        lead.post(at, **right)
        assert browser.status == 200
        again = lead.get(at)
        assert as_filled(again) == right | {"since": as_filled(again)["since"]}

        late = right | said_of(session, sedge, because="Far off.") | {"since": stale}
        seen = lead.post(at, **late)
        assert browser.status == 409, "somebody else recorded it meanwhile"
        assert "Recorded: no. It is not among the first 2 by score." in seen.text
        lead.post(at, **as_filled(seen))
        assert browser.status == 200, "with both before them they can"
        lead.post(f"/tenders/{staged.id}/workspace/{TELL}")
        for bidder, score in ((fern, "80"), (reed, "70"), (sedge, "60.5")):
            told = bidder.main()
            assert f"scored {score} of 100" in told
            assert told.count("of 100") == 1, "nobody reads another's score"


def test_taken_back_it_hides_the_next_stage_and_is_not_opened(
    bidders: list[Bidder], two, staged, browser, session, news
):
    fern, moss, reed, _ = bidders
    work = f"/tenders/{staged.id}/workspace"

    def asks(who: Any) -> bool:
        return "Say who goes on" in browser.as_(who).main("/home").text

    with after(12):
        assert not asks(two[0])
        opened(bidders, two)
        assert [asks(who) for who in two] == [True, False], "the lead says it"
        at, typed = choosing(staged), {}
        for one in bidders:
            said = "true" if one in (fern, moss) else "false"
            typed |= said_of(session, one, goes_on=said, because="Seen.")
        [bid] = (name.removeprefix("because_") for name in said_of(session, fern, because=""))
        back = f"{work}/bids/{bid}/take-back"
        browser.as_(two[0]).post(at, **typed, since=since(browser.as_(two[0]), at))
        browser.post(back, because="Excluded.")
        assert browser.status == 409, "it is only recorded, and can be changed"
        browser.post(f"{work}/{TELL}")
        assert not asks(two[0])
    with after(21):
        seen = browser.as_(reed.actor).main(reed.at)
        assert not seen.select("#start")
        browser.post(reed.at)
        assert browser.status == 409, "only those who are chosen bid"
        for bidder in (fern, moss):
            bidder.start()
            bidder.write()
            bidder.submit()
        browser.as_(two[1]).post(back, because="Excluded.")
        assert browser.status == 403, "the lead takes it back"
        browser.as_(two[0]).post(back, because=" ")
        assert browser.status == 422
        assert "is told at once" in browser.get(back).text
        browser.post(back, because="On the debarment list since Monday.")
        assert "Fern" in browser.main(f"{work}/history").text
        browser.post(back, because="Again.")
        assert browser.status == 409
        news()
        told = browser.as_(fern.actor).main("/notifications").text
        assert "You do not go on any more" in told
        assert "debarment list" in fern.main()
        fern.save("question-1", **{ANSWER: "More."})
        assert browser.status == 409
        for below in ("/submit", "/confirm"):
            browser.as_(fern.actor).post(f"{fern.at}{below}")
            assert browser.status == 409, below
        assert "Does not go on" in browser.as_(fern.actor).main("/bids").text
        moss.save("question-1", **{ANSWER: "More."})
        assert browser.status == 200, "the others go on"
        assert "debarment list" not in moss.main()
    with after(41):
        opened(bidders, two)
        session.rollback()
        last = select(Bid.organisation_id).where(Bid.round != FIRST)
        assert session.exec(last).all() == [moss.actor.organisation_id]
        session.rollback()
        browser.as_(two[0]).post(back, because="Late.")
        assert browser.status == 409

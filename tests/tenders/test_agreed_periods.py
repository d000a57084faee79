"""The time for tenders that every supplier selected beforehand agreed to: section 54(4)."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.bids.models import Bid, BidStage, Choice, ChoiceStage
from marketplace.core.times import day, now
from marketplace.tenders.models import Tender
from tests.bids.test_stages import stage
from tests.challenges.answers import typed_date
from tests.tenders.drafting import Drafted, dates, drafted, fine, in_days

HOW = "Each in writing, in the procurement file."


@pytest.fixture
def selected(browser, make, session) -> Any:
    """Published with requests to take part until day 27 and ten days for final tenders from day
    40; it is day 30, and one of two suppliers goes on. Nobody is told yet.
    """
    made = drafted(browser, make)
    made.ready()
    browser = made.as_author()
    browser.post(f"{made.work}/sections/dates", **dates(50) | {"route": "flexible"})
    for one in (
        stage("participation", 1, 27, "Requests"),
        stage("final-tenders", 40, 50, "Final"),
    ):
        browser.post(f"{made.work}/stages/new", **one)
        fine(browser)
    for name in made.organisations:
        made.approve(name, "terms")
    made.publish()
    tender = session.get_one(Tender, made.id)
    first = tender.public_rounds[0]["id"]
    for name, goes_on in (("Fern", True), ("Moss", False)):
        bid = make(
            Bid(
                stage=BidStage.OPENED,
                round=first,
                earlier=True,
                fingerprint="",
                publication=1,
                submitted_at=now(),
                tender_id=tender.id,
                organisation_id=make.supplier(name).id,
            )
        )
        choice = Choice(round=first, goes_on=goes_on, because="Seen.", bid_id=bid.id)
        choice.tender_id = tender.id
        make(choice)
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        yield made


def tell(made: Drafted, session) -> None:
    """All were told the day before."""
    session.rollback()
    for one in session.exec(select(Choice).where(Choice.tender_id == made.id)).all():
        one.stage, one.told_at = ChoiceStage.TOLD, now() - timedelta(days=1)
        session.add(one)
    session.commit()


def final(made: Drafted) -> str:
    seen = made.as_author().get(f"{made.work}/sections/dates")
    return str(seen.select("main ol a")[-1]["href"])


def agreed(on: date | None = None, how: str = HOW, closes: int = 6, **more: Any) -> dict[str, Any]:
    """Final tenders from tomorrow for some days, by agreement."""
    said = typed_date("agreed_on", on or in_days(0)) | {"agreed_how": how}
    return stage("final-tenders", 1, closes, "Final") | said | more


def errors(made: Drafted, at: str, **typed: Any) -> str:
    seen = made.browser.post(at, **typed)
    assert made.browser.status == 422, typed
    return " ".join(one.text for one in seen.select(".govuk-error-message"))


def test_a_shorter_time_is_recorded_once_those_who_go_on_were_told_and_all_agreed(
    selected: Drafted, session
):
    at, browser = final(selected), selected.browser
    assert not browser.get(at).select("#agreed_how"), "nobody is told yet that they go on"
    assert "have to be told first" in errors(selected, at, **agreed())
    tell(selected, session)
    assert browser.get(at).select("#agreed_how")
    plain = stage("final-tenders", 1, 6, "Final")
    short = errors(selected, at, **plain)
    assert "at least 10 days, because only suppliers selected beforehand may tender" in short
    for on in (in_days(-2), in_days(1)):
        assert "They were told on" in errors(selected, at, **agreed(on))
    assert "Enter how they agreed" in errors(selected, at, **agreed(how=" "))
    assert "Enter the day, or take out how" in errors(selected, at, **plain, agreed_how=HOW)
    hackneys = selected.as_author("Hackney")
    assert "Camden leads this tender" in errors(selected, at, **agreed())
    selected.as_author().post(at, **agreed())
    fine(hackneys)
    rule = selected.browser.main(at).select_one("#period").text
    assert "because the period is agreed with every supplier selected beforehand" in rule
    assert "section 54(4)" in rule
    assert not any("tendering period" in one.lower() for one in selected.blockers())
    assert "They agreed to another time" in errors(selected, at, **agreed(closes=7))
    selected.as_author("Hackney").post(at, **agreed(asks="Show us more."))
    fine(selected.browser)


def test_the_agreement_is_published_and_the_deadline_comes_earlier_by_it_alone(
    selected: Drafted, session
):
    tell(selected, session)
    at, browser = final(selected), selected.browser
    browser.post(at, **agreed())
    fine(browser)
    browser.post(f"{selected.work}/sections/dates", **sooner(6))
    fine(browser)
    for name in selected.organisations:
        selected.approve(name, "terms")
    selected.as_author().post(at, **agreed(closes=6, how="In a call."))
    notice = " ".join(browser.main(f"{selected.work}/notices").text.split())
    assert "The Act sets no minimum tendering period, because the period is agreed" in notice
    for name in selected.organisations:
        selected.approve(name, "terms")
    amending = {"reason": "All agreed", "material": "false"}
    selected.as_author().post(f"{selected.work}/amend", **amending)
    fine(browser)
    public = " ".join(browser.as_(VISITOR).main(f"/tenders/{selected.id}").text.split())
    assert "Every supplier selected beforehand agreed to this time on" in public
    assert "(section 54(4) of the Procurement Act 2023). In a call." in public
    assert "Fern" not in public
    deadline = browser.main(f"/tenders/{selected.id}").select("dl.app-facts dd")[3].text
    assert day(in_days(6)) in deadline


def test_without_the_agreement_the_deadline_stays_and_one_that_has_passed_is_refused(
    selected: Drafted, session
):
    tell(selected, session)
    at, browser = final(selected), selected.browser
    browser.post(at, **agreed())
    browser.post(f"{selected.work}/sections/dates", **sooner(6))
    fine(browser)
    for name in selected.organisations:
        selected.approve(name, "terms")
    amending = {"reason": "All agreed", "material": "false"}
    with time_machine.travel(now() + timedelta(days=7), tick=False):
        seen = selected.as_author().post(f"{selected.work}/amend", **amending)
        assert browser.status == 422
        assert "The deadline would be over already" in seen.text
        assert "The stage cannot end before now" in errors(selected, at, **passed())
    browser.post(at, **stage("final-tenders", 1, 12, "Final"))
    assert "The stage can only end later" in browser.text
    assert browser.status == 422


def sooner(deadline: int) -> dict[str, Any]:
    """The dates of the tender as they were, with a deadline in so many days."""
    was = dates(deadline) | {"route": "flexible"}
    return was | typed_date("publish_on", in_days(-29)) | typed_date("questions_on", in_days(-15))


def passed() -> dict[str, Any]:
    """The stage by agreement again, a day before now."""
    return agreed() | stage("final-tenders", -3, -1, "Final")


def test_what_nobody_was_selected_for_cannot_be_agreed(browser, make):
    made = drafted(browser, make)
    made.as_author().post(f"{made.work}/sections/dates", **dates() | {"route": "flexible"})
    new = f"{made.work}/stages/new"
    assert not browser.get(new).select("#agreed_how")
    for kind in ("final-tenders", "participation"):
        said = agreed() | stage(kind, 1, 40, "A stage")
        assert "Only the time for tenders can be agreed" in errors(made, new, **said)

"""A breach or poor performance under a contract: recorded, published, corrected, never erased."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from auth.actor import VISITOR
from marketplace.contracts import breach_actions, queries, reminding
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.forms import Correcting
from marketplace.contracts.models import Contract
from marketplace.core import db
from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm
from marketplace.law import Contract as Kind
from marketplace.law import Route
from marketplace.law.contracts import Failing
from tests.awards.deciding import Decided
from tests.browser_of_pages import words
from tests.challenges.answers import events, typed_date
from tests.challenges.test_races import race
from tests.contracts.conftest import AFTER
from tests.contracts.contracting import at, sign
from tests.tenders.drafting import fine

__all__ = ["race"]

DAY = AFTER.date()
WENT_WRONG = "Repairs of damp came a month late"
LATER = AFTER + timedelta(days=60)
ON = date(2027, 1, 20)
UK9_BY = "18 February 2027"  # thirty days, of which 20 January is the first


def said(failing: str = "poor-performance", on: date = ON, **more: Any) -> dict[str, Any]:
    told = typed_date("warned_on", date(2027, 1, 4)) if failing == "poor-performance" else {}
    return {"failing": failing, "what": WENT_WRONG, **typed_date("on", on), **told, **more}


@pytest.fixture
def signed(confirmed: Decided, clock) -> str:
    """The address of Camden's contract, two months after it was signed."""
    sign(confirmed, "Camden", DAY)
    clock.move_to(LATER)
    return at(confirmed.contracts()["Camden"])


def report(made: Decided, url: str, *args: Any, **more: Any) -> None:
    made.as_author().post(f"{url}/breaches/new", **said(*args, **more))
    fine(made.browser)


def entries(made: Decided) -> list[Breach]:
    return made._rows(select(Breach).order_by(col(Breach.number), col(Breach.version)))


def correct(made: Decided, url: str, **more: Any) -> Any:
    newest = entries(made)[-1]
    typed = said(**{"because": "They caught up.", "stands": "true", **more})
    return made.as_author().post(f"{url}/breaches/{newest.id}/correct", **typed)


def published(made: Decided, url: str, number: str, key: str = "breach-1") -> None:
    about = {"number": number, **typed_date("on", LATER.date())}
    made.as_author().post(f"{url}/due/{key}", **about)
    fine(made.browser)


def duty(page: Any, about: str) -> str:
    [found] = [words(one) for one in page.select("#duties li") if about in one.text]
    return found


def test_it_is_due_within_thirty_days_and_everybody_sees_it_once_its_notice_is_out(
    confirmed: Decided, signed: str, news, marketplace, session, clock
):
    report(confirmed, signed)
    page = confirmed.as_author().main(signed)
    assert WENT_WRONG in words(page.select_one("#breaches"))
    assert f"By {UK9_BY}" in duty(page, "breach or poor performance of 20 January 2027 (UK9)")
    for who, sees in ((confirmed.managers["Moss Repairs"], True), (VISITOR, False)):
        seen = words(confirmed.browser.as_(who).main(signed))
        assert (WENT_WRONG in seen, UK9_BY in seen) == (sees, sees), who
    news()
    for who in (confirmed.approvers["Camden"], confirmed.managers["Moss Repairs"]):
        told = words(confirmed.browser.as_(who).main("/notifications"))
        assert "Poor performance, not put right after a proper chance: Plan repairs" in told
        assert WENT_WRONG in told
    with db.writing(marketplace.engine) as opened:
        reminding.remind(marketplace.context(opened))
        opened.commit()
    assert [one for one in events(session, "contract.remind") if one.facts["key"] == "breach-1"]
    needs = words(confirmed.as_author().main("/home").select_one("#needs-you"))
    assert "breach or poor performance" in needs
    facts = confirmed.as_author().main(f"{signed}/due/breach-1").select(".app-facts div")
    content = {words(one.dt): words(one.dd) for one in facts}
    assert "section 71(4) of the Procurement Act 2023" in content["Why section 71(5) applies"]
    assert content["The supplier was told to improve on"] == "4 January 2027"
    assert content["What happened"] == WENT_WRONG
    confirmed.browser.post(f"{signed}/due/breach-1", number="070001-2027", **typed_date("on", DAY))
    assert confirmed.browser.status == 422, "it was published before it happened"
    published(confirmed, signed, "070001-2027")
    page = confirmed.browser.as_(VISITOR).main(signed)
    assert WENT_WRONG in words(page.select_one("#breaches"))
    assert "as 070001-2027" in duty(page, "breach or poor performance")
    assert "breach or poor performance" not in words(
        confirmed.as_author().main("/home").select_one("#needs-you")
    )
    [release] = released(confirmed, "implementation")
    [document] = release["contracts"][0]["implementation"]["documents"]
    assert (document["id"], document["noticeType"]) == ("070001-2027", "UK9")
    assert WENT_WRONG in document["description"]


def released(made: Decided, tag: str) -> list[dict[str, Any]]:
    made.browser.as_(VISITOR)
    answer = made.browser.client.get(f"/tenders/{made.tender.id}/release.json")
    return [one for one in json.loads(answer.text)["releases"] if one["tag"] == [tag]]


def test_a_correction_takes_its_place_and_what_it_said_before_stays_to_be_read(
    confirmed: Decided, signed: str, clock
):
    report(confirmed, signed)
    published(confirmed, signed, "070001-2027")
    clock.move_to(LATER + timedelta(days=1))
    correct(confirmed, signed, what="They came three weeks late", outcome="Mended since.")
    fine(confirmed.browser)
    [first, second] = entries(confirmed)
    assert (first.what, first.version, second.version) == (WENT_WRONG, 1, 2)
    page = confirmed.browser.as_(VISITOR).main(signed)
    shown = words(page.select_one("#breaches"))
    for words_of_it in (WENT_WRONG, "They came three weeks late", "Mended since", "They caught up"):
        assert words_of_it in shown, words_of_it
    assert "Corrected since" in duty(page, "breach or poor performance")
    published(confirmed, signed, "070002-2027")
    both_told = duty(confirmed.as_author().main(signed), "breach or poor performance")
    assert "Done By 18 February 2027 Done on 2 February 2027 as 070001-2027" in both_told
    assert "Again on 2 February 2027 as 070002-2027" in both_told
    both = [
        one["contracts"][0]["implementation"]["documents"][0]
        for one in released(confirmed, "implementation")
    ]
    assert [one["id"] for one in both] == ["070001-2027", "070002-2027"]
    assert WENT_WRONG in both[0]["description"], "what was released stays as it was"
    assert "Mended since." in both[1]["description"]
    stale = f"{signed}/breaches/{first.id}/correct"
    typed = said(because="Late", stands="true", what="Another colleague writes")
    seen = confirmed.as_author().post(stale, **typed)
    assert confirmed.browser.status == 422
    assert "A colleague has corrected this meanwhile" in words(seen)
    assert "Another colleague writes" in seen.text, "nothing typed is lost"
    assert len(entries(confirmed)) == 2


def test_what_was_recorded_by_mistake_is_withdrawn_and_nothing_is_due_of_it(
    confirmed: Decided, signed: str, marketplace
):
    report(confirmed, signed)
    with db.writing(marketplace.engine) as opened:
        reminding.remind(marketplace.context(opened))
        opened.commit()
    correct(confirmed, signed, stands="false", because="It was another contract.")
    fine(confirmed.browser)
    page = confirmed.as_author().main(signed)
    assert "breach or poor performance" not in words(page.select_one("#duties"))
    assert "It was another contract." in words(page.select_one("#breaches"))
    assert WENT_WRONG in words(page.select_one("#breaches")), "nothing is erased"
    needs = confirmed.browser.main("/home").select_one("#needs-you")
    assert needs is None or "breach or poor performance" not in words(needs)
    seen = correct(confirmed, signed)
    assert confirmed.browser.status == 409
    assert "This entry was withdrawn" in words(seen)
    assert "70" not in str(released(confirmed, "implementation")), "nothing was published of it"


def test_of_a_breach_that_ended_the_contract_the_notice_of_its_end_tells(
    confirmed: Decided, signed: str, marketplace, session
):
    browser = confirmed.as_author()
    ended = "End the contract first"
    assert ended in words(browser.post(f"{signed}/breaches/new", **said("ended")))
    browser.post(f"{signed}/end", because="They stopped.", **typed_date("ended_on", ON))
    fine(browser)
    seen = browser.post(f"{signed}/breaches/new", **said("ended", ON - timedelta(days=1)))
    assert "The contract ended on 20 January 2027" in words(seen)
    report(confirmed, signed, "ended", outcome="No damages were asked for.")
    seen = browser.post(f"{signed}/breaches/new", **said("ended"))
    assert "It is recorded already that a breach ended it" in words(seen)
    page = browser.main(signed)
    assert "UK9" not in words(page.select_one("#duties"))
    assert UK9_BY in duty(page, "contract termination notice (UK11)"), "the same thirty days"
    with db.writing(marketplace.engine) as opened:
        reminding.remind(marketplace.context(opened))
        opened.commit()
    reminded = {one.facts["key"] for one in events(session, "contract.remind")}
    assert "termination" in reminded, "a contract that has ended is reminded of, too"
    assert "contract termination notice" in words(browser.main("/home").select_one("#needs-you"))
    content = words(browser.main(f"{signed}/due/termination").select_one(".app-facts"))
    for words_of_it in ("They stopped.", WENT_WRONG, "No damages were asked for."):
        assert words_of_it in content, words_of_it
    published(confirmed, signed, "070011-2027", "termination")
    assert WENT_WRONG in words(browser.as_(VISITOR).main(signed).select_one("#breaches"))
    [release] = released(confirmed, "contractUpdate")
    [document] = release["contracts"][0]["documents"]
    assert document["noticeType"] == "UK11"
    assert WENT_WRONG in document["description"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    confirmed: Decided, signed: str
):
    browser, url = confirmed.as_author(), f"{signed}/breaches/new"
    for typed, why in (
        (said(on=DAY - timedelta(days=1)), "It must be on 4 December 2026, when the contract was"),
        (said(on=LATER.date() + timedelta(days=1)), "must be today or in the past"),
        (said() | typed_date("warned_on", ON + timedelta(days=1)), "before the day above"),
        ({**said("damages"), "failing": "poor-performance"}, "only after a proper chance"),
        (said("damages"), "Enter which damages were awarded"),
        (said("settled"), "Enter what was settled"),
        (said("partly-ended"), "Enter which part of the contract ended"),
        (said("nonsense"), "Select what it came to"),
    ):
        seen = browser.post(url, **typed)
        assert browser.status == 422, why
        assert why in words(seen.select_one(".govuk-error-summary")), why
        assert WENT_WRONG in seen.text
    assert entries(confirmed) == []


def test_only_its_own_authors_record_it_and_only_where_a_notice_would_tell_of_it(
    confirmed: Decided, signed: str, make, session
):
    browser = confirmed.browser
    for who, status in (
        (confirmed.authors["Hackney"], 404),
        (confirmed.approvers["Camden"], 403),
        (confirmed.managers["Moss Repairs"], 404),
        (VISITOR, 404),
    ):
        browser.as_(who).post(f"{signed}/breaches/new", **said())
        assert browser.status == status, who
    unsigned = at(confirmed.contracts()["Hackney"])
    seen = confirmed.as_author("Hackney").post(f"{unsigned}/breaches/new", **said())
    assert browser.status == 409
    assert "This contract is not signed yet" in words(seen)
    contract = session.get_one(Contract, confirmed.contracts()["Camden"].id)
    for more, why in (
        ({"kind": Kind.LIGHT_TOUCH}, "This is a light touch contract"),
        ({"kind": Kind.GOODS_SERVICES, "route": Route.BELOW_COMPETED}, "below the threshold"),
    ):
        for name, value in more.items():
            setattr(contract, name, value)
        make(contract)
        seen = confirmed.as_author().get(f"{signed}/breaches/new")
        assert browser.status == 409
        assert why in words(seen)
        assert "Record a breach" not in browser.main(signed).text
    assert entries(confirmed) == []


def test_of_two_who_correct_at_once_the_second_reads_what_the_first_wrote(
    confirmed: Decided, signed: str, marketplace, race
):
    report(confirmed, signed)
    [first] = entries(confirmed)

    def correcting(what: str) -> Any:
        def work(opened: Any) -> None:
            ctx = marketplace.context(opened, confirmed.authors["Camden"])
            told = {"on": ON, "warned_on": ON, "outcome": "", "because": "Late", "stands": True}
            value = Correcting(failing=Failing.POOR, what=what, **told)
            form = BoundForm(Correcting, value=value)
            contract = queries.one(ctx, first.contract_id)
            form = breach_actions.correct(ctx, contract, first.id, form)
            if form.errors:
                raise Conflict(form.errors["what"])

        return work

    told = race(correcting("One"), correcting("Two"))
    assert sorted(one == "done" for one in told) == [False, True]
    assert [one.version for one in entries(confirmed)] == [1, 2]

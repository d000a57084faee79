"""A contract for each authority: written down, signed, what is due, changed, extended, ended."""

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import select

from auth.actor import VISITOR
from marketplace.claims.models import Claim
from marketplace.claims.models import Stage as ClaimStage
from marketplace.contracts import reminding
from marketplace.contracts.models import ContractStage, ContractStandard
from marketplace.core import db
from marketplace.core.times import day, now
from marketplace.notifications.models import Notification
from marketplace.standards.models import StandardVersion
from tests.awards.deciding import NUMBER, Decided, decided
from tests.browser_of_pages import words
from tests.challenges.answers import events, typed_date
from tests.contracts.conftest import AFTER
from tests.contracts.contracting import FIRST, LAST, at, sign, signature, written
from tests.tenders.drafting import fine

DAY = AFTER.date()


# ---- How they come about


def test_each_authority_has_a_contract_of_its_own_with_its_share(confirmed: Decided):
    found = confirmed.contracts()
    assert set(found) == {"Camden", "Hackney"}
    # shares of 100,000 and 50,000 of 50,000.50: two thirds, rounded, and the rest
    assert found["Camden"].value == Decimal("33333.67")
    assert found["Hackney"].value == Decimal("16666.83")
    assert sum(one.value for one in found.values()) == Decimal("50000.50")
    confirmed.as_author().post(
        f"{at(found['Camden'])}/end", because="x", **typed_date("ended_on", DAY)
    )
    assert confirmed.contracts()["Camden"].stage is ContractStage.DROPPED
    sign(confirmed, "Hackney", DAY)
    assert confirmed.contracts()["Hackney"].stage is ContractStage.SIGNED, "the other stays"


def test_contracts_of_an_award_stand_by_the_names_of_their_authorities(browser, make, clock):
    clock.move_to(AFTER - timedelta(days=11))
    made = decided(browser, make, "Southwark", "Hackney", "Camden", "Brent")
    made.noticed(*made.authorities, on=(AFTER - timedelta(days=11)).date())
    clock.move_to(AFTER)
    made.confirm()
    page = browser.as_(make.curator()).main(f"{made.at()}/contracts")
    found = [one.text.partition(":")[0] for one in page.select(".app-list__title")]
    assert found == ["Brent", "Camden", "Hackney", "Southwark"]


def test_one_contract_that_all_sign_is_in_force_with_the_last_signature(browser, make, clock):
    clock.move_to(AFTER - timedelta(days=11))
    made = decided(browser, make)
    made.noticed("Camden", "Hackney", on=(AFTER - timedelta(days=11)).date())
    clock.move_to(AFTER)
    made.confirm(manner="together")
    contract = made.contracts()["Camden"]
    assert contract.value == Decimal("50000.50")
    url = f"{at(contract)}/sign"
    made.as_approver("Camden").post(url, **signature(DAY))
    fine(browser)
    assert made.contracts()["Camden"].stage is ContractStage.PREPARED
    browser.as_(VISITOR).get(at(contract))
    assert browser.status == 404
    clock.move_to(AFTER + timedelta(days=3))
    later = DAY + timedelta(days=3)
    made.as_approver("Hackney").post(url, **signature(later, supplier_signatory=""))
    fine(browser)
    contract = made.contracts()["Camden"]
    assert (contract.stage, contract.signed_on) == (ContractStage.SIGNED, later)
    made.as_approver("Hackney").post(url, **signature(later))
    assert browser.status == 409


def test_what_is_wrong_is_said_field_by_field_and_nothing_typed_is_lost(confirmed: Decided):
    url = f"{at(confirmed.contracts()['Camden'])}/edit"
    browser = confirmed.as_author()
    for field, typed, told in (
        (
            "ends_on",
            typed_date("ends_on", FIRST - timedelta(days=1)),
            "must not be before the first",
        ),
        ("value", {"value": "a lot"}, "Enter an amount in figures"),
        ("value", {"value": "0"}, "must be more than 0"),
        ("extends_to", typed_date("extends_to", LAST), "must be after the one without"),
        ("decide_by", typed_date("decide_by", LAST + timedelta(days=9)), "before the last day"),
        ("ceiling", {"permitted": [str(confirmed.authorities["Hackney"].id)]}, "may be called off"),
        ("title", {"title": ""}, "Enter what the contract is about"),
    ):
        seen = browser.post(url, **written(**typed))
        assert browser.status == 422, field
        assert told in words(seen.select_one(".govuk-error-summary")), field
        assert seen.select_one("#number")["value"] == "CAM-2026-114"
    confirmed.as_author("Hackney").post(url, **written())
    assert browser.status == 404, "another's, and not signed"


def test_nobody_signs_within_the_standstill_or_without_indicators_over_five_million(
    confirmed: Decided,
):
    url = at(confirmed.contracts()["Camden"])
    browser = confirmed.as_approver("Camden")
    seen = browser.post(f"{url}/sign", **signature(date(2026, 12, 3)))
    assert browser.status == 422
    assert "can be signed from Friday 4 December 2026" in seen.text
    browser.post(f"{url}/sign", **signature(DAY, supplier_signatory=""))
    assert browser.status == 422
    confirmed.as_author().post(f"{url}/edit", **written(value="4,166,666.68"))
    fine(browser)
    seen = confirmed.as_approver("Camden").post(f"{url}/sign", **signature(DAY))
    assert browser.status == 409, "5,000,000 with VAT and two pence"
    assert "at least 3 key performance indicators" in seen.text
    three = "Calls answered\nJobs done\nHomes safe"
    confirmed.as_author().post(f"{url}/edit", **written(value="4,166,666.68", indicators=three))
    sign(confirmed, "Camden", DAY)
    page = words(browser.main(url))
    # 90 days beginning with 4 December 2026 end on 3 March 2027; a year ends on 3 December 2027
    for due in ("2 January 2027", "3 March 2027", "3 December 2027"):
        assert due in page
    assert "Publish a copy of the contract" in page


# ---- What is due


def test_what_is_due_is_recorded_once_and_reminded_of_once(
    confirmed: Decided, clock, marketplace, news, session
):
    sign(confirmed, "Camden", DAY)
    url = at(confirmed.contracts()["Camden"])
    browser = confirmed.as_author()
    page = browser.main(url)
    assert "2 January 2027" in words(page.select_one("#duties")), "30 days, the first being the 4th"

    def remind() -> int:
        with db.writing(marketplace.engine) as opened:
            reminding.remind(marketplace.context(opened))
            opened.commit()
        return len(events(session, "contract.remind"))

    assert [remind(), remind()] == [1, 1]
    news()
    told = words(browser.main("/notifications"))
    assert "Publish the contract details notice, by 2 January 2027: Plan repairs" in told
    assert "Publish the contract details notice" in words(
        browser.main("/home").select_one("#needs-you")
    )
    due = f"{url}/due/contract-details"
    facts = browser.main(due).select(".app-facts div")
    content = {words(one.dt): words(one.dd) for one in facts}
    assert content["Contract award notice"] == NUMBER
    assert content["Authorities"].endswith("1 Town Square, London, N1 1AA, United Kingdom")
    assert content["The supplier's postal address"].startswith("It has given none.")
    assert content["Procedure"] == "Open procedure"
    assert content["Signed"] == day(DAY)
    assert content["Last day"] == day(LAST)
    assert content["Value without VAT"] == "£33,333.67"
    assert content["Value with VAT"] == "£40,000.40"
    assert content["Key performance indicators"] == "None are set. The Act asks for none here."
    assert content["Extension"] == "Once, by a year."
    assert content["Number of the contract"] == "Nothing is said of it."
    browser.post(due, **typed_date("on", DAY))
    assert browser.status == 422, "it has a number"
    seen = browser.post(due, number="the third", **typed_date("on", DAY))
    assert "Enter the number as Find a Tender shows it, like 032703-2026" in words(seen)
    assert seen.select_one("input[name=number]")["value"] == "the third"
    browser.post(due, number="032703-2026", **typed_date("on", DAY + timedelta(days=1)))
    assert browser.status == 422
    browser.post(due, number="032703-2026", **typed_date("on", DAY))
    fine(browser)
    assert "as 032703-2026" in browser.text
    browser.get(f"{url}/due/nonsense")
    assert browser.status == 404
    public = words(browser.as_(VISITOR).main(url))
    assert "032703-2026" in public
    for secret in ("Ada Osei", "Robin Moss", "Documents"):
        assert secret not in public
    clock.move_to(AFTER + timedelta(days=800))
    assert "Publish the contract termination notice" in words(confirmed.as_author().main(url))


def test_a_change_needs_a_ground_and_a_notice_from_ten_per_cent_on(confirmed: Decided):
    sign(confirmed, "Camden", DAY)
    url = at(confirmed.contracts()["Camden"])
    browser = confirmed.as_author()
    about = {"reason": "More homes", "value": "36,667.04", **typed_date("ends_on", LAST)}
    about |= typed_date("on", FIRST)
    browser.post(f"{url}/change", **about)
    assert browser.status == 422, "no ground"
    seen = browser.post(f"{url}/change", ground="additional", **about)
    assert browser.status == 422, "a penny over 10%"
    assert "contract change notice (UK10) first" in seen.text
    browser.post(f"{url}/change", ground="additional", **(about | {"value": "36,667.03"}))
    fine(browser)
    browser.post(f"{url}/change", ground="additional", **(about | {"value": "36,700"}))
    assert browser.status == 422, "with the change before, it is over 10%"
    browser.post(f"{url}/change", ground="additional", notice_number="040000-2026", **about)
    fine(browser)
    page = words(browser.main(url))
    assert "£36,667.03 to £36,667.04" in page
    assert "Contract change notice 040000-2026" in page
    confirmed.as_author("Hackney").post(f"{url}/change", ground="additional", **about)
    assert browser.status in (403, 404)


def test_an_extension_is_decided_in_time_and_within_what_the_contract_says(
    confirmed: Decided, clock, marketplace, session
):
    decide, latest = date(2028, 9, 1), date(2030, 1, 3)
    url = at(confirmed.contracts()["Camden"])
    confirmed.as_author().post(
        f"{url}/edit",
        **written(**typed_date("extends_to", latest), **typed_date("decide_by", decide)),
    )
    sign(confirmed, "Camden", DAY)
    clock.move_to(AFTER.replace(year=2028, month=7, day=2))
    with db.writing(marketplace.engine) as opened:
        ctx = marketplace.context(opened, confirmed.authors["Camden"])
        assert "Decide on the extension" not in [one.what for one in reminding.coming(ctx)]
    clock.move_to(AFTER.replace(year=2028, month=7, day=3))
    with db.writing(marketplace.engine) as opened:
        ctx = marketplace.context(opened, confirmed.authors["Camden"])
        assert "Decide on the extension" in [one.what for one in reminding.coming(ctx)]
    browser, good = confirmed.as_author(), {"extended": "true", "because": "Good"}
    for wrong in (LAST, latest + timedelta(days=1)):
        browser.post(f"{url}/extend", **good, **typed_date("ends_on", wrong))
        assert browser.status == 422
    seen = browser.post(f"{url}/extend", because="Good", **typed_date("ends_on", latest))
    assert "Answer “Is the contract extended?”" in words(seen)
    browser.post(f"{url}/extend", **good, **typed_date("ends_on", latest))
    fine(browser)
    assert confirmed.contracts()["Camden"].ends_on == latest


# ---- Standards, delivery, the register


def test_a_finding_that_is_revoked_shows_on_the_contract_and_its_owner_is_told(
    confirmed: Decided, make, news, session, marketplace
):
    version: StandardVersion = make.standard()
    supplier = confirmed.suppliers["Moss Repairs"]
    rely = f"{at(confirmed.contracts()['Camden'])}/rely"
    page = confirmed.as_author().main(rely)
    assert "has no finding about this supplier" in words(page)
    assert page.form is None
    claim = make(
        Claim(
            stage=ClaimStage.MET,
            version_id=version.id,
            organisation_id=supplier.id,
            decided_at=now(),
        )
    )
    theirs, url = (at(confirmed.contracts()[name]) for name in ("Hackney", "Camden"))
    confirmed.as_author("Hackney").post(f"{theirs}/rely", claim_id=str(claim.id))
    fine(confirmed.browser)
    browser = confirmed.as_author()
    browser.post(f"{url}/rely", claim_id=str(confirmed.tender.id))
    assert browser.status == 422
    told = {"condition": "Tested by us.", "revoked_means": "We may end the contract."}
    browser.post(f"{url}/rely", claim_id=str(claim.id), **told)
    fine(browser)
    session.rollback()
    assert [one.claim_id for one in session.exec(select(ContractStandard))] == [claim.id] * 2
    session.rollback()
    curator = make.curator()
    browser.as_(curator).post(f"/claims/{claim.id}/revoke", because="The report was forged.")
    if browser.status != 200:
        browser.post(f"/assessments/{claim.id}/revoke", because="The report was forged.")
    fine(browser)
    news()
    page = words(confirmed.as_author().main(url))
    assert "A standard no longer holds" in page
    assert "The report was forged." in page
    assert "We may end the contract." in page
    assert "The report was forged." in words(confirmed.as_author("Hackney").main(theirs))
    session.rollback()
    owed = {
        one.person_id
        for one in session.exec(select(Notification).where(Notification.kind == "contracts"))
        if one.mail_due_at
    }
    assert owed >= {confirmed.authors[name].person_id for name in ("Camden", "Hackney")}, "by mail"
    inbox = confirmed.as_author().main("/notifications")
    link = next(one for one in inbox.select("a") if "your contract relies on it" in one.text)
    browser.get(str(link["href"]))
    assert "Plan repairs" in words(browser.main(f"/contracts/mine?claim={claim.id}"))


def test_ending_the_contract_of_one_authority_leaves_those_of_the_others(confirmed: Decided, clock):
    """Signed or not: the other's has its own number, value, signatures, and life."""
    sign(confirmed, "Hackney", DAY)
    before = confirmed.contracts()["Hackney"]
    url = at(confirmed.contracts()["Camden"])
    ended = {"because": "The budget was cut.", **typed_date("ended_on", DAY)}
    confirmed.as_author("Hackney").post(f"{url}/end", **ended)
    assert confirmed.browser.status == 404, "it is not Hackney's to end"
    confirmed.as_author().post(f"{url}/end", **ended)
    fine(confirmed.browser)
    after = confirmed.contracts()
    assert after["Camden"].stage is ContractStage.DROPPED
    assert after["Hackney"].model_dump() == before.model_dump()
    confirmed.as_author("Camden").post(f"{url}/sign", **signature(DAY))
    assert confirmed.browser.status == 409
    clock.move_to(AFTER.replace(day=7))
    confirmed.as_author("Hackney").post(
        f"{at(before)}/due/contract-details", number="045678-2026", **typed_date("on", DAY)
    )
    fine(confirmed.browser)
    assert "Hackney with Moss Repairs" in words(confirmed.browser.main("/contracts/mine"))


def test_delivery_is_reviewed_for_later_buyers_and_the_supplier_answers_once(
    confirmed: Decided, make
):
    sign(confirmed, "Camden", DAY)
    contract = confirmed.contracts()["Camden"]
    url = at(contract)
    browser = confirmed.as_author()
    browser.post(f"{url}/milestones/new", title="Live", **typed_date("due_on", FIRST))
    fine(browser)
    delivery = f"{url}/delivery"
    link = browser.main(delivery).select_one("a[href*='/milestones/'][href$='/met']")
    browser.post(str(link["href"]), **typed_date("met_on", DAY))
    fine(browser)
    assert "Live, by 4 January 2027: Met on 4 December 2026" in words(browser.main(delivery))
    browser.post(f"{url}/reviews/new", text="Went live a month early.")
    fine(browser)
    browser.post(f"{url}/reviews/new", text="Again.")
    assert browser.status == 409
    later = make.author(make.authority("Barnet"))
    assert "Went live a month early." in words(browser.as_(later).main(delivery))
    browser.post(f"{url}/reviews/new", text="Me too.")
    assert browser.status == 404
    browser.as_(VISITOR).get(delivery)
    assert browser.status == 404
    supplier = confirmed.as_bidder("Moss Repairs")
    answer = str(supplier.main(delivery).select_one("a[href$='/answer']")["href"])
    supplier.post(answer, answer="Thank you.")
    fine(supplier)
    supplier.post(answer, answer="More.")
    assert supplier.status == 409
    assert "answers: Thank you." in words(browser.as_(later).main(delivery))


def test_only_its_own_people_do_anything_to_it(confirmed: Decided, make):
    sign(confirmed, "Camden", DAY)
    url, browser = at(confirmed.contracts()["Camden"]), confirmed.browser
    others = (VISITOR, make.author(make.authority("Barnet")), confirmed.managers["Moss Repairs"])
    for who in others:
        browser.as_(who)
        for what in ("edit", "sign", "change", "extend", "rely", "end", "due/contract-details"):
            for ask in (browser.get, browser.post):
                ask(f"{url}/{what}")
                assert browser.status in (403, 404), (who.name, what)

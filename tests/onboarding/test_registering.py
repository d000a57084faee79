"""A supplier comes in: section by section, and nothing that was typed is lost."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from auth.actor import Kind, Role
from marketplace.accounts import actions as accounts
from marketplace.accounts.models import SignIn
from marketplace.app import build
from marketplace.core.times import now
from marketplace.onboarding.models import Checked, Identifier, Registration, SupplierFacts
from marketplace.organisations.models import Membership
from tests.browser_of_pages import HERE, Browser
from tests.challenges.test_drafting import statuses
from tests.onboarding.answers import answers, events, fill_in, suppliers


def registration(session):
    session.rollback()
    session.expire_all()
    return session.exec(select(Registration)).one()


def only(session, table):
    session.rollback()
    session.expire_all()
    return session.exec(select(table)).one()


def errors(seen):
    return {link["href"]: link.text for link in seen.select(".govuk-error-summary a")}


def summary(seen):
    rows = seen.select("main .govuk-summary-list__row")
    return {row.dt.get_text(strip=True): row.dd.get_text(strip=True) for row in rows}


# ---- Beginning


def test_a_visitor_is_led_to_sign_in_and_back(browser):
    browser.client.follow_redirects = False
    browser.get("/register")
    assert browser.status == 303
    assert browser.headers["location"] in ("/sign-in?then=/register", "/sign-in?then=%2Fregister")


def test_somebody_who_signed_in_begins_and_sees_what_is_left(ada):
    seen = ada.get("/register")
    assert "Have these at hand" in seen.text
    seen = ada.post(seen.select_one("form#begin")["action"])
    assert statuses(seen) == {
        "Say which register you are in": "Not started",
        "Confirm the name and address": "Cannot start yet",
        "Give other identifiers": "Cannot start yet",
        "Say how large you are, and whether you are a VCSE": "Not started",
        "Describe what you do, and where": "Not started",
        "Name your accessibility and security contacts": "Not started",
        "Share your information from the Central Digital Platform": "Optional",
        "Check your answers and confirm them": "Cannot start yet",
    }
    assert not seen.select("main a[href='/register/check']")


def test_one_has_one_registration_under_way(ada, session):
    ada.post("/register")
    ada.post("/register")
    assert registration(session)
    assert len(events(session, "registration.draft")) == 1


def test_what_a_person_registers_is_nobody_elses_and_not_in_the_journal_of_their_organisation(
    browser, make, session
):
    camden = make.authority("Camden")
    browser.as_(make.author(camden))
    browser.post("/register")
    browser.post("/register/about", trading_name="Brightwater")
    kept = registration(session)
    assert kept.answers["trading_name"] == "Brightwater"
    for verb in ("registration.draft", "registration.edit"):
        assert events(session, verb)[0].organisation_id != camden.id
    for other in (make.author(camden), make.loti_administrator(), make.newcomer()):
        browser.as_(other).get("/register/about")
        assert browser.status == 404


def test_nobody_who_is_not_signed_in_begins_or_sees_any_of_it(browser, session):
    browser.post("/register")
    assert browser.status == 403
    for page in ("company", "check", "discard"):
        browser.get(f"/register/{page}")
        assert browser.status == 404
    browser.post("/register/company", **answers()["company"])
    assert browser.status == 404
    assert not session.exec(select(Registration)).all()


# ---- The sections

WRONG = [
    ("company", {"constitution": ""}, "constitution", "Select what your organisation is"),
    ("company", {"companies_house_number": ""}, "companies_house_number", "Enter the Companies"),
    ("company", {"companies_house_number": "123456789"}, "companies_house_number", "8 digits"),
    ("company", {"companies_house_number": "4142000x"}, "companies_house_number", "8 digits"),
    ("name", {"legal_name": ""}, "legal_name", "Enter the registered name"),
    ("name", {"address": ""}, "address", "Enter the registered address"),
    ("identifiers", {"vat_number": "123456789"}, "vat_number", "HMRC has given"),
    ("identifiers", {"ppon": "PDTL-724-GWZW"}, "ppon", "PPON must be like PDTL-7248-GWZW"),
    ("identifiers", {"ppon": "QDTL-7248-GWZW"}, "ppon", "PPON must be like PDTL-7248-GWZW"),
    ("identifiers", {"duns": "12345678"}, "duns", "9 digits"),
    ("identifiers", {"charity_number": "1164321"}, "charity_number", "Select the charity register"),
    ("identifiers", {"charity_register": "GB-SC"}, "charity_number", "Enter the charity number"),
    (
        "identifiers",
        {"charity_register": "GB-SC", "charity_number": "1164321"},
        "charity_number",
        "one of the Scottish Charity Regulator",
    ),
    ("identifiers", {"other_identifier": "10001234"}, "other_identifier", "code of its list"),
    ("identifiers", {"other_identifier": "GB-COH-04142000"}, "other_identifier", "by itself"),
    ("size", {"staff_under_250": ""}, "staff_under_250", "Select yes if you have fewer than 250"),
    ("size", {"is_vcse": "perhaps"}, "is_vcse", "Select yes if you are a VCSE"),
    ("about", {"regions": []}, "regions", "Select the regions you work in"),
    ("about", {"site": "javascript:alert(1)"}, "site", "Website must be an address"),
    ("about", {"description": ""}, "description", "Enter what you do"),
    ("contacts", {"security_email": "security"}, "security_email", "e-mail address in the right"),
    ("contacts", {"accessibility_role": ""}, "accessibility_role", "Enter the role that answers"),
]


@pytest.mark.parametrize(("section", "wrong", "field", "sentence"), WRONG)
def test_a_wrong_answer_gets_a_sentence_and_is_kept(ada, session, section, wrong, field, sentence):
    fill_in(ada, section)
    typed = answers()[section] | wrong
    seen = ada.post(f"/register/{section}", **typed)
    assert ada.status == 422
    assert sentence in errors(seen)[f"#{field}"]
    assert seen.select_one(f"#{field}"), "the summary leads to the question"
    kept = registration(session).answers
    for name, value in typed.items():
        assert kept.get(name, "") == value or not value
    again = ada.get(f"/register/{section}")
    assert not again.select(".govuk-error-summary"), "who only looks is not told off"
    ada.post("/register/confirm")
    assert ada.status == 409
    assert not suppliers(session)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("4142000", "04142000"), (" sc 12 34 56 ", "SC123456"), ("ni012345", "NI012345")],
)
def test_a_companies_house_number_is_written_as_the_register_does(ada, session, typed, kept):
    fill_in(ada, company={"constitution": "company", "companies_house_number": typed})
    ada.post("/register/confirm")
    assert suppliers(session)[0].companies_house_number == kept


def test_what_looks_wrong_is_taken_with_a_warning(ada, session):
    odd = {"constitution": "company", "companies_house_number": "ZZ123456"}
    fill_in(ada, company=odd, identifiers={"ppon": "PAEI-1000-GWZC"})
    for page in ("/register", "/register/check"):
        text = ada.get(page).text
        assert "numbers that begin with ZZ" in text
        assert "PAEI-1000-GWZC does not look like a PPON" in text
    assert "ZZ" in ada.get("/register/company").select_one(".govuk-warning-text").text
    ada.post("/register/confirm")
    assert suppliers(session)[0].ppon == "PAEI-1000-GWZC"


def test_the_size_is_told_in_words_with_the_section_of_the_act(ada):
    fill_in(ada)
    told = ada.get("/register/size").select_one("#result").text
    assert "(SME)" in told
    assert "the balance sheet total is up to £38 million" in told
    assert "Procurement Act 2023, section 123" in told
    assert told in summary(ada.get("/register/check"))["Your size"]


def test_who_is_no_company_needs_another_identifier(ada, session):
    fill_in(ada, "identifiers", company={"constitution": "other"})
    seen = ada.get("/register")
    assert statuses(seen)["Give other identifiers"] == "Not started"
    seen = ada.post("/register/identifiers", vat_number="")
    assert ada.status == 422
    assert "at least one identifier" in errors(seen)["#vat_number"]
    ada.post("/register/identifiers", duns="15-048-3782")
    assert ada.status == 200
    ada.post("/register/confirm")
    assert suppliers(session)[0].companies_house_number is None
    assert only(session, Identifier).text == "DUNS-150483782"


def test_a_charity_gives_its_number(ada, session):
    fill_in(ada, "identifiers", company={"constitution": "charity"})
    seen = ada.post("/register/identifiers", vat_number="GB 220 4302 31")
    assert "Enter the charity number" in errors(seen)["#charity_number"]
    ada.post("/register/identifiers", charity_register="GB-CHC", charity_number="1164321")
    ada.post("/register/confirm")
    assert only(session, Identifier).text == "GB-CHC-1164321"


def test_a_share_code_has_a_date_that_is_not_ahead(ada, session):
    fill_in(ada)
    seen = ada.post("/register/platform", share_code="ABC123")
    assert "Enter the date" in errors(seen)["#share_code_on-day"]
    dated = {"share_code_on__day": "1", "share_code_on__month": "4", "share_code_on__year": "2090"}
    seen = ada.post("/register/platform", share_code="ABC123", **dated)
    assert "today or in the past" in errors(seen)["#share_code_on-day"]
    ada.post("/register/platform", share_code="ABC123", **dated | {"share_code_on__year": "2026"})
    assert ada.status == 200
    assert summary(ada.get("/register/check"))["Date of the share code"] == "1 April 2026"


# ---- Saved as one goes


def test_autosave_keeps_what_was_typed_and_says_so_without_errors(ada, session):
    ada.post("/register")
    seen = ada.post(
        "/register/contacts?autosave=true", target="section", accessibility_email="half@"
    )
    assert ada.status == 200
    assert "Saved automatically at" in seen.text
    assert "Not confirmed yet." in seen.text
    assert registration(session).answers["accessibility_email"] == "half@"
    ada.post("/register/contacts?autosave=true", target="section", accessibility_email="half@")
    assert len(events(session, "registration.edit")) == 1, "what is the same is not saved again"


def test_what_was_saved_on_another_device_is_shown_beside_and_not_replaced(ada, session):
    ada.post("/register")
    here = ada.get("/register/about")
    form = {box["name"]: box["value"] for box in here.select("#section input[type=hidden]")}
    ada.post("/register/about", trading_name="From the phone")
    seen = ada.post("/register/about", trading_name="From the desk", **form)
    assert ada.status == 409
    assert "From the phone" in seen.select_one(".govuk-notification-banner").text
    assert seen.select_one("#trading_name")["value"] == "From the desk"
    assert registration(session).answers["trading_name"] == "From the phone"


def test_drafts_survive_and_deleting_asks_first(ada, session):
    fill_in(ada)
    seen = ada.get("/register/discard")
    assert "You cannot take this back." in seen.text
    assert registration(session).answers
    seen = ada.post("/register/discard")
    assert "The registration is deleted." in seen.text
    kept = registration(session)
    assert (kept.stage, kept.answers) == ("discarded", {})
    ada.post("/register")
    assert ada.get("/register/about").select_one("#trading_name").get("value", "") == ""


# ---- Checking


def test_every_answer_can_be_changed_in_turn_and_leads_back_to_the_summary(ada):
    fill_in(ada)
    seen = ada.get("/register/check")
    links = {link["href"] for link in seen.select("main .govuk-summary-list a")}
    assert links == {f"/register/{section}?back=check" for section in (*answers(), "platform")}
    for link in links:
        form = ada.get(link).select_one("form#section")
        section = link.removeprefix("/register/").removesuffix("?back=check")
        seen = ada.post(form["action"], **answers().get(section, {}))
        assert seen.select_one("h1").text.startswith("Check your answers"), section
    said = summary(seen)
    assert said["Companies House number"] == "04142000"
    assert said["What your organisation is"].startswith("A company or partnership")
    assert said["The regions you work in"] == "London, South East"
    assert said["Do you have fewer than 250 staff?"] == "Yes"


def test_confirming_appears_only_when_all_that_is_needed_is_there(ada, session):
    fill_in(ada, "contacts")
    seen = ada.get("/register/check")
    assert not seen.select("form[action='/register/confirm']")
    assert seen.select_one("main ul a[href='/register/contacts']")
    seen = ada.post("/register/confirm")
    assert ada.status == 409
    assert "First name your accessibility and security contacts." in seen.text
    ada.post("/register/contacts", **answers()["contacts"])
    seen = ada.get("/register/check")
    assert seen.select_one("form[action='/register/confirm'] button").text == "Confirm and register"
    assert not suppliers(session)


# ---- Confirming


def test_confirming_makes_the_supplier_and_its_first_administrator(ada, session):
    fill_in(ada, name=answers()["name"] | {"legal_name": "Bright & Water Ltd"})
    ada.post("/register/confirm")
    (supplier,) = suppliers(session)
    assert (supplier.name, supplier.called) == ("Bright & Water Ltd", "Brightwater")
    assert supplier.slug == "brightwater"
    assert supplier.regions == ["London", "South East"]
    assert (supplier.is_sme, supplier.is_vcse, supplier.ppon) == (True, False, "PDTL-7248-GWZW")
    facts = only(session, SupplierFacts)
    assert facts.vat_number == "GB220430231"
    assert facts.checked_how is Checked.BY_HAND
    assert facts.security_email == "security@brightwater.example"
    membership = only(session, Membership)
    assert membership.person_id == ada.actor.person_id
    assert set(membership.roles) == {Role.ADMINISTRATOR, Role.MANAGER}
    kept = registration(session)
    assert (kept.stage, kept.organisation_id) == ("confirmed", supplier.id)
    (event,) = events(session, "registration.confirm")
    assert (event.about_id, event.organisation_id) == (supplier.id, supplier.id)
    assert "Ada" not in str(event.facts)


def test_a_slug_is_unique_however_names_are_written(browser, make, session):
    for number in ("04142000", "04142001", "04142002"):
        browser.as_(make.newcomer())
        named = {"legal_name": f"Zürich Räder {number}", "address": "London"}
        about = answers()["about"] | {"trading_name": "Zürich Räder"}
        company = answers(number)["company"]
        fill_in(browser, "identifiers", company=company, name=named, about=about)
        browser.post("/register/confirm")
    slugs = {supplier.slug for supplier in suppliers(session)}
    assert slugs == {"zurich-rader", "zurich-rader-2", "zurich-rader-3"}


@pytest.fixture
def signed_in(marketplace, make, session):
    """A browser with a real session, of somebody who acts for nobody yet."""
    person = make.person("Ada Park")
    token = accounts.begin(session, person.id, now(), issuer="test")
    session.commit()
    browser = Browser(TestClient(build(marketplace), base_url=HERE), marketplace.engine)
    browser.client.cookies.set("session", token, domain="testserver.local")
    yield browser
    browser.client.close()


def test_the_session_acts_for_the_new_supplier_at_once(signed_in, session):
    fill_in(signed_in)
    seen = signed_in.post("/register/confirm")
    assert signed_in.status == 200
    assert "Brightwater is registered." in seen.text
    assert seen.select_one("h2#agreement-title"), "what is left is the agreement"
    assert seen.select_one("form#signing")
    assert only(session, SignIn).membership_id == only(session, Membership).id
    seen = signed_in.get("/home")
    assert "Brightwater" in seen.select_one("h1").text
    assert (
        "Nobody has signed the platform agreement"
        in seen.select_one("#unsigned-title").parent.parent.text
    )


def test_whoever_looks_with_their_eyes_changes_nothing(ada, session):
    fill_in(ada)
    ada.as_(replace(ada.actor, kind=Kind.PUBLIC, seen_through="Rosa of LOTI"))
    for post in ("confirm", "discard", "company"):
        ada.post(f"/register/{post}", **answers()["company"])
        assert ada.status == 404
    assert registration(session).stage == "draft"

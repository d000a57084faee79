"""What was confirmed is frozen; the rest the supplier keeps right itself, and LOTI corrects."""

import pytest

from auth.actor import Role
from marketplace.onboarding.models import Checked, Identifier, SupplierFacts
from tests.onboarding.answers import events, fill_in, suppliers
from tests.onboarding.test_registering import errors, only, summary

FROZEN = ("legal_name", "address", "companies_house_number", "vat_number", "ppon", "duns")


@pytest.fixture
def supplier(ada, session):
    """A supplier that has just been registered by hand."""
    fill_in(ada, identifiers={"vat_number": "220430231", "duns": "150483782"})
    ada.post("/register/confirm")
    return suppliers(session)[0]


@pytest.fixture
def director(browser, make, supplier):
    return browser.as_(make.actor(supplier, Role.ADMINISTRATOR, Role.MANAGER))


@pytest.fixture
def loti(browser, make, supplier):
    return browser.as_(make.loti_administrator())


def correction(supplier, **instead):
    """What LOTI's form holds as it is opened, and what is typed over it."""
    given = {
        "legal_name": "Brightwater Systems Limited",
        "address": "12 Wharf Road\nLondon N1 7GR",
        "companies_house_number": "04142000",
        "vat_number": "GB220430231",
        "ppon": "",
        "others": "DUNS-150483782",
        "reason": "",
    }
    return given | instead


def place(supplier):
    return f"/admin/organisations/{supplier.id}/facts"


# ---- The supplier itself


def test_confirmed_facts_are_read_only_with_the_way_to_correct_them(director):
    main = director.main("/organisation/facts")
    said = summary(main)
    assert said["Registered name"] == "Brightwater Systems Limited"
    assert said["VAT number"] == "GB220430231"
    assert said["Other identifiers"] == "DUNS-150483782"
    assert said["Looked up by"].startswith("The supplier, by hand")
    assert main.select_one("a[href^='mailto:']"), "and how to have them corrected"
    for name in FROZEN:
        assert not main.select(f"[name={name}]")
    for row in main.select(".govuk-summary-list__row"):
        frozen = row.dt.get_text(strip=True) in {
            "Registered name",
            "Registered address",
            "VAT number",
            "PPON",
            "Companies House number",
        }
        assert not (frozen and row.select("a"))


def test_the_rest_is_changed_by_an_administrator_at_any_time(director, session, supplier):
    dated = {"share_code_on__day": "1", "share_code_on__month": "4", "share_code_on__year": "2026"}
    no = {"balance_sheet_up_to_38m": "no", "turnover_up_to_44m": "no", "staff_under_250": "yes"}
    director.post("/organisation/facts/size", **no, is_vcse="yes")
    director.post("/organisation/facts/trading", trading_name="Bright")
    director.post("/organisation/facts/contacts", security_email="new@brightwater.example")
    place = {"street": "12 Wharf Road", "town": "London", "postcode": "n1 7gr", "country": "GB"}
    director.post("/organisation/facts/address", **place)
    seen = director.post("/organisation/facts/platform", share_code="XYZ", **dated)
    assert director.status == 200
    said = summary(seen)
    assert said["Your size"].startswith("Not a small or medium-sized enterprise")
    assert said["Date of the share code"] == "1 April 2026"
    (now,) = suppliers(session)
    assert (now.is_sme, now.is_vcse, now.short_name) == (False, True, "Bright")
    assert str(now.address) == "12 Wharf Road, London, N1 7GR, United Kingdom"
    facts = only(session, SupplierFacts)
    assert facts.security_email == "new@brightwater.example"
    assert facts.accessibility_role == "Head of Product Design", "what was not sent stays"
    assert (facts.share_code, str(facts.share_code_on)) == ("XYZ", "2026-04-01")
    told = [event.facts for event in events(session, "organisation.describe")]
    assert [one["section"] for one in told] == [
        "size",
        "trading",
        "contacts",
        "address",
        "platform",
    ]
    assert "brightwater.example" not in str(told)


def test_a_wrong_change_gets_a_sentence_and_changes_nothing(director, session, supplier):
    seen = director.post("/organisation/facts/contacts", security_email="nobody")
    assert director.status == 422
    assert "e-mail address in the right form" in errors(seen)["#security_email"]
    assert seen.select_one("#security_email")["value"] == "nobody"
    assert only(session, SupplierFacts).security_email == "security@brightwater.example"
    assert not events(session, "organisation.describe")


@pytest.mark.parametrize("section", ["company", "name", "identifiers", "nonsense"])
def test_what_is_frozen_has_no_page_to_change_it(director, section):
    director.get(f"/organisation/facts/{section}")
    assert director.status == 404
    director.post(f"/organisation/facts/{section}", legal_name="Other", vat_number="980780684")
    assert director.status == 404


def test_members_read_and_others_are_told_nothing(browser, make, supplier, session):
    browser.as_(make.manager(supplier))
    main = browser.main("/organisation/facts")
    assert "An administrator of your organisation can change these." in main.text
    assert not main.select(".govuk-summary-list a")
    browser.post("/organisation/facts/trading", trading_name="Bright")
    assert browser.status == 403
    assert not events(session, "organisation.describe")


def test_what_was_confirmed_is_shown_to_authorities_and_not_to_the_public(browser, make, supplier):
    browser.as_(make.author(make.authority()))
    main = browser.main(f"/suppliers/{supplier.id}")
    for known in ("Wharf Road", "GB220430231", "DUNS-150483782", "security@brightwater.example"):
        assert known in main.text
    assert "The supplier typed these by hand" in main.text
    for other in (make.newcomer(), make.manager(make.supplier("Other Ltd"))):
        text = browser.as_(other).main(f"/suppliers/{supplier.id}").text
        assert "Brightwater Systems Limited" in text
        for secret in ("Wharf Road", "GB220430231", "DUNS-150483782", "brightwater.example/"):
            assert secret not in text
        assert "security@" not in text


def test_a_supplier_that_confirmed_nothing_has_its_pages_too(browser, make, session):
    older = make.supplier("Older Ltd", companies_house_number="01234567")
    browser.as_(make.administrator(older))
    assert summary(browser.main("/organisation/facts"))["Registered name"] == "Older Ltd"
    browser.post("/organisation/facts/platform", share_code="")
    browser.post(
        "/organisation/facts/contacts",
        accessibility_role="Design",
        accessibility_email="a@older.example",
        security_role="Security",
        security_email="s@older.example",
    )
    assert browser.status == 200
    facts = only(session, SupplierFacts)
    assert (facts.organisation_id, facts.checked_how) == (older.id, Checked.BY_HAND)


# ---- LOTI


def test_loti_corrects_with_a_reason_that_the_supplier_reads(loti, make, supplier, session, news):
    seen = loti.get(place(supplier))
    assert seen.select_one("#vat_number")["value"] == "GB220430231"
    assert seen.select_one("#others").text.strip() == "DUNS-150483782"
    typed = correction(
        supplier,
        legal_name="Brightwater Group Limited",
        companies_house_number="4142001",
        others="GB-CHC-1164321\ngb-ukprn-10001234",
        reason="Renamed on 1 November, as the register shows",
    )
    seen = loti.post(place(supplier), **typed)
    assert loti.status == 200
    assert "The facts of Brightwater Group Limited are corrected." in seen.text
    (now,) = suppliers(session)
    assert (now.name, now.companies_house_number) == ("Brightwater Group Limited", "04142001")
    facts = only(session, SupplierFacts)
    assert facts.legal_name == "Brightwater Group Limited"
    assert facts.checked_how is Checked.BY_HAND, "nobody said that they looked it up"
    (event,) = events(session, "organisation.correct")
    assert event.about_id == supplier.id
    assert event.facts["changed"] == {
        "legal_name": ["Brightwater Systems Limited", "Brightwater Group Limited"],
        "companies_house_number": ["04142000", "04142001"],
        "others": [["DUNS-150483782"], ["GB-CHC-1164321", "GB-UKPRN-10001234"]],
    }
    main = loti.as_(make.administrator(supplier)).main("/organisation/facts")
    assert "Renamed on 1 November" in main.text
    assert "04142000 → 04142001" in main.text


def test_what_was_typed_by_hand_waits_for_loti_until_it_is_looked_up(loti, supplier, session):
    main = loti.main("/admin/facts")
    assert "Brightwater Systems Limited" in main.text
    assert "Typed by Ada Park" in main.text
    loti.post(place(supplier), **correction(supplier, checked="true", reason="Companies House"))
    assert loti.status == 200
    assert only(session, SupplierFacts).checked_how is Checked.BY_LOTI
    assert "Every supplier has been looked up." in loti.main("/admin/facts").text
    (event,) = events(session, "organisation.correct")
    assert (event.facts["changed"], event.facts["checked"]) == ({}, True)


def test_a_correction_needs_a_reason_and_something_to_correct(loti, supplier, session):
    seen = loti.post(place(supplier), **correction(supplier, legal_name="Other Ltd"))
    assert loti.status == 422
    assert errors(seen)["#reason"] == "Enter the reason"
    assert seen.select_one("#legal_name")["value"] == "Other Ltd"
    seen = loti.post(place(supplier), **correction(supplier, reason="None"))
    assert loti.status == 422
    assert "Change something" in errors(seen)["#checked"]
    seen = loti.post(place(supplier), **correction(supplier, vat_number="1", reason="Typing"))
    assert "HMRC has given" in errors(seen)["#vat_number"]
    seen = loti.post(place(supplier), **correction(supplier, others="nonsense", reason="Typing"))
    assert "code of its list" in errors(seen)["#others"]
    assert not events(session, "organisation.correct")


@pytest.mark.parametrize(
    "typed", [{"companies_house_number": "01234567"}, {"others": "GB-CHC-1164321"}]
)
def test_a_number_of_another_is_not_given_twice(loti, make, supplier, session, typed):
    other = make.supplier("Other Ltd", companies_house_number="01234567")
    make(Identifier(organisation_id=other.id, text="GB-CHC-1164321"))
    seen = loti.post(place(supplier), **correction(supplier, reason="Mixed up", **typed))
    assert loti.status == 409
    assert "Other Ltd is registered here already" in seen.text
    assert seen.select_one(f"main a[href='/suppliers/{other.id}']")
    assert not events(session, "organisation.correct")


def test_only_administrators_of_loti_correct_others_of_loti_look(browser, make, supplier, session):
    for staff in (make.curator(), make.support()):
        main = browser.as_(staff).main(place(supplier))
        assert "Brightwater Systems Limited" in main.text
        assert not main.select("form")
        browser.post(place(supplier), **correction(supplier, legal_name="X", reason="Y"))
        assert browser.status == 403
    for stranger in (
        make.administrator(supplier),
        make.author(make.authority()),
        make.newcomer(),
    ):
        for page in (place(supplier), "/admin/facts"):
            browser.as_(stranger).get(page)
            assert browser.status == 404
        browser.post(place(supplier), **correction(supplier, legal_name="X", reason="Y"))
        assert browser.status == 404
    assert not events(session, "organisation.correct")


def test_there_is_nothing_to_correct_of_an_authority(loti, make):
    loti.get(place(make.authority()))
    assert loti.status == 404

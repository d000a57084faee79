"""What Companies House says is shown to be confirmed; when it says nothing, all goes by hand."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace.core.times import now
from marketplace.onboarding import companies_house
from marketplace.onboarding.companies_house import Outcome
from marketplace.onboarding.models import Checked, Registration, SupplierFacts
from marketplace.settings import Settings
from tests.onboarding.answers import answers, fill_in, suppliers
from tests.onboarding.conftest import COMPANY, KEY
from tests.onboarding.test_registering import errors, only, registration, summary

NUMBER = answers()["company"]


def test_a_known_number_shows_the_company_to_be_confirmed(ada, register, session):
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER | {"companies_house_number": "4142000"})
    assert seen.select_one("h1").text == "Confirm the name and address"
    assert summary(seen) == {
        "Name": "BRIGHTWATER SYSTEMS LIMITED",
        "Number": "04142000",
        "Registered office": "12, Wharf Road, London, N1 7GR",
        "Status": "Active",
    }
    assert "Is this your company?" in seen.text
    assert not seen.select("#legal_name"), "what the register knows is not typed again"
    authorization = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    assert register.asked == [("/company/04142000", authorization)]
    kept = registration(session).register_said
    assert (kept["outcome"], kept["number"]) == ("found", "04142000")
    assert kept["at"].startswith(f"{now():%Y-%m-%d}")


def test_what_is_confirmed_is_what_the_register_said(ada, register, session):
    fill_in(ada, name={"is_ours": "yes"})
    check = summary(ada.get("/register/check"))
    assert check["Registered name"] == "BRIGHTWATER SYSTEMS LIMITED"
    assert check["Is this your company?"] == "Yes"
    ada.post("/register/confirm")
    facts = only(session, SupplierFacts)
    assert facts.legal_name == "BRIGHTWATER SYSTEMS LIMITED"
    assert facts.address == "12, Wharf Road, London, N1 7GR"
    assert (facts.checked_how, facts.company_status) == (Checked.COMPANIES_HOUSE, "active")
    assert len(register.asked) == 1, "it is asked once"


def test_another_name_cannot_be_put_in_the_place_of_the_registers(ada, register, session):
    fill_in(ada, name={"is_ours": "yes", "legal_name": "Somebody Else Ltd", "address": "Moon"})
    ada.post("/register/confirm")
    assert suppliers(session)[0].name == "BRIGHTWATER SYSTEMS LIMITED"


@pytest.mark.parametrize(("said", "sentence"), [("no", "Change the Companies"), ("", "Select yes")])
def test_who_does_not_say_that_it_is_theirs_cannot_go_on(ada, register, session, said, sentence):
    fill_in(ada, "name")
    seen = ada.post("/register/name", is_ours=said)
    assert ada.status == 422
    assert sentence in errors(seen)["#is_ours"]
    ada.post("/register/confirm")
    assert ada.status == 409
    assert not suppliers(session)


def test_another_number_has_to_be_confirmed_anew(ada, register, session):
    fill_in(ada, name={"is_ours": "yes"})
    register.says((200, COMPANY | {"company_number": "04142001", "company_name": "OTHER LTD"}))
    changed = NUMBER | {"companies_house_number": "04142001"}
    seen = ada.post("/register/company?back=check", **changed)
    assert summary(seen)["Name"] == "OTHER LTD"
    assert seen.select_one("form#section")["action"] == "/register/name?back=check"
    ada.post("/register/confirm")
    assert ada.status == 409, "the answer was about another company"
    seen = ada.post("/register/name?back=check", is_ours="yes")
    assert seen.select_one("h1").text.startswith("Check your answers")
    ada.post("/register/confirm")
    assert suppliers(session)[0].name == "OTHER LTD"


def test_an_unknown_number_is_refused_at_the_field_and_kept(ada, register, session):
    register.says((404, {"errors": [{"error": "company-profile-not-found"}]}))
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER | {"companies_house_number": "0999 9999"})
    assert ada.status == 422
    assert "has no company with the number 09999999" in errors(seen)["#companies_house_number"]
    assert seen.select_one("#companies_house_number")["value"] == "0999 9999"
    assert registration(session).answers["companies_house_number"] == "0999 9999"
    tasks = ada.get("/register").select(".govuk-task-list__status")
    assert tasks[0].get_text(strip=True) == "There is a problem"


@pytest.mark.parametrize("status", ["dissolved", "liquidation"])
def test_a_company_that_is_no_more_says_so(ada, register, session, status):
    register.says((200, COMPANY | {"company_status": status, "date_of_cessation": "2020-03-31"}))
    fill_in(ada, name={"is_ours": "yes"})
    says = companies_house.STATUSES[status]
    for page in ("/register", "/register/name", "/register/check"):
        assert f"{says}, on 31 March 2020" in ada.get(page).text
    ada.post("/register/confirm")
    assert only(session, SupplierFacts).company_status == status


# ---- When it does not answer

SILENT = {
    "an error of theirs": [(500, b"")],
    "unavailable": [(503, {"error": "unavailable"})],
    "the wrong key": [(401, {"error": "Invalid Authorization"})],
    "nonsense": [(200, b"<html>Welcome</html>")],
    "no object": [(200, [1, 2])],
    "another company": [(200, COMPANY | {"company_number": "11111111"})],
    "no name": [(200, COMPANY | {"company_name": None})],
    "too much": [(200, b" " * 300_000 + json.dumps(COMPANY).encode())],
    "nested too deep": [(200, b"[" * 100_000)],
    "sent elsewhere": [(302, b""), (200, COMPANY)],
}


@pytest.mark.parametrize("how", SILENT)
def test_when_it_does_not_answer_one_goes_on_by_hand(ada, register, session, how):
    register.says(*SILENT[how])
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER)
    assert ada.status == 200
    assert "Companies House does not answer" in seen.select_one(".govuk-inset-text").text
    assert seen.select_one("#legal_name")
    assert registration(session).answers["companies_house_number"] == "04142000"
    assert {path for path, _ in register.asked} == {"/company/04142000"}, "no redirect is followed"
    fill_in(ada, "company")
    ada.post("/register/confirm")
    assert only(session, SupplierFacts).checked_how is Checked.BY_HAND


def test_too_many_questions_are_told_as_such(ada, register):
    register.says((429, b""))
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER)
    assert "gets too many questions" in seen.select_one(".govuk-inset-text").text
    assert len(register.asked) == 1, "who is asked to wait is not asked again at once"


def test_an_error_of_theirs_is_tried_once_more(ada, register):
    register.says((502, b""), (200, COMPANY))
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER)
    assert summary(seen)["Name"] == "BRIGHTWATER SYSTEMS LIMITED"
    assert len(register.asked) == 2


def test_when_it_is_back_it_is_asked_again(ada, register):
    register.says((429, b""), (200, COMPANY))
    ada.post("/register")
    ada.post("/register/company", **NUMBER)
    seen = ada.post("/register/company", **NUMBER)
    assert summary(seen)["Name"] == "BRIGHTWATER SYSTEMS LIMITED"


def test_a_slow_answer_is_waited_for_only_so_long_and_nothing_is_lost(ada, register, session):
    register.waits = 0.05  # a byte; it would take ten seconds
    ada.post("/register")
    began = time.monotonic()
    seen = ada.post("/register/company", **NUMBER)
    assert time.monotonic() - began < 4
    assert "does not answer" in seen.text
    assert registration(session).answers["companies_house_number"] == "04142000"


def test_nobody_there_is_the_same(marketplace, register):
    nowhere = marketplace.settings.model_copy(update={"companies_house_url": "http://127.0.0.1:9"})
    assert _asked(nowhere) is Outcome.SILENT
    odd = marketplace.settings.model_copy(update={"companies_house_url": "no address at all"})
    assert _asked(odd) is Outcome.SILENT


def _asked(settings: Settings) -> Outcome:
    """In a thread, as it is for a request: the browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        said = thread.submit(companies_house.look_up, settings, "04142000", now())
        return said.result().outcome


def test_text_that_a_page_or_a_database_could_not_hold_is_made_fit(marketplace, register, ada):
    register.says((200, COMPANY | {"company_name": "A\x00<b>\n" + "x" * 5000}))
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER)
    name = summary(seen)["Name"]
    assert name.startswith("A<b> xxx")
    assert len(name) == companies_house.LONGEST


# ---- Who may let it be asked


def test_one_person_cannot_ask_without_end(ada, register, session):
    register.says((404, {}))
    ada.post("/register")
    for number in range(32):
        typed = NUMBER | {"companies_house_number": f"{4142000 + number}"}
        seen = ada.post("/register/company", **typed)
    assert len(register.asked) == 30
    assert "gets too many questions" in seen.text
    assert registration(session).answers["companies_house_number"] == "4142031"


def test_saving_by_itself_asks_nobody(ada, register):
    ada.post("/register")
    ada.post("/register/company?autosave=true", target="section", **NUMBER)
    assert ada.status == 200
    assert not register.asked


def test_visitors_wrong_numbers_and_those_who_are_no_company_ask_nobody(browser, register, make):
    browser.post("/register/company", **NUMBER)
    assert browser.status == 404
    browser.as_(make.newcomer())
    browser.post("/register/company", **NUMBER)
    assert browser.status == 404, "there is no registration under way"
    browser.post("/register")
    browser.post("/register/company", constitution="company", companies_house_number="../search")
    browser.post("/register/company", constitution="other", companies_house_number="04142000")
    assert not register.asked


def test_without_a_key_it_is_not_asked(ada, session):
    ada.post("/register")
    seen = ada.post("/register/company", **NUMBER)
    assert seen.select_one("#legal_name")
    assert "typed by you" in seen.text
    assert registration(session).register_said == {}


def test_others_write_while_somebody_waits_for_it(ada, register, make, monkeypatch):
    """The question is asked before the transaction begins: SQLite has one writer at a time."""
    asked = companies_house.look_up
    written = []

    def look_up(*given):
        written.append(make(Registration(person_id=make.person().id)))
        return asked(*given)

    monkeypatch.setattr(companies_house, "look_up", look_up)
    ada.post("/register")
    ada.post("/register/company", **NUMBER)
    assert ada.status == 200
    assert written


def test_the_key_is_in_no_page_row_or_log(ada, register, session, capsys):
    register.says((401, {"error": KEY}))
    ada.post("/register")
    ada.post("/register/company", **NUMBER)
    assert KEY not in ada.text
    assert KEY not in str(registration(session).model_dump())
    assert KEY not in capsys.readouterr().out

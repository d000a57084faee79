"""A supplier's rate card: kept by its managers, read by everybody, and what it was stays known."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR, Role
from marketplace.catalogue.rate_models import Rate
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.verbs import Verb
from tests.core.test_races import both, hands

__all__ = ["both", "hands"]
CARD = "/organisation/rates"


@pytest.fixture
def supplier(make):
    return make.supplier("Moss Repairs")


@pytest.fixture
def manager(make, supplier):
    return make.manager(supplier)


def read(browser, supplier) -> str:
    """The card as a visitor reads it on the supplier's page."""
    main = browser.as_(VISITOR).main(f"/suppliers/{supplier.id}")
    table = main.select_one("#card tbody")
    return " ".join(table.get_text(" ").split()) if table else ""


def test_everybody_reads_the_card_with_the_day_since_when_each_rate_holds(
    browser, supplier, manager
):
    assert read(browser, supplier) == ""
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        browser.as_(manager).post(CARD, software_developer="£650", service_designer="700.50")
        assert browser.status == 200
    assert read(browser, supplier) == (
        "Service designer £700.50 2 March 2026 Software developer £650 2 March 2026"
    ), "in the order of the roles"


def test_a_change_holds_from_its_day_and_what_was_before_stays_known(
    make, browser, supplier, manager, session
):
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        browser.as_(manager).post(CARD, software_developer="650", data_engineer="600")
    with time_machine.travel("2026-06-01T10:00:00Z", tick=False):
        for amount in ("800", "690"):  # the second the same day, because the first was a slip
            browser.as_(manager).post(CARD, software_developer=amount, data_engineer="600")
    assert read(browser, supplier) == (
        "Software developer £690 1 June 2026 Data engineer £600 2 March 2026"
    )
    page = browser.main(f"/suppliers/{supplier.id}").text
    assert "Software developer: £650, from 2 March 2026" in page
    assert "800" not in page
    rows = session.exec(select(Rate.role, Rate.amount).order_by(Rate.since)).all()
    assert len(rows) == 3, "a role that did not change is not written again"
    history = browser.as_(make.administrator(supplier)).main("/organisation/history").text
    assert "Software developer: £690 a day, £800 a day before" in history
    assert "Software developer: £650 a day, no rate before" in history


def test_a_role_can_be_taken_off_the_card(browser, supplier, manager):
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        browser.as_(manager).post(CARD, software_developer="650", data_engineer="600")
    browser.as_(manager).post(CARD, software_developer="650", data_engineer="")
    assert "Data engineer" not in read(browser, supplier)
    assert "Data engineer: £600" in browser.main(f"/suppliers/{supplier.id}").text, "as an earlier"


@pytest.mark.parametrize("typed", ["0", "-5", "650.505", "a lot", "1e3", "٦٥٠", "9" * 30])
def test_what_is_no_amount_comes_back_with_a_sentence_and_as_it_was_typed(
    browser, supplier, manager, typed
):
    seen = browser.as_(manager).post(CARD, software_developer=typed, data_engineer="600")
    assert browser.status == 422
    assert seen.select_one("#software_developer-error")
    assert seen.select_one("[name=software_developer]")["value"] == typed
    assert seen.select_one("[name=data_engineer]")["value"] == "600"
    assert read(browser, supplier) == ""


def test_only_its_managers_change_it(make, browser, supplier, session):
    colleague = make.actor(supplier, Role.ADMINISTRATOR)
    assert "A manager of your organisation can change" in browser.as_(colleague).main(CARD).text
    browser.as_(colleague).post(CARD, software_developer="650")
    assert browser.status == 403
    browser.as_(make.author(make.authority())).post(CARD, software_developer="650")
    assert browser.status == 404
    assert not session.exec(select(Rate)).all()


def test_the_card_of_a_supplier_that_is_not_shown_is_not_shown(make, browser, session):
    hidden = make.supplier("Not signed", signed=False)
    make(Rate(role="data-engineer", amount=600, since=now().date(), organisation_id=hidden.id))
    assert read(browser, hidden) == ""


def test_two_managers_declare_at_once_and_there_is_one_rate_a_day(make, supplier, both, session):
    first, second = make.manager(supplier), make.manager(supplier)
    for turn in range(3):
        amounts = (f"{650 + turn}", f"{750 + turn}")
        told = both(
            *(
                (who, (CARD, {"software_developer": amount}))
                for who, amount in zip((first, second), amounts, strict=True)
            )
        )
        assert [status for status, _ in told] == [303, 303]
        session.rollback()
        [row] = session.exec(select(Rate)).all()
        assert str(row.amount) in amounts
        session.rollback()
    declared = select(Event).where(Event.verb == Verb.RATE_DECLARE)
    assert len(session.exec(declared).all()) == 6


def test_a_rate_of_yesterday_is_not_written_over(browser, supplier, manager, session):
    with time_machine.travel(now() - timedelta(days=1), tick=False):
        browser.as_(manager).post(CARD, software_developer="650")
    browser.as_(manager).post(CARD, software_developer="600")
    amounts = select(Rate.amount).order_by(Rate.since)
    assert [str(one) for one in session.exec(amounts)] == ["650", "600"]

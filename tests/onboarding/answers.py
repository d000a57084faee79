"""Answers to every question of a registration, as a person types them."""

from typing import Any

from sqlmodel import Session, select

from marketplace.core.journal import Event
from marketplace.organisations.models import Organisation
from tests.browser_of_pages import Browser

Typed = dict[str, dict[str, Any]]


def answers(number: str = "04142000") -> Typed:
    """By section, what is typed where Companies House cannot be asked."""
    return {
        "company": {"constitution": "company", "companies_house_number": number},
        "name": {
            "legal_name": "Brightwater Systems Limited",
            "address": "12 Wharf Road\nLondon N1 7GR",
        },
        "identifiers": {"vat_number": "GB 220 4302 31", "ppon": "pdtl-7248-gwzw"},
        "size": {
            "staff_under_250": "yes",
            "turnover_up_to_44m": "no",
            "balance_sheet_up_to_38m": "yes",
            "is_vcse": "no",
        },
        "about": {
            "trading_name": "Brightwater",
            "regions": ["london", "south-east"],
            "site": "https://brightwater.example",
            "description": "Software for housing teams.",
        },
        "contacts": {
            "accessibility_role": "Head of Product Design",
            "accessibility_email": "access@brightwater.example",
            "security_role": "Security Lead",
            "security_email": "security@brightwater.example",
        },
    }


def fill_in(browser: Browser, *but: str, **instead: dict[str, Any]) -> None:
    """Begins a registration, and answers every section but these."""
    browser.post("/register")
    for section, typed in (answers() | instead).items():
        if section not in but:
            browser.post(f"/register/{section}", **typed)
            assert browser.status == 200, (section, browser.text)


def suppliers(session: Session) -> list[Organisation]:
    session.rollback()
    session.expire_all()
    return list(session.exec(select(Organisation).where(Organisation.kind == "supplier")))


def events(session: Session, verb: str) -> list[Event]:
    session.rollback()
    return list(session.exec(select(Event).where(Event.verb == verb)))

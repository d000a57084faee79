"""Answers to every question of a draft, as a person types them."""

from datetime import date, timedelta
from typing import TypeVar

from sqlmodel import Session, SQLModel, select

from marketplace.challenges.models import Challenge
from marketplace.core.journal import Event
from marketplace.core.times import in_london, now
from tests.browser_of_pages import Browser

T = TypeVar("T", bound=SQLModel)


def fresh(session: Session, row: T) -> T:
    """The row as it is now: a new transaction sees what requests committed meanwhile."""
    session.rollback()
    session.refresh(row)
    return row


def events(session: Session, verb: str) -> list[Event]:
    session.rollback()
    return list(session.exec(select(Event).where(Event.verb == verb)))


def typed_date(name: str, day: date) -> dict[str, str]:
    return {f"{name}__day": str(day.day), f"{name}__month": str(day.month)} | {
        f"{name}__year": str(day.year)
    }


def in_days(days: int) -> date:
    return in_london(now()).date() + timedelta(days=days)


def answers() -> dict[str, dict[str, str | list[str]]]:
    """By section, what is typed into its fields."""
    return {
        "need": {"title": "Bins that are missed", "need": "Crews report on paper."},
        "outcomes": {"affected": "Residents", "outcomes": "Known the same day."},
        "today": {"today": "Paper sheets", "constraints": ""},
        "area": {"area": "waste", "cpv": ["48000000 Software package", "90511000-2"]},
        "budget": {"band": "25k-100k"},
        "dates": {
            **typed_date("closes_on", in_days(30)),
            **typed_date("starts_on", in_days(90)),
        },
        "contact": {"contact_role": "Head of Waste", "contact_email": "waste@camden.gov.uk"},
    }


def fill_in(browser: Browser, challenge: Challenge, *but: str) -> None:
    """Answers every section but these."""
    for section, typed in answers().items():
        if section not in but:
            browser.post(f"/challenges/{challenge.id}/edit/{section}", **typed)
            assert browser.status == 200, (section, browser.text)

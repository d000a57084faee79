"""What tests of notifications share: things that happen, and what people read of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlmodel import Session, select

from auth.actor import Actor, Kind
from marketplace.app import Marketplace
from marketplace.core import db
from marketplace.notifications.models import Notification
from marketplace.organisations.models import Person
from marketplace.perform import perform
from marketplace.verbs import Verb


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def hackney(make):
    return make.authority("Hackney")


@pytest.fixture
def happen(marketplace: Marketplace, news: Callable[[], int]) -> Callable[..., None]:
    """Somebody does something, and the news of it is delivered. What an action writes besides is
    given as `then`.
    """

    def happen(
        who: Actor,
        verb: Verb,
        what: Any,
        *,
        about: Any = None,
        then: Callable[[Any], object] = lambda _: None,
        **facts: Any,
    ) -> None:
        with db.writing(marketplace.engine) as session:
            there = session.get(type(what), what.id)
            if there is None:
                session.add(there := what)
            perform(marketplace.context(session, who), verb, there, about=about, **facts)
            then(there)
            session.commit()
        news()

    return happen


def as_themselves(who: Actor) -> Actor:
    """The person, signed in and acting for no organisation."""
    return Actor(who.name, Kind.PUBLIC, person_id=who.person_id)


@dataclass(frozen=True)
class Line:
    """One entry of an inbox."""

    subject: str
    body: str
    why: str
    href: str
    unread: bool


def lines(seen: BeautifulSoup) -> list[Line]:
    return [
        Line(
            item.h3.a.get_text(strip=True),
            item.p.get_text(strip=True) if item.p else "",
            item.select(".app-list__meta > span")[1].text.removeprefix("You are told because "),
            item.h3.a["href"],
            item.select_one(".govuk-tag") is not None,
        )
        for item in seen.select("#inbox .app-list__item")
    ]


@pytest.fixture
def reads(browser) -> Callable[[Actor], list[Line]]:
    """What somebody finds under Notifications."""
    return lambda who: lines(browser.as_(who).get("/notifications"))


@pytest.fixture
def told(session: Session) -> Callable[[], dict[str, str]]:
    """By name, why each person was told of the last thing that happened."""

    def told() -> dict[str, str]:
        session.rollback()
        rows = session.exec(select(Notification, Person).join(Person)).all()
        return {person.name: one.why for one, person in rows}

    return told

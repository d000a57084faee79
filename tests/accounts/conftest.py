"""Windows that sign in for real, and the links that are sent to them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from auth import tokens
from marketplace.accounts import actions, links
from marketplace.accounts.models import BY_MAIL, DEMO, Identity, MailLink, SignIn
from marketplace.app import Marketplace, build
from marketplace.core.times import now
from marketplace.organisations.models import Person
from tests.browser_of_pages import HERE, Browser

TITLE = "A link by e-mail"
VARIES = re.compile(r'<p class="app-printed".*?</p>|[?]v=[0-9a-f]+', re.DOTALL)


@pytest.fixture
def app(marketplace: Marketplace) -> FastAPI:
    return build(marketplace)


@pytest.fixture
def window(app: FastAPI, marketplace: Marketplace) -> Iterator[Callable[[], Browser]]:
    """Opens browsers with cookies of their own, in which nobody is signed in yet."""
    opened: list[TestClient] = []

    def open_() -> Browser:
        client = TestClient(app, base_url=HERE)
        opened.append(client)
        return Browser(client, marketplace.engine)

    yield open_
    for client in opened:
        client.close()


@pytest.fixture
def visitor(window: Callable[[], Browser]) -> Browser:
    return window()


@pytest.fixture
def signed_in(window: Callable[[], Browser], session: Session) -> Callable[..., Browser]:
    """Opens a browser in which a person is signed in."""

    def open_(person_id: object, *, issuer: str = DEMO, **how: object) -> Browser:
        browser = window()
        token = actions.begin(session, person_id, now(), issuer=issuer, **how)
        session.commit()
        browser.client.cookies.set("session", token, domain="testserver.local")
        return browser

    return open_


@pytest.fixture
def by_mail(make) -> Callable[[Person], Identity]:
    """Gives a person a link by e-mail as a way in."""

    def give(person: Person, email: str = "") -> Identity:
        email = email or person.email
        return make(Identity(issuer=BY_MAIL, subject=email, title=TITLE, person_id=person.id))

    return give


class Post:
    """What was sent: it is made from the links, as the mail is."""

    def __init__(self, session: Session, marketplace: Marketplace) -> None:
        self.session, self.settings = session, marketplace.settings

    def newest(self) -> MailLink:
        self.session.rollback()
        sent = select(MailLink).order_by(col(MailLink.created_at).desc(), col(MailLink.id).desc())
        return self.session.exec(sent).first()

    def link(self) -> str:
        return urlsplit(links.address(self.settings, self.newest())).path

    def code(self) -> str:
        return links.code(self.settings, self.newest())

    def wrong(self) -> str:
        return f"{(int(self.code()) + 1) % 1_000_000:06}"

    def count(self) -> int:
        self.session.rollback()
        return len(self.session.exec(select(MailLink)).all())


@pytest.fixture
def post(session: Session, marketplace: Marketplace) -> Post:
    return Post(session, marketplace)


@pytest.fixture
def own(session: Session) -> Callable[[Browser], SignIn | None]:
    """The open session that a browser holds the token of."""

    def find(browser: Browser) -> SignIn | None:
        session.rollback()  # what others wrote meanwhile
        token = browser.client.cookies.get("session") or ""
        held = select(SignIn).where(SignIn.token_hash == tokens.digest(token))
        found = session.exec(held.where(col(SignIn.ended_at).is_(None)))
        return found.one_or_none()

    return find


@pytest.fixture
def later() -> Callable[..., time_machine.travel]:
    """Goes on at another time."""
    return lambda **much: time_machine.travel(now() + timedelta(**much), tick=True)


@pytest.fixture
def rows(session: Session) -> Callable[..., list]:
    """All rows of a table as they are now, or those of which something is true."""

    def find(table: type, **of: object) -> list:
        session.rollback()
        found = session.exec(select(table)).all()
        return [row for row in found if all(getattr(row, key) == of[key] for key in of)]

    return find

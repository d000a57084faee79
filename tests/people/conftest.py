"""Organisations with people in them, and browsers with real sessions."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from auth.actor import Actor, Role
from marketplace.accounts import actions
from marketplace.app import Marketplace, build
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.organisations.models import Membership, Organisation
from marketplace.people.models import MailDomain
from tests.browser_of_pages import HERE, Browser
from tests.make import Make


@pytest.fixture
def camden(make: Make) -> Organisation:
    camden = make.authority("Camden")
    make(MailDomain(domain="camden.gov.uk", organisation_id=camden.id))
    return camden


@pytest.fixture
def hackney(make: Make) -> Organisation:
    return make.authority("Hackney")


@pytest.fixture
def tom(make: Make, camden: Organisation) -> Actor:
    """An administrator of Camden."""
    return make.actor(camden, Role.ADMINISTRATOR, name="Tom Whitfield", email="tom@camden.gov.uk")


@pytest.fixture
def amara(make: Make, camden: Organisation) -> Actor:
    """An author of Camden."""
    return make.actor(camden, Role.AUTHOR, name="Amara Okafor", email="amara@camden.gov.uk")


@pytest.fixture
def support(make: Make) -> Actor:
    return make.actor(make.loti(), Role.SUPPORT, name="Sam Support")


@pytest.fixture
def boss(make: Make) -> Actor:
    return make.actor(make.loti(), Role.ADMINISTRATOR, name="Grace Boateng")


@pytest.fixture
def lena(make: Make) -> Actor:
    """Somebody of Camden who is not in yet."""
    return make.newcomer("Lena Fox", email="lena.fox@camden.gov.uk")


@pytest.fixture
def enter(marketplace: Marketplace, session: Session) -> Iterator[Callable[..., Browser]]:
    """Opens browsers with sessions of their own, as signing in leaves them."""
    app, opened = build(marketplace), []

    def open_(actor: Actor, ago: timedelta = timedelta(0)) -> Browser:
        session.rollback()  # what it has read until now would be older than what it writes
        own, since = actor.membership_id if actor.membership_id.int else None, now() - ago
        token = actions.begin(session, actor.person_id, since, issuer="test", membership_id=own)
        session.commit()
        client = TestClient(app, base_url=HERE)
        client.cookies.set("session", token, domain="testserver.local")
        opened.append(client)
        return Browser(client, marketplace.engine, actor)

    yield open_
    for client in opened:
        client.close()


@pytest.fixture
def member(session: Session) -> Callable[[Actor], Membership]:
    """The membership of somebody, as it is now."""

    def read(of: Actor, organisation: Organisation | None = None) -> Membership:
        session.rollback()
        session.expire_all()
        where = organisation.id if organisation else of.organisation_id
        theirs = select(Membership).where(
            Membership.person_id == of.person_id, Membership.organisation_id == where
        )
        return session.exec(theirs).one()

    return read


@pytest.fixture
def happened(session: Session) -> Callable[[str], list[Event]]:
    """The events of a verb, the oldest first."""

    def read(verb: str) -> list[Event]:
        session.rollback()
        session.expire_all()
        seen = select(Event).where(Event.verb == verb).order_by(col(Event.created_at))
        return list(session.exec(seen))

    return read

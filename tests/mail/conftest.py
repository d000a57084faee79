"""A marketplace beside a mail server, for every test of mail."""

from collections.abc import Iterator

import pytest

from marketplace.app import Marketplace
from marketplace.challenges.models import Stage
from marketplace.perform import perform
from marketplace.settings import Settings
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE
from tests.mail.post import SENDER, Office, Server, ended


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Links in mail lead to where the browser of the tests is."""
    return Settings(**(settings.model_dump() | {"public_url": HERE, "mail_from": SENDER}))


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    controller = made.controller()
    controller.start()
    yield made
    made.hangs = False
    ended(controller)


@pytest.fixture
def office(marketplace: Marketplace, server: Server) -> Office:
    return Office(server, marketplace).set(smtp_url=server.url)


@pytest.fixture
def world(marketplace, session, make):
    """Camden, an author of it who is told what another does, and LOTI's curator."""
    camden, curator = make.authority("Camden"), make.curator()
    return camden, make.author(camden), curator


@pytest.fixture
def submitted(marketplace, session, make, world):
    """Does what gives LOTI something to do, and the author news for the next digest."""
    camden, _, _ = world
    colleague = make.author(camden)

    def submit(**more):
        challenge = make.challenge(camden, Stage.DRAFT, **more)
        perform(marketplace.context(session, colleague), Verb.CHALLENGE_SUBMIT, challenge)
        session.commit()
        return challenge

    return submit

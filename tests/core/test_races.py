"""Two people press at the same moment, each through a server process of their own: who is second
gets a sentence, and nothing happens twice.
"""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from sqlmodel import col, func, select

from auth.actor import VISITOR, Actor
from marketplace.app import assemble, build
from marketplace.catalogue.models import Product
from marketplace.challenges.models import Challenge, Commitment, Level, Stage
from marketplace.core.journal import Event
from tests.browser_of_pages import HERE
from tests.challenges.answers import answers

ROUNDS = 20
Press = tuple[str, dict[str, Any]]  # an address and what is sent there


class Hand:
    """Somebody with a server, an engine and connections of their own."""

    def __init__(self, settings: Any) -> None:
        self.marketplace = assemble(settings)
        app = build(self.marketplace)
        app.state.who = lambda request, session: self.actor
        self.client = TestClient(app, base_url=HERE, follow_redirects=False)
        self.actor: Actor = VISITOR
        # FastAPI prepares its routes at the first request, which two threads must not make at once.
        self.client.get("/nowhere")

    def press(self, url: str, form: dict[str, Any]) -> tuple[int, str]:
        sent = {name.replace("__", "-"): value for name, value in form.items()}
        answer = self.client.post(url, data=sent, headers={"Origin": HERE})
        page = BeautifulSoup(answer.text, "html.parser").select_one("main")
        return answer.status_code, page.get_text(" ", strip=True) if page else ""

    def close(self) -> None:
        self.client.close()
        self.marketplace.close()


@pytest.fixture
def hands(marketplace, settings) -> Iterator[tuple[Hand, Hand]]:
    two = Hand(settings), Hand(settings)
    yield two
    for hand in two:
        hand.close()


Both = Callable[[tuple[Actor, Press], tuple[Actor, Press]], list[tuple[int, str]]]


@pytest.fixture
def both(hands) -> Both:
    """Lets two people press at once; what each was told."""

    def both(*pressed: tuple[Actor, Press]) -> list[tuple[int, str]]:
        ready, told = Barrier(2), [(0, ""), (0, "")]

        def go(place: int, hand: Hand, who: Actor, press: Press) -> None:
            hand.actor = who
            ready.wait()
            told[place] = hand.press(*press)

        threads = [
            Thread(target=go, args=(place, hands[place], *one)) for place, one in enumerate(pressed)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return told

    return both


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def hackney(make):
    return make.authority("Hackney")


def one_of_them(told: list[tuple[int, str]], sentence: str) -> None:
    """Exactly one was done; the other was told why not."""
    assert sorted(status for status, _ in told) == [303, 409], told
    assert sentence in next(text for status, text in told if status == 409)


def events(session, verb: str) -> int:
    session.rollback()
    counted = select(func.count()).select_from(Event).where(col(Event.verb) == verb)
    return session.exec(counted).one()


def test_two_curators_approve_and_it_is_published_once(make, both, session, camden):
    loti = make.curator()
    for turn in range(ROUNDS):
        challenge = make.challenge(camden, Stage.SUBMITTED)
        press = (f"/challenges/{challenge.id}/approve", {})
        one_of_them(both((loti, press), (loti, press)), "You cannot approve a challenge")
        assert events(session, "challenge.approve") == turn + 1


def test_two_colleagues_join_and_their_authority_takes_part_once(
    make, both, session, camden, hackney
):
    first, second = make.author(hackney), make.approver(hackney)
    for turn in range(ROUNDS):
        challenge = make.challenge(camden)
        place = f"/challenges/{challenge.id}/commitments"
        joins = (place, {"level": Level.INTERESTED.value})
        one_of_them(both((first, joins), (second, joins)), "Hackney takes part already")
        assert events(session, "commitment.make") == turn + 1
        assert len(session.exec(select(Commitment)).all()) == turn + 1


def test_a_challenge_is_not_changed_under_the_hand_of_who_sends_it(make, both, session, camden):
    """The edit leaves out what has to be answered: then it cannot be sent, and once it is sent it
    cannot be edited.
    """
    first, second = make.author(camden), make.author(camden)
    for _ in range(ROUNDS):
        challenge = make.challenge(camden, Stage.DRAFT)
        place = f"/challenges/{challenge.id}"
        edits = (f"{place}/edit/need", {**answers()["need"], "need": ""})
        (edited, _), (sent, why) = both((first, edits), (second, (f"{place}/submit", {})))
        session.rollback()
        kept = session.get_one(Challenge, challenge.id, populate_existing=True)
        if sent == 303:
            assert edited == 409
            assert kept.stage == Stage.SUBMITTED
            assert kept.typed == {}
        else:
            assert (edited, sent) == (422, 409)
            assert "First describe the need" in why
            assert kept.stage == Stage.DRAFT


def test_nobody_joins_a_challenge_after_it_is_closed(make, both, session, camden, hackney):
    owner, joiner = make.author(camden), make.approver(hackney)
    joined = 0
    for _ in range(ROUNDS):
        challenge = make.challenge(camden)
        place = f"/challenges/{challenge.id}"
        (closed, _), (told, why) = both(
            (owner, (f"{place}/close", {})),
            (joiner, (f"{place}/commitments", {"level": "committed"})),
        )
        assert closed == 303
        assert told == 303 or (told == 409 and "is not open" in why)
        joined += told == 303
        assert events(session, "commitment.make") == joined
        kept = session.get_one(Challenge, challenge.id, populate_existing=True)
        assert kept.stage == Stage.CLOSED


def test_a_draft_is_listed_or_deleted_but_never_both(make, both, session):
    supplier = make.supplier()
    first, second = make.manager(supplier), make.manager(supplier)
    for _ in range(ROUNDS):
        product = make.product(supplier, stage="draft")
        place = f"/products/{product.id}"
        told = both((first, (f"{place}/list", {})), (second, (f"{place}/discard", {})))
        (listed, _), (discarded, why) = told
        session.rollback()
        session.expunge(product)
        kept = session.get(Product, product.id)
        if listed == 303:
            assert discarded == 409
            assert "You cannot discard a product" in why
            assert kept.stage == "listed"
        else:
            assert (listed, discarded) == (404, 303)
            assert kept is None

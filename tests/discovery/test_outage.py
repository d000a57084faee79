"""With the search server killed in the middle pages answer and say so; after its return nothing is
missing.
"""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR
from marketplace import policy
from marketplace.catalogue.models import Stage
from marketplace.core.context import Context
from marketplace.core.outbox import WAITS, Delivery
from marketplace.core.times import now
from marketplace.discovery import indexing
from marketplace.perform import perform
from marketplace.verbs import Verb
from search.fallback import engines
from search.port import Question
from tests.search.meilisearch_double import serving


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def settings(settings, server):
    there = {"meili_url": server.address, "meili_api_key": server.key}
    return settings.model_copy(update=there)


@pytest.fixture
def found(marketplace):
    """The ids that each engine finds for a visitor."""

    def find(words):
        question = Question(words, policy.audience(VISITOR))
        return [
            [hit.id for hit in engine.find(question).hits] for engine in engines(marketplace.index)
        ]

    return find


@pytest.fixture
def publish(make, session, settings):
    """Lists a product of a new supplier."""

    def publish():
        supplier = make.supplier()
        product = make.product(supplier, Stage.DRAFT, name="Candlewick")
        ctx = Context(session, make.manager(supplier), now(), settings)
        perform(ctx, Verb.PRODUCT_PUBLISH, product)
        session.commit()
        return product

    return publish


@pytest.fixture
def catalogue(marketplace, make, session):
    make.product(make.supplier(), name="Lampwick")
    session.commit()
    assert indexing.reindex(marketplace.engine, marketplace.index) == 2


def test_both_engines_are_filled_and_follow_the_journal(catalogue, publish, news, found):
    product = publish()
    news()
    assert found("Candlewick") == [[f"product-{product.id}"]] * 2


def test_a_page_is_answered_without_the_server_and_says_so(catalogue, browser, server):
    page = browser.get("/search?q=lampwick")
    assert "Lampwick" in page.text
    assert "simpler than usual" not in page.text
    server.stop()
    page = browser.get("/search?q=lampwick")
    assert "Lampwick" in page.text
    assert "simpler than usual" in page.text
    assert json.loads(browser.get("/health").text)["search"] == {
        "engine": "meilisearch",
        "status": "basic",
        "documents": 2,
    }


def test_whatever_is_matched_says_that_the_spare_engine_answered(
    browser, make, marketplace, server, session
):
    hackney, supplier = make.authority("Hackney"), make.supplier("Roundwise Ltd")
    mine = make.challenge(make.authority("Camden"), title="Trace missed bin collections")
    make.challenge(hackney, title="Missed bin collections are hard to trace")
    product = make.product(supplier)
    session.commit()
    indexing.reindex(marketplace.engine, marketplace.index)
    author, manager = make.author(make.authority("Brent")), make.manager(supplier)
    pages = {
        f"/challenges/{mine.id}/matches": (author, "Roundwise"),
        f"/challenges/{mine.id}/similar": (author, "Missed bin collections are hard to trace"),
        f"/products/{product.id}/challenges": (manager, "Trace missed bin collections"),
        "/challenges/new?title=missed+bin+collections": (author, "Trace missed bin collections"),
    }
    for address, (actor, answer) in pages.items():
        text = browser.as_(actor).get(address).select_one("main").text
        assert answer in text, address
        assert "simpler than usual" not in text, address
    server.stop()
    for address, (actor, answer) in pages.items():
        text = browser.as_(actor).get(address).select_one("main").text
        assert answer in text, address
        assert "simpler than usual" in text, address


def test_what_changes_while_the_server_is_away_is_found_by_it_afterwards(
    catalogue, publish, session, news, found, server
):
    key, server.key = server.key, "another"
    product = publish()
    moment = now()
    for _ in range(2 * len(WAITS)):  # for much longer than another listener would be given
        with time_machine.travel(moment, tick=False):
            news()
        moment += timedelta(minutes=5)
    [owed] = session.exec(
        select(Delivery).where(Delivery.done_at.is_(None), Delivery.listener.startswith("search"))
    ).all()
    assert owed.listener == "search-meilisearch"
    assert owed.set_aside_at is None
    assert owed.due_at <= moment
    assert "refuses the key" in owed.error

    server.key = key
    assert found("Candlewick") == [[f"product-{product.id}"], []]
    with time_machine.travel(moment, tick=False):
        news()
    assert found("Candlewick") == [[f"product-{product.id}"]] * 2


def test_what_the_server_will_never_take_is_set_aside_with_its_cause(
    catalogue, publish, session, news, server
):
    server.failing = {"code": "invalid_document_id", "type": "invalid_request", "message": "Bad id"}
    publish()
    moment = now()
    for wait in (timedelta(), *WAITS):
        moment += wait + timedelta(seconds=1)
        with time_machine.travel(moment, tick=False):
            news()
    [owed] = session.exec(select(Delivery).where(Delivery.set_aside_at.is_not(None))).all()
    assert owed.listener == "search-meilisearch"
    assert "Bad id (invalid_document_id)" in owed.error


def test_a_change_made_while_the_index_is_filled_is_in_the_new_one(
    marketplace, catalogue, publish, news, found
):
    """Its row had been read already, and the news of it went to the index that is given up."""
    changed = []

    def watch(engine, number):
        if engine == "meilisearch" and not changed:
            changed.append(publish())
            news()

    indexing.reindex(marketplace.engine, marketplace.index, watch)
    assert found("Candlewick") == [[f"product-{changed[0].id}"]] * 2


def test_with_the_server_away_from_the_start_everything_is_found_all_the_same(
    browser, publish, news, server
):
    server.stop()
    publish()
    news()
    assert "Candlewick" in browser.get("/search?q=candlewick").text

"""The index follows the journal: whatever happens is found, and what is gone is not."""

from datetime import timedelta
from threading import Event as Signal
from time import sleep
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from auth.actor import NOBODY, VISITOR
from marketplace import policy
from marketplace.catalogue.models import Stage
from marketplace.challenges.models import Stage as ChallengeStage
from marketplace.contracts.models import ContractStage, Permitted
from marketplace.core import outbox
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.core.outbox import Delivery
from marketplace.core.times import now
from marketplace.discovery import indexing, queries
from marketplace.perform import perform
from marketplace.verbs import Verb
from search.port import Question, Unavailable


def event(kind: str, id: UUID) -> Event:
    """That something happened to a row; of notices an import tells, many at a time."""
    return Event(
        verb=f"{kind}.change",
        subject_kind=kind,
        subject_id=id,
        about_id=id,
        was="",
        became="",
        person_id=NOBODY,
        person_name="",
        organisation_id=NOBODY,
        organisation_name="",
        facts={"notices": [str(id)]} if kind == "notice" else {},
    )


@pytest.fixture
def hear(session, index):
    """Tells the listener, as the courier does, that something happened to a row."""
    return lambda kind, id: indexing.listener(index).handle(session, event(kind, id))


@pytest.fixture
def found(index):
    """The ids that a visitor finds with these words."""

    def find(words, who=VISITOR):
        return [hit.id for hit in index.find(Question(words, policy.audience(who))).hits]

    return find


def test_a_change_is_found_when_the_news_is_delivered(session, settings, make, news, found):
    supplier = make.supplier()
    product = make.product(supplier, Stage.DRAFT, name="Lampwick")
    ctx = Context(session, make.manager(supplier), now(), settings)
    perform(ctx, Verb.PRODUCT_PUBLISH, product)
    session.commit()
    assert found("Lampwick") == []
    news()
    assert found("Lampwick") == [f"product-{product.id}"]
    perform(ctx, Verb.PRODUCT_PAUSE, product)
    session.commit()
    news()
    assert found("Lampwick") == []
    assert found("Lampwick", ctx.actor) == [f"product-{product.id}"]


def test_news_that_arrives_twice_changes_nothing(make, hear, found, index):
    product = make.product(make.supplier(), name="Lampwick")
    for _ in range(3):
        hear("product", product.id)
    assert found("Lampwick") == [f"product-{product.id}"]
    assert index.count() == 1


def test_news_that_arrives_late_tells_how_things_are_now(session, make, hear, found):
    product = make.product(make.supplier(), name="Lampwick")
    hear("product", product.id)
    product.name = "Candlewick"
    make(product)
    hear("product", product.id)
    assert found("Candlewick") == [f"product-{product.id}"]
    assert found('"Lampwick"') == []


@pytest.mark.parametrize("kind", ["product", "challenge", "notice"])
def test_what_is_gone_is_dropped(session, make, hear, index, kind):
    row = {
        "product": lambda: make.product(make.supplier()),
        "challenge": lambda: make.challenge(make.authority()),
        "notice": make.notice,
    }[kind]()
    hear(kind, row.id)
    assert index.count() == 1
    session.delete(row)
    session.commit()
    hear(kind, row.id)
    hear(kind, row.id)
    assert index.count() == 0


def test_a_draft_of_a_challenge_is_in_no_index(make, hear, index):
    hear("challenge", make.challenge(make.authority(), ChallengeStage.DRAFT).id)
    assert index.count() == 0


def test_a_commitment_brings_its_challenge_up_to_date(make, hear, found):
    challenge = make.challenge(make.authority(), title="Fly-tipping hotspots")
    hear("commitment", make.commitment(challenge, make.authority("Hackney")).id)
    assert found("Fly-tipping") == [f"challenge-{challenge.id}"]


def test_a_supplier_that_changes_its_name_takes_its_products_along(make, hear, found):
    supplier = make.supplier("Oldname")
    product = make.product(supplier)
    hear("organisation", supplier.id)
    assert set(found("Oldname")) == {f"supplier-{supplier.id}", f"product-{product.id}"}
    supplier.name = "Freshname"
    make(supplier)
    hear("organisation", supplier.id)
    assert set(found("Freshname")) == {f"supplier-{supplier.id}", f"product-{product.id}"}
    assert found('"Oldname"') == []


def test_a_contract_is_found_once_it_is_signed_and_by_the_present_name_of_its_supplier(
    make, hear, found
):
    camden, hackney, moss = make.authority(), make.authority("Hackney"), make.supplier("Oldname")
    contract = make.contract(camden, moss, stage=ContractStage.PREPARED, title="Lampwick")
    make(Permitted(contract_id=contract.id, organisation_id=hackney.id))
    hear("contract", contract.id)
    assert found("Lampwick", make.author(camden)) == [], "not even by its own authority"
    for stage in (ContractStage.SIGNED, ContractStage.ENDED):
        contract.stage = stage
        make(contract)
        hear("contract", contract.id)
        assert found("Lampwick") == found("Hackney") == [f"contract-{contract.id}"]
    moss.name = "Freshname"
    make(moss)
    hear("organisation", moss.id)
    assert found("Freshname") == [f"supplier-{moss.id}", f"contract-{contract.id}"]
    contract.stage = ContractStage.DROPPED
    make(contract)
    hear("contract", contract.id)
    assert found("Lampwick") == []


def test_an_authority_is_no_supplier(make, hear, index):
    hear("organisation", make.authority().id)
    assert index.count() == 0


@pytest.mark.parametrize("kind", ["delivery", "commitment", "membership"])
def test_news_about_what_cannot_be_found_is_let_pass(hear, index, kind):
    hear(kind, uuid4())
    assert index.count() == 0


def test_a_lost_index_is_restored_from_the_database(make, fill, found, index):
    supplier = make.supplier("Wickworks")
    product = make.product(supplier, name="Lampwick")
    make.use(product, make.authority("Hackney"))
    challenge = make.challenge(make.authority(), title="Streets too dark to walk")
    notice = make.notice(title="Street lighting columns")
    assert fill() == 4
    ids = {f"product-{product.id}", f"supplier-{supplier.id}"}
    ids |= {f"challenge-{challenge.id}", f"notice-{notice.id}"}
    index.drop(ids)
    assert index.count() == 0
    assert fill() == 4
    assert {hit.id for hit in index.find(Question("", frozenset({"public"}))).hits} == ids


def test_filling_it_anew_forgets_what_is_no_longer_there(session, make, fill, index):
    product = make.product(make.supplier())
    fill()
    session.delete(product)
    session.commit()
    assert fill() == 1
    assert index.count() == 1


def test_everything_is_read_batch_by_batch(session, make, monkeypatch):
    monkeypatch.setattr(queries, "BATCH", 2)
    supplier = make.supplier()
    products = [make.product(supplier, name=f"Product {n}") for n in range(5)]
    for product in products:
        make.use(product, make.authority(f"Authority {product.name}"))
    session.expunge_all()
    documents = {document.id: document for document in indexing.everything(session)}
    assert set(documents) == {
        f"supplier-{supplier.id}",
        *(f"product-{product.id}" for product in products),
    }
    assert all(d.facets["used_by"] for d in documents.values() if d.kind == "product")


def test_what_is_filled_anew_is_what_was_told_one_by_one(session, make, index):
    """Two ways into the index lead to the same documents."""
    product = make.product(make.supplier(), name="Lampwick")
    make.use(product, make.authority("Hackney"))
    contract = make.contract(make.authority("Brent"), make.supplier("Moss Repairs"))
    rows = [product, make.challenge(make.authority()), make.notice(), contract]
    told = {}
    for row, kind in zip(rows, ("product", "challenge", "notice", "contract"), strict=True):
        told |= indexing.TOUCHED[kind](session, event(kind, row.id))
    for id in (product.organisation_id, contract.supplier_id):
        told |= indexing.TOUCHED["organisation"](session, event("organisation", id))
    assert {document.id: document for document in indexing.everything(session)} == told


def test_an_index_that_does_not_answer_is_told_again_later(
    session, settings, make, news, index, found, monkeypatch
):
    supplier = make.supplier()
    product = make.product(supplier, Stage.DRAFT, name="Lampwick")
    perform(
        Context(session, make.manager(supplier), now(), settings), Verb.PRODUCT_PUBLISH, product
    )
    session.commit()

    def fails(_):
        raise Unavailable("The engine is being restarted.")

    with monkeypatch.context() as broken:
        broken.setattr(index, "put", fails)
        news()
    owed = session.exec(select(Delivery).where(Delivery.listener == "search")).one()
    assert owed.done_at is None
    owed.due_at = now() - timedelta(seconds=1)
    make(owed)
    news()
    assert found("Lampwick") == [f"product-{product.id}"]


# What nobody can look for: who somebody is and how they get in, and what they are told.
NOT_FOUND = {
    "reliance",
    "interest",
    "file",
    "report",
    "rate",
    "link",
    "session",
    "identity",
    "address",
    "calendar",
    "mail",
    "person",
    "domain",
    "invitation",
    "join",
    "membership",
    "support",
    "notification",
    "preference",
    "delivery",
    "search",
    "alert",
    "watch",
    "lot",
    "criterion",
    "approval",
    "comment",
    "clarification",
    "bid",
    "choice",
    "opening",
    "evaluation",
    "seat",
    "question",
    "score",
    "judgement",
    "exchange",
    "disregard",
    "award",
    "summary",
    "proceedings",
    "calloff",
    "milestone",
    "review",
    "shortlist",  # only its own authority knows of it, and has a list of its own to find it
}


@pytest.mark.parametrize("verb", Verb)
def test_what_any_verb_does_reaches_the_index_or_is_none_of_its_business(verb):
    kind = verb.split(".")[0]
    assert (kind in indexing.TOUCHED) != (kind in NOT_FOUND)


@pytest.mark.parametrize("kind", sorted(NOT_FOUND))
def test_news_about_people_neither_feeds_the_index_nor_breaks_it(make, hear, index, kind):
    """Not even where the row is there, or an organisation is what the event is about."""
    supplier = make.supplier()
    for id in (uuid4(), supplier.id, make.manager(supplier).person_id):
        hear(kind, id)
    assert index.count() == 0


def test_whoever_changes_something_wakes_what_brings_it_into_the_index(
    browser, make, found, index, monkeypatch
):
    """With couriers that nobody wakes for as long as the test runs, unless the change does."""
    beds, heard = [], Signal()

    class Bed(Signal):
        asleep = False

        def __init__(self):
            super().__init__()
            beds.append(self)

        def wait(self, timeout=None):
            self.asleep = True
            super().wait()
            self.asleep = False

    def put(documents, put=index.put):
        put(documents)
        heard.set()

    monkeypatch.setattr(outbox, "Signal", Bed)
    supplier = make.supplier()
    product = make.product(supplier, Stage.PAUSED, name="Lampwick")
    browser.as_(make.manager(supplier))
    monkeypatch.setattr(index, "put", put)
    courier = browser.client.app.state.courier = outbox.Courier(browser.engine)
    courier.start()
    try:
        while not all(bed.asleep and not bed.is_set() for bed in beds):
            sleep(0.01)
        assert not heard.is_set()
        browser.post(f"/products/{product.id}/publish")
        assert heard.wait(timeout=30)
        assert found("Lampwick") == [f"product-{product.id}"]
    finally:
        courier.stop()

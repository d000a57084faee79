"""Until it is opened nobody but its bidder learns anything of a bid, not even that it is there: on
no page and in no list, feed, search, export, journal, mail, log, database or file.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
import time_machine
from sqlmodel import select

from auth.actor import VISITOR, Actor, Role
from marketplace.bids.models import SealedBid, SealedLetter
from marketplace.core import db
from marketplace.core.scanning import Scan
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.settings import Settings
from marketplace.tables import METADATA
from tests.bids.bidding import ANSWER, Bidder, closing, published
from tests.mail.post import SENDER, Office, Server, ended

WORD = "Xylophonium"  # stands in everything that the bidder types
SECRETS = {
    "contact": {"contact_name": f"{WORD} Moss", "contact_email": f"{WORD}@moss.example"},
    "consortium": {"members": f"{WORD} Limited", "brings": f"{WORD} vans"},
    "question-1": {ANSWER: f"On a map of {WORD}."},
    "prices": {
        "line1_item": f"{WORD} fee",
        "line1_quantity": "4",
        "line1_price": "987,654.32",
        "vat_rate": "20",
    },
}
# Only in these tables is there anything more than before, and nothing to be read in them.
BOXES = {SealedBid.__tablename__, SealedLetter.__tablename__, Scan.__tablename__}
MOST_PAGES = 40
# What differs from one time to the next that a page is drawn.
VARIES = re.compile(r'name="page" value="[0-9a-f]+"|mail-[0-9a-f-]{36}')
# Where news of a bid could be: more about it, its tender or its supplier, or what happened.
NEAR = ("/tenders", "/suppliers", "/organisation", "/notifications", "/admin", "/audit", "/files")
STARTS = ("/", "/home", "/tenders", "/search?q=repairs", "/search?q=moss", "/bids", "/outbox")


@pytest.fixture
def people(make, camden, hackney, supplier) -> Mapping[str, Actor]:
    """Everybody but the bidder's colleagues; LOTI's support looks with the eyes of one."""
    loti = make.loti()
    colleague = make.manager(supplier)
    return {
        "visitor": VISITOR,
        "lead's approver": make.actor(camden, Role.APPROVER, Role.AUTHOR),
        "partner's author": make.author(hackney),
        "another authority": make.author(make.authority("Barnet")),
        "another supplier": make.manager(make.supplier("Fern Repairs")),
        "LOTI's curator": make.curator(),
        "LOTI's administrator": make.actor(loti, Role.ADMINISTRATOR, Role.SUPPORT),
        "support with their eyes": replace(colleague, seen_through="Grace Boateng"),
    }


def crawled(browser: Any, who: Actor, starts: Iterable[str]) -> Mapping[str, str]:
    """The pages that somebody can go to by links, with their texts; the crawl of the whole
    marketplace looks for the words of a bid on every other.
    """
    client, seen = browser.as_(who).client, {}
    waiting = list(starts)
    while waiting and len(seen) < MOST_PAGES:
        url = waiting.pop(0)
        if url in seen:
            continue
        answer = client.get(url)
        seen[url] = VARIES.sub("", answer.text)
        for link in re.findall(r'href="([^"]+)"', answer.text):
            to = urldefrag(urljoin(url, link)).url.replace("&amp;", "&")
            if to.startswith(NEAR) and "?" not in to:
                waiting.append(to)
    return seen


def rows(engine: Any) -> Mapping[str, list[str]]:
    """Everything that the database holds, by table."""
    with engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
            for name, table in METADATA.tables.items()
        }


def kept(settings: Settings) -> bytes:
    """The bytes of the database's file and its journal, of the file store and of the index."""
    folder = settings.data_dir
    files = [one for one in folder.rglob("*") if one.is_file() and one.name != "seal.key"]
    if settings.database.startswith("sqlite:///"):
        at = settings.database.removeprefix("sqlite:///")
        files += [one for end in ("", "-wal") if (one := Path(at + end)).exists()]
    return b"".join(one.read_bytes() for one in files)


@pytest.fixture
def sealed(bidder: Bidder) -> Bidder:
    """Does all that a bidder can do, and leaves a bid that is submitted."""
    bidder.start()
    bidder.write(**SECRETS)
    bidder.attach(f"{WORD}.txt", f"The plan of {WORD}.\n".encode())
    bidder.submit()
    return bidder


def test_no_page_of_anybody_else_differs_and_no_row_tells_of_it(
    browser, bidder: Bidder, people, marketplace, news, capfd
):
    tender = bidder.tender
    work = f"/tenders/{tender.id}"
    starts = (*STARTS, work, f"{work}/bid", f"{work}/workspace/bids", f"{work}/workspace/history")

    def everybody() -> Mapping[str, Mapping[str, str]]:
        news()
        reindex(marketplace.engine, marketplace.index)
        return {name: crawled(browser, who, starts) for name, who in people.items()}

    with time_machine.travel(now(), tick=False):
        before, were = everybody(), rows(marketplace.engine)
        capfd.readouterr()
        bidder.start()
        bidder.write(**SECRETS)
        bidder.attach(f"{WORD}.txt", f"The plan of {WORD}.\n".encode())
        bidder.submit()
        logged = "".join(capfd.readouterr())
        after, are = everybody(), rows(marketplace.engine)
    with time_machine.travel(closing(tender, 60), tick=False):
        over = [
            browser.as_(who).client.get(url).text for who in people.values() for url in starts[7:]
        ]
    assert len(before["lead's approver"]) > 25, "the way leads to enough pages"
    for name, pages in before.items():
        assert [url for url in pages if pages[url] != after[name].get(url)] == [], name
    assert WORD not in "".join(over), "the deadline alone opens nothing"

    assert {name for name in are if are[name] != were[name]} == BOXES
    assert str(tender.id) not in logged
    assert "/bid" not in logged


def test_neither_the_database_nor_the_files_say_what_whose_or_for_which_tender(
    sealed: Bidder, marketplace
):
    tender, supplier = sealed.tender, sealed.actor.organisation_id
    found = kept(marketplace.settings).lower()
    assert WORD.lower().encode() not in found
    assert b"987,654" not in found
    assert b"98765432" not in found
    whose = [one for id in (tender.id, supplier, sealed.actor.person_id) for one in _written(id)]
    with db.reading(marketplace.engine) as session:
        for kind in (SealedBid, SealedLetter, Scan):
            table: Any = kind
            for row in session.exec(select(table)):
                told = [_bytes(value) for value in row.model_dump().values()]
                assert not any(id in value for id in whose for value in told), kind
                assert row.created_at.year == 2000, "nor when"
    sizes = {len(one.read_bytes()) % 16_384 for one in Path(marketplace.settings.files).iterdir()}
    assert sizes == {12 + 16}, "nor how much: what is sealed is filled up"


def _written(id: Any) -> list[bytes]:
    return [id.bytes, id.hex.encode(), str(id).encode()]


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def test_two_bids_for_one_tender_and_two_for_two_look_alike(make, browser, sealed, camden, session):
    for name, tender in (("Fern", sealed.tender), ("Reed", published(make, camden))):
        other = Bidder(browser, make.manager(make.supplier(name)), tender)
        other.bid()
    session.rollback()
    places = [one.place for one in session.exec(select(SealedBid))]
    assert len(set(places)) == 3
    assert {len(place) for place in places} == {64}


def test_a_stranger_gets_the_answer_of_an_address_that_never_was(sealed: Bidder, people):
    browser = sealed.browser
    for who in people.values():
        for below in ("/tasks/contact", "/files", "/receipt", "/submit", "/withdraw"):
            browser.as_(who).get(f"{sealed.at}{below}")
            assert browser.status == 404, (who.name, below)
        for below in ("/tasks/contact", "/confirm", "/submit", "/withdraw"):
            browser.as_(who).post(f"{sealed.at}{below}", contact_name="Mine")
            assert browser.status == 404, (who.name, below)


def test_no_browser_keeps_a_page_of_a_bid(sealed: Bidder):
    for below in ("", "/tasks/question-1", "/receipt"):
        sealed.main(below)
        assert sealed.browser.headers["Cache-Control"] == "private, no-store"


def test_a_receipt_goes_to_the_bidder_and_is_forgotten_then(sealed: Bidder, marketplace, session):
    server = Server()
    controller = server.controller()
    controller.start()
    made = Office(server, marketplace).set(
        smtp_url=server.url, mail_from=SENDER, demo=False, **_for_real(marketplace.settings)
    )
    try:
        [mail] = made.send()
    finally:
        ended(controller)
    session.rollback()
    assert session.exec(select(SealedLetter)).all() == []
    receipt = mail.get_body(("plain",)).get_content()
    fingerprint = re.search(r"[0-9a-f]{64}", receipt)
    assert fingerprint
    assert fingerprint[0] in sealed.main("/receipt")
    assert re.search(r"exactly \d\d:\d\d:\d\d UTC", receipt)


def _for_real(settings: Settings) -> Mapping[str, Any]:
    """What has to be set outside the demo, with the key that the demo made itself."""
    return {
        "secret_key": "a secret of this test, and of no other",
        "seal_key": (settings.data_dir / "seal.key").read_text(),
        "public_url": "https://market.example",
        "oidc_providers": [
            {
                "slug": "loti",
                "title": "LOTI",
                "issuer": "https://id.example",
                "client_id": "us",
                "client_secret": "theirs",
            }
        ],
    }


def test_in_the_demo_the_receipt_stands_in_the_outbox_of_its_reader_alone(
    sealed: Bidder, marketplace, people
):
    Office(Server(), marketplace).post()
    assert "We have your bid" in sealed.browser.as_(sealed.actor).main("/outbox").text
    for who in people.values():
        assert "We have your bid" not in sealed.browser.as_(who).main("/outbox").text


def test_a_box_that_was_changed_or_moved_or_closed_with_another_key_does_not_open(
    sealed: Bidder, make, session, camden, hackney
):
    browser = sealed.browser
    session.rollback()
    row = session.exec(select(SealedBid)).one()
    row.box, row.mark = bytes([*row.box[:-1], row.box[-1] ^ 1]), "another"
    session.add(row)
    session.commit()
    browser.as_(sealed.actor).get(sealed.at)
    assert browser.status == 503
    with time_machine.travel(closing(sealed.tender, 1), tick=False):
        browser.as_(make.author(camden)).post(f"/tenders/{sealed.tender.id}/workspace/bids/begin")
        seen = browser.as_(make.author(hackney)).post(
            f"/tenders/{sealed.tender.id}/workspace/bids/open"
        )
    assert browser.status == 503
    assert "SEAL_KEY" in seen.text

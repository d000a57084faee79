"""A frozen shortlist is the record of why: it stays as it was, and only it can be taken along."""

import csv
import json
from hashlib import sha256
from io import BytesIO, StringIO
from threading import Barrier, Thread

import openpyxl
import pytest
from sqlmodel import select

from marketplace.catalogue.models import Stage as Listing
from marketplace.claims.models import Stage as ClaimStage
from marketplace.core import db
from marketplace.core.errors import Conflict
from marketplace.reference.attributes import Attribute
from marketplace.shortlists import actions, queries
from marketplace.shortlists.forms import MOST_RESULTS, Freezing
from marketplace.shortlists.models import Shortlist, ShortlistedProduct, Stage
from search.port import Unavailable
from tests.discovery.standing import WHEN_RESIDENTS, claim, standard

WHY = {"because": "It is the only one that traces rounds.", "understood": "true"}
CHANGES = ("products", "rename", "discard", "freeze")


@pytest.fixture
def wcag(make):
    return standard(make, "WCAG22-AA", "WCAG 2.2 AA", WHEN_RESIDENTS)


@pytest.fixture
def found(make, camden, product, wcag, fill, start):
    """A list for a challenge, with what its matches found, and the claim that decided."""
    decided = claim(make, product, wcag)
    challenge = make.challenge(camden, attributes=[Attribute.RESIDENT_FACING])
    fill()
    search = f"/challenges/{challenge.id}/matches?must=WCAG22-AA"
    return start(product, found_by=search, challenge_id=str(challenge.id)), decided, challenge


def record(session):
    session.rollback()
    return session.exec(select(Shortlist)).one()


def test_freezing_asks_for_the_reason_and_for_a_tick(browser, found):
    url, *_ = found
    seen = browser.get(f"{url}/freeze")
    assert "Nobody can add, remove or change anything afterwards" in seen.text
    seen = browser.post(f"{url}/freeze", because="", understood="")
    assert browser.status == 422
    says = [link.text for link in seen.select(".govuk-error-summary a")]
    assert says == [
        "Enter why these products",
        "Tick that you understand that the search will be locked",
    ]
    seen = browser.post(f"{url}/freeze", because="Kept text")
    assert browser.status == 422
    assert seen.select_one("#because").text == "Kept text"


def test_the_record_stays_as_it_was_whatever_becomes_of_everything(
    browser, make, session, found, product
):
    url, decided, challenge = found
    browser.post(f"{url}/products/{product.id}/note", note="Ask for references")
    browser.post(f"{url}/freeze", **WHY)
    frozen = browser.get(url).select_one("main").text
    assert "Assessed as meeting WCAG 2.2 AA" in frozen
    assert "Ask for references" in frozen
    assert WHY["because"] in frozen
    assert challenge.title in frozen
    assert "Only products assessed as meeting" in frozen

    product.name, product.summary, product.stage = "Renamed", "Something else", Listing.PAUSED
    decided.stage, challenge.title = ClaimStage.REVOKED, "Another title"
    for row in (product, decided, challenge):
        make(row)
    assert browser.get(url).select_one("main").text == frozen


def test_the_fingerprint_is_of_the_record_to_the_letter(browser, session, found):
    url, *_ = found
    browser.post(f"{url}/freeze", **WHY)
    browser.get(f"{url}/shortlist.json")
    kept = record(session)
    assert sha256(browser.text.encode()).hexdigest() == kept.sha256
    assert kept.sha256 in browser.get(url).text
    told = json.loads(kept.record)
    assert told["search"]["address"].endswith("must=WCAG22-AA")
    assert [one["name"] for one in told["search"]["results"]] == ["Roundwise"]
    (one,) = told["products"]
    assert one["listing"]["Standards"]["WCAG 2.2 AA"][0] == "Met"
    assert one["listing"]["What it does"]["Features"] == [
        "Rounds on a map",
        "Missed collection reports",
    ]


def test_nothing_in_a_frozen_list_can_be_changed(browser, make, session, found, product):
    url, *_ = found
    browser.post(f"{url}/freeze", **WHY)
    before = record(session).model_dump()
    other = make.product(product.organisation, name="Binfold")
    for change in (*CHANGES, *(f"products/{product.id}/{one}" for one in ("note", "remove"))):
        seen = browser.post(f"{url}/{change}", id=str(other.id), name="New", note="New", **WHY)
        assert browser.status == 409, change
        assert "that is at the stage “frozen”" in seen.select_one("main").text
    for page in ("rename", "discard", "freeze"):
        browser.get(f"{url}/{page}")
        assert browser.status == 409, page
    assert record(session).model_dump() == before
    assert len(session.exec(select(ShortlistedProduct)).all()) == 1
    choices = browser.get(f"/shortlists/choose?id={other.id}")
    assert not choices.select(f"form[action='{url}/products']")


def test_an_open_list_is_not_taken_along_and_says_why(browser, found):
    url, *_ = found
    for file in ("csv", "xlsx", "json"):
        seen = browser.get(f"{url}/shortlist.{file}")
        assert browser.status == 409
        assert "Freeze this shortlist first" in seen.select_one("main").text


def test_the_record_goes_along_as_csv_and_as_a_workbook(browser, found, product):
    url, *_ = found
    browser.post(f"{url}/products/{product.id}/note", note="=1+1")
    browser.post(f"{url}/freeze", **WHY)
    browser.get(f"{url}/shortlist.csv")
    head, row = csv.reader(StringIO(browser.text))
    assert head[:3] == ["Product", "Supplier", "Note"]
    assert row[:3] == ["Roundwise", "Roundwise Ltd", "'=1+1"]
    answer = browser.client.get(f"{url}/shortlist.xlsx")
    table, about = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    assert table["A2"].value == "Roundwise"
    assert {cell.data_type for line in table for cell in line if cell.value} == {"s"}
    told = {line[0].value: line[1].value for line in about}
    assert told["Filters"] == "Only products assessed as meeting: WCAG 2.2 AA"
    assert told["Authority"] == "Camden"


def test_a_search_with_too_many_results_is_refused_with_the_reason(
    browser, make, session, product, fill, start
):
    for number in range(MOST_RESULTS + 1):
        make.product(product.organisation, name=f"Rounds {number}")
    narrow = make.product(make.supplier("Another"), name="Lampwick")
    fill()
    url = start(product, found_by="/products?q=rounds")
    seen = browser.get(f"{url}/freeze")
    assert "a record can hold 30. Narrow it" in seen.select_one("main").text
    assert not seen.select("main form")
    browser.post(f"{url}/freeze", **WHY)
    assert browser.status == 409
    assert record(session).stage == Stage.OPEN
    browser.post(f"{url}/products", id=str(narrow.id), found_by="/products?q=lampwick")
    browser.post(f"{url}/freeze", **WHY)
    assert browser.status == 200
    found = json.loads(record(session).record)["search"]
    assert found["total"] == len(found["results"]) <= MOST_RESULTS


def test_a_list_that_is_too_long_or_empty_is_refused_with_the_reason(browser, make, product, start):
    seen = browser.get(f"{start(name='Empty')}/freeze")
    assert "Keep at least one product" in seen.select_one("main").text
    many = [make.product(product.organisation, name=f"Rounds {n}") for n in range(31)]
    seen = browser.get(f"{start(*many)}/freeze")
    assert "The list has 31 products, and a record can hold 30." in seen.select_one("main").text


def test_while_search_is_out_nothing_is_frozen(browser, session, found, index, monkeypatch):
    def out(_):
        raise Unavailable("The engine does not answer.")

    monkeypatch.setattr(index, "match", out)
    browser.post(f"{found[0]}/freeze", **WHY)
    assert browser.status == 503
    assert record(session).stage == Stage.OPEN


@pytest.mark.parametrize("attempt", range(5))
def test_what_is_kept_while_it_is_frozen_is_in_the_record_or_refused(
    make, marketplace, session, author, camden, product, attempt
):
    """Two connections: one freezes, the other adds."""
    shortlist = make(Shortlist(name="Waste", organisation_id=camden.id))
    make(ShortlistedProduct(shortlist_id=shortlist.id, product_id=product.id))
    other = make.product(product.organisation, name="Binfold")
    ready, told = Barrier(2), []

    def freeze(ctx):
        form = Freezing(because="Why", understood=True)
        actions.freeze(ctx, marketplace.index, queries.one(ctx, shortlist.id), form)

    def keep(ctx):
        actions.keep(ctx, queries.one(ctx, shortlist.id), [other.id])

    def work(act):
        ready.wait()
        with db.writing(marketplace.engine) as opened:
            try:
                act(marketplace.context(opened, author))
                opened.commit()
                told.append(act.__name__)
            except Conflict:
                told.append("refused")

    threads = [Thread(target=work, args=(act,)) for act in (freeze, keep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    session.expire_all()
    names = [one["name"] for one in json.loads(record(session).record)["products"]]
    on_it = len(session.exec(select(ShortlistedProduct)).all())
    assert "freeze" in told
    assert len(names) == on_it == (2 if "keep" in told else 1)

"""What is held on a person: they can read all of it and take it along."""

import json
from dataclasses import replace

import pytest
from sqlmodel import select

from auth.actor import VISITOR
from marketplace.accounts.models import SignIn
from marketplace.accounts.mydata_queries import HELD
from marketplace.claims.models import Evidence, Visibility
from marketplace.tables import METADATA
from tests.accounts.somebody import ADDRESS, NAME, SECOND, somebody

NOT_ABOUT_A_PERSON = {  # columns that are called like one
    ("organisation", "name"),
    ("product", "name"),
    ("attachment", "name"),
    ("import", "name"),
    ("evidence", "name"),
    ("shortlist", "name"),
    ("tenderdocument", "name"),
    ("bidfile", "name"),
    ("contractdocument", "name"),
    # whose name stands beside it, for its readers; that it was theirs stands in the journal
    ("partversion", "person_name"),
    ("approval", "person_name"),
    ("consent", "person_name"),
    ("agreed", "person_name"),
    ("judgement", "person_name"),
    ("disregard", "person_name"),
}


@pytest.fixture
def whole(make, marketplace, session):
    return somebody(make, marketplace, session)


# ---- Reading and taking along


def test_every_table_that_names_people_is_among_what_is_held():
    """So that a new table does not forget somebody's right to know, and to go."""
    about = {
        table.name
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name in ("person_id", "email", "person_name", "name", "assessor_name")
        and (table.name, column.name) not in NOT_ABOUT_A_PERSON
    }
    assert about == {str(kind.__tablename__) for kind in HELD}


def test_the_page_shows_what_there_is_of_a_person(browser, whole):
    main = browser.as_(whole.who).main("/account/data")
    for told in (NAME, ADDRESS.lower(), "Camden", "Brightwater", "started a product"):
        assert told in main.text
    numbers = {
        row.select_one("td").text: row.select("td")[1].text
        for row in main.select("#numbers tbody tr")
    }
    assert numbers == {
        "Profile": "1",
        "Ways to sign in": "2",
        "Sessions": "1",
        "Links to sign in": "2",
        "Memberships": "2",
        "Invitations": "1",
        "Requests to join": "1",
        "Registrations of suppliers": "1",
        "Signatures": "1",
        "Notifications": "1",
        "Choices of how to be told": "1",
        "Saved searches": "1",
        "Things you watch": "1",
        "Mail sent to you": "2",
        "Declared interests": "1",
        "Claims being assessed": "1",
        "Assessments": "1",
        "Comments on tenders": "1",
        "Questions about tenders": "1",
        "Seats on panels": "1",
        "Interests declared for panels": "1",
        "Drafts of scores": "1",
        "Scores of bids": "1",
        "Opinions of agreed scores": "1",
        "Files of notices read in": "1",
        "Files uploaded": "1",
        "Entries in the journal": "2",
    }


def test_somebody_without_anything_has_a_page_too(browser, make):
    main = browser.as_(make.newcomer("Nell Ash")).main("/account/data")
    assert "Nell Ash" in main.text
    assert "You act for no organisation" in main.text
    assert "The journal has no entry of yours" in main.text


def test_the_download_holds_every_row_and_no_key(browser, whole, session):
    browser.as_(whole.who).get("/account/data.json")
    assert browser.status == 200
    assert browser.headers["content-disposition"].startswith('attachment; filename="what-the-')
    assert browser.headers["cache-control"] == "no-store"
    told = json.loads(browser.text)
    kinds = [kind for kind in told if kind not in ("Held by", "Made at")]
    assert kinds == [held.title for held in HELD.values()]
    assert all(told[kind] for kind in kinds)
    assert told["Profile"][0]["email"] == ADDRESS.lower()
    assert {one["organisation"] for one in told["Memberships"]} == {"Camden", "Brightwater"}
    secret = session.exec(select(SignIn.token_hash)).one()
    assert secret not in browser.text
    assert not {"token_hash", "id_token"} & set(told["Sessions"][0])


def test_an_assessor_takes_along_what_they_found_and_no_evidence_of_others(browser, whole, session):
    browser.as_(whole.who).get("/account/data.json")
    told = json.loads(browser.text)
    assert [one["feedback"] for one in told["Assessments"]] == ["Well shown, I find."]
    assert [one["what"] for one in told["Declared interests"]] == ["My cousin works there."]
    assert session.exec(select(Evidence)).one().visibility == Visibility.ASSESSORS
    for private in ("ZX-PRIVATE-4711", "Only for LOTI to read"):
        assert private not in browser.text


def test_nobody_finds_another_in_their_own_data(browser, whole):
    for url in ("/account/data", "/account/data.json"):
        browser.as_(whole.other).get(url)
        assert browser.status == 200
        assert "Quill" not in browser.text
        assert SECOND not in browser.text.lower()


@pytest.mark.parametrize("url", ["/account/data", "/account/data.json", "/account/erase"])
def test_a_visitor_is_asked_to_sign_in_and_comes_back(browser, url):
    browser.as_(VISITOR).get(url, follow_redirects=False)
    assert browser.status == 303
    assert browser.headers["location"] == f"/sign-in?then={url}"


@pytest.mark.parametrize("url", ["/account/data", "/account/data.json", "/account/erase"])
def test_support_does_not_see_it_with_a_person_s_eyes(browser, whole, url):
    browser.as_(replace(whole.who, seen_through="Grace Boateng")).get(url)
    assert browser.status == 403
    assert "Quill" not in browser.text.partition("<main")[2]

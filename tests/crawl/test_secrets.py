"""What is not for somebody is on no page, part of a page, list, search or download they can get."""

import re

import pytest
from sqlmodel import Session, select

from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Stage
from marketplace.notices.models import State
from marketplace.organisations.models import Person
from marketplace.people.models import Invitation
from marketplace.policy import visible_to
from marketplace.standards.models import Stage as Published
from tests.crawl.marked import (
    CHALLENGES,
    EVIDENCE,
    IMPORTED,
    MESSAGE,
    PROBLEM,
    PRODUCTS,
    REMARK,
    SHORTLIST,
    STANDARDS,
    SUBJECT,
    WAY_IN,
    WHY,
)
from tests.crawl.people import LOOKING, NEWCOMER, PEOPLE, actor

CAMDEN = {one for one in PEOPLE if one.startswith("camden")} | {LOOKING}
AUTHORITIES = {one for one in PEOPLE if one.startswith(("hackney", "southwark"))} | CAMDEN
LOTI = {one for one in PEOPLE if one.startswith("loti")}
SELLER = {"supplier-one"}

ASKED = "phones of the authorities today"  # a question about a tender, and the supplier that asked
ASKER = "Binfold"
DRAFTED = "responsive and planned repairs in about"  # of a tender that is being prepared

# By what would give it away, who may come across it.
SECRETS = {
    "Quillfeather": AUTHORITIES | LOTI,  # the note of a commitment, its dates below
    "zanzibarnote": AUTHORITIES | LOTI,
    r"\b2033\b": AUTHORITIES | LOTI,
    r"\b2034\b": AUTHORITIES | LOTI,
    CHALLENGES[Stage.DRAFT]: CAMDEN,
    CHALLENGES[Stage.SUBMITTED]: CAMDEN | LOTI,
    CHALLENGES[Stage.RETURNED]: CAMDEN | LOTI,
    STANDARDS[Published.DRAFT]: LOTI,
    PRODUCTS[Listing.DRAFT]: SELLER,
    PRODUCTS[Listing.PAUSED]: SELLER | LOTI,
    REMARK: CAMDEN | LOTI,
    EVIDENCE: {"loti-assessor", "supplier-one", "supplier-two"},  # those whose claims they are
    re.escape(IMPORTED): CAMDEN | LOTI,
    PROBLEM: CAMDEN | LOTI,
    WAY_IN: {"camden-buyer"} | LOTI,  # support sees by what people get in, not as whom
    SUBJECT: {"camden-buyer"},
    WHY: {"camden-buyer"},
    SHORTLIST: CAMDEN,
    DRAFTED: AUTHORITIES | LOTI,  # the three that prepare the tender, or are asked to
    "Numbatnote": CAMDEN,
    MESSAGE: {"camden-approver"} | LOTI,
    "in plain words and 14 languages": SELLER,  # sealed bids
    "41 of 47 homes": {"supplier-two"},
    "Crews press one button": {"supplier-two"},
    "19 of 20 first-time visitors": set(),  # a bid that was opened and is not judged yet
    "free text of inspection reports": {NEWCOMER},  # a registration that is not confirmed
}
# Who may know it and has no page that says it: only where a draft is edited is there a remark.
UNSAID = {REMARK: {"camden-approver", LOOKING} | LOTI}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LOOKED_FOR = ("grit bins", "sensors", "quillfeather", "zanzibarnote", "capybara", "okapi import")


def found(secret: str, text: str) -> bool:
    """Whether a text gives it away; ids are random, so that any year may stand in them."""
    return bool(re.search(secret, ID.sub("", text), re.IGNORECASE))


def test_nobody_comes_across_what_is_not_theirs(walk):
    for seen in walk.seen:
        for secret, told in SECRETS.items():
            if walk.person not in told and found(secret, seen.text):
                raise AssertionError(f"{walk.person} sees {secret} at {seen.url}")


JUDGED = re.compile(r"/workspace/(bids|evaluation|award|record)")


def test_nobody_reads_who_asked_about_a_tender(walk):
    """Not on its pages, in its history, open data or calendar; the asker reads its own name. Who
    judges the bids reads there who has bid.
    """
    pages = [
        seen
        for seen in walk.seen
        if seen.url.startswith("/tenders/") and not JUDGED.search(seen.url)
    ]
    assert any(ASKED in seen.text for seen in pages)
    if walk.person != "supplier-one":
        assert not [seen.url for seen in pages if ASKER in seen.text]


ADDRESS = re.compile(r"[\w.+-]+@(?:[\w-]+[.])+example\b")


def addresses(session, person):
    """The mail addresses that somebody may come across: LOTI all, others those of whom they may
    see, and an administrator those who were invited.
    """
    who = actor(session, person)
    people = session.exec(select(Person.email).where(visible_to(who, Person)))
    asked = session.exec(select(Invitation.email).where(visible_to(who, Invitation)))
    return {*people, *asked}


def test_nobody_comes_across_an_address_that_is_not_for_them(walk, standing):
    with Session(standing.engine) as session:
        told = addresses(session, walk.person)
        every = addresses(session, "loti-admin")
    for seen in walk.seen:
        if seen.url.startswith("/outbox"):  # of the demo: it shows everybody all mail, and says so
            continue
        strange = set(ADDRESS.findall(seen.text.lower())) & every - told
        assert not strange, f"{walk.person} sees {strange} at {seen.url}"


def test_who_may_know_finds_it_on_the_way(walk):
    told = {
        secret
        for secret, people in SECRETS.items()
        if walk.person in people - UNSAID.get(secret, set())
    }
    assert told == {
        secret for secret in told if any(found(secret, seen.text) for seen in walk.seen)
    }


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("words", LOOKED_FOR)
def test_no_search_gives_it_away(standing, arrive, person, words):
    browser = arrive(standing, person)
    for kind in ("", "&kind=challenge", "&kind=product", "&kind=supplier", "&kind=notice"):
        _looks(browser, person, words, f"/search?q={words}{kind}")
    for place in ("/products", "/suppliers"):
        _looks(browser, person, words, f"{place}?q={words}")


def _looks(browser, person, words, url):
    text = browser.client.get(url).text
    typed = re.compile(re.escape(words), re.IGNORECASE)  # the page says what was looked for
    for secret, told in SECRETS.items():
        if person not in told:
            assert not found(secret, typed.sub("", text)), f"{person} finds {secret} at {url}"


@pytest.mark.parametrize("person", PEOPLE)
def test_the_budget_of_one_authority_cannot_be_read_off_a_challenge(
    standing, arrive, landmarks, person
):
    """One authority of a single commitment gave a band; nothing else on these pages has one."""
    browser = arrive(standing, person)
    place = f"/challenges/{landmarks.challenges[Stage.OPEN]}"
    for url in (place, f"{place}/commitments", f"{place}/history"):
        page = browser.get(url).select_one("main")
        for form in page.select("form"):
            form.decompose()  # every band can be chosen
        told = "1 million" in page.text
        assert not told or person in AUTHORITIES | LOTI, url


def test_downloads_and_problems_are_for_those_who_see_the_page(standing, arrive, landmarks):
    for person in PEOPLE:
        browser = arrive(standing, person)
        import_ = landmarks.imports[State.DONE]
        answer = browser.client.get(f"/notices/imports/{import_}/problems.csv")
        assert answer.status_code == (200 if person in CAMDEN | LOTI else 404)
        for stage, attachment in landmarks.attachments.items():
            place = f"/challenges/{landmarks.challenges[stage]}"
            file = browser.client.get(f"{place}/files/{attachment}")
            page = browser.client.get(place)
            assert file.status_code == page.status_code, (person, stage)

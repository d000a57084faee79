"""Erasing a person: names and addresses are found nowhere afterwards, and the facts stay."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlmodel import select

from auth import tokens
from auth.actor import VISITOR, Role
from marketplace.accounts import erasing, mydata_queries
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import BY_MAIL, Identity, MailLink, SignIn
from marketplace.core import db
from marketplace.core.errors import Problem
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.notifications.models import Mail, Notification, Preference
from marketplace.onboarding.models import SupplierFacts
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.people.models import Invitation, InvitationStage, JoinRequest, JoinStage
from marketplace.verbs import Verb
from tests.accounts.somebody import ADDED, ADDRESS, NAME, SECOND, count, somebody, texts


@pytest.fixture
def whole(make, marketplace, session):
    return somebody(make, marketplace, session)


# ---- Erasing


def test_after_erasure_the_name_and_addresses_are_found_nowhere(
    browser, whole, session, marketplace, news, make
):
    news()
    before = texts(marketplace.engine)
    assert "O'Quill" in before["event"]
    journal = count(session, Event)
    browser.as_(whole.who).post("/account/erase")
    assert browser.status == 200, browser.text
    assert "You have been erased" in browser.text
    news()
    session.rollback()
    for table, text in texts(marketplace.engine).items():
        for told in ("quill", ADDRESS.lower(), SECOND, ADDED):
            assert told not in text.lower(), f"{told} stands in {table}"
    reindex(marketplace.engine, marketplace.index)
    index = marketplace.settings.index.read_bytes().lower()
    assert b"quill" not in index
    # the facts stay
    assert count(session, Event) == journal + 1
    done = session.exec(
        select(Event).where(Event.person_id == whole.person.id).order_by(Event.created_at)
    ).all()
    assert [event.verb for event in done] == ["product.draft", "notice.import", "person.erase"]
    assert {event.person_name for event in done} == {"A person who was erased"}
    assert done[0].subject_id == whole.product.id


def test_after_erasure_nothing_lets_them_in_or_goes_on(browser, whole, session, settings):
    assert accounts.session_of(session, tokens.digest(whole.token), now(), settings)
    browser.as_(whole.who).post("/account/erase")
    session.rollback()
    assert accounts.session_of(session, tokens.digest(whole.token), now(), settings) is None
    for table in (SignIn, Identity, MailLink, Notification, Preference):
        assert count(session, table) == 0, table
    theirs = select(Membership.stage).where(Membership.person_id == whole.person.id)
    assert set(session.exec(theirs)) == {Standing.ENDED}
    assert session.exec(select(Invitation.stage)).one() == InvitationStage.REVOKED
    assert session.exec(select(JoinRequest.stage)).one() == JoinStage.WITHDRAWN
    assert session.get_one(Person, whole.person.id).stage == Standing.ENDED
    assert session.exec(select(SupplierFacts)).one().accessibility_email


def test_others_keep_what_is_theirs(browser, whole, session, make):
    kept = make(Identity(issuer=BY_MAIL, subject="o@x", title="", person_id=whole.other.person_id))
    mail = make(Mail(purpose="link", about_id=uuid4(), email="o@x", due_at=now(), text="Dear you"))
    browser.as_(whole.who).post("/account/erase")
    session.rollback()
    assert session.get_one(Identity, kept.id)
    assert session.get_one(Mail, mail.id).text == "Dear you"
    told = select(Event.person_name).where(Event.person_id == whole.other.person_id)
    assert set(session.exec(told)) == {whole.other.name}
    assert session.get_one(Person, whole.other.person_id).name == whole.other.name


def test_a_name_that_is_a_word_takes_no_other_words_with_it(make, session, marketplace):
    """Who never gave a name is called by the beginning of their address."""
    who = make.newcomer("access", email="access@quill.example")
    supplier = make.supplier(suspended_because="It was inaccessible. Ask access why.")
    about = {"organisation_id": supplier.id, "legal_name": "Brightwater Limited"}
    others = "access@brightwater.example"
    facts = make(
        SupplierFacts(**about, accessibility_email=others, security_email="Access@quill.example")
    )
    mail = make(
        Mail(
            purpose="link",
            about_id=uuid4(),
            email="o@x",
            due_at=now(),
            text="An accessible page, for ACCESS and access@quill.example",
        )
    )
    erasing.erase(marketplace.context(session, who), session.get_one(Person, who.person_id))
    session.commit()
    session.rollback()
    gone = "A person who was erased"
    assert session.get_one(Mail, mail.id).text == f"An accessible page, for {gone} and {gone}"
    assert facts.accessibility_email == others
    assert facts.security_email == ""
    assert supplier.suspended_because == f"It was inaccessible. Ask {gone} why."


def test_a_name_that_was_given_up_goes_too(whole, session, marketplace):
    """What is journalled has the name of its time, and so has the mail that told of it."""
    whole.person.name = "Wilma Ash"
    erasing.erase(marketplace.context(session, replace(whole.who, name="Wilma Ash")), whole.person)
    session.commit()
    assert "quill" not in "".join(texts(marketplace.engine).values()).lower()


def test_whoever_comes_with_the_address_later_is_somebody_else(browser, whole, make):
    browser.as_(whole.who).post("/account/erase")
    assert make.person("New here", email=ADDRESS.lower()).id != whole.person.id


def test_the_page_says_what_goes_and_what_stays(browser, whole):
    main = browser.as_(whole.who).main("/account/erase")
    assert "What goes" in main.text
    assert "What stays" in main.text
    assert main.select_one("form[action='/account/erase'] button").text.strip() == "Erase me"


def test_the_last_administrator_hands_over_first(browser, make, session):
    camden = make.authority("Camden")
    boss, colleague = make.administrator(camden), make.author(camden)
    main = browser.as_(boss).main("/account/erase")
    assert "the only administrator of Camden" in main.text
    assert not main.select("form")
    browser.post("/account/erase")
    assert browser.status == 409
    assert "the only administrator of Camden" in browser.text
    session.rollback()
    assert session.get_one(Person, boss.person_id).name == boss.name
    assert count(session, Event) == 0
    membership = session.get_one(Membership, colleague.membership_id)
    membership.roles = [Role.ADMINISTRATOR]
    make(membership)
    browser.post("/account/erase")
    session.rollback()
    assert session.get_one(Person, boss.person_id).stage == Standing.ENDED


def test_somebody_who_is_alone_in_an_organisation_can_go(browser, make, session):
    boss = make.administrator(make.supplier())
    browser.as_(boss).post("/account/erase")
    assert browser.status == 200
    assert session.get_one(Person, boss.person_id).stage == Standing.ENDED


def test_a_suspended_administrator_is_none_to_hand_over_to(browser, make, session):
    camden = make.authority("Camden")
    boss, other = make.administrator(camden), make.administrator(camden)
    membership = session.get_one(Membership, other.membership_id)
    membership.stage = Standing.SUSPENDED
    make(membership)
    make.author(camden)
    browser.as_(boss).post("/account/erase")
    assert browser.status == 409


@pytest.mark.parametrize("attempt", range(10))
def test_two_last_administrators_do_not_both_go(make, marketplace, session, attempt):
    camden = make.authority("Camden")
    people = [make.administrator(camden), make.administrator(camden)]
    make.author(camden)
    start = Barrier(2)

    def goes(who):
        start.wait(timeout=10)
        with db.writing(marketplace.engine) as opened:
            ctx = marketplace.context(opened, who)
            try:
                erasing.erase(ctx, mydata_queries.one(ctx, who.person_id))
                opened.commit()
            except Problem as why:
                return str(why)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(goes, people), key=len)
    assert told[0] == "done"
    assert "the only administrator of Camden" in told[1]
    session.rollback()
    assert count(session, Person, Person.stage == Standing.ENDED) == 1


def test_a_sign_in_of_long_ago_is_not_enough(browser, make, session, settings):
    who = make.newcomer()
    ago = now() - timedelta(minutes=settings.fresh_minutes + 1)
    browser.as_(replace(who, signed_in_at=ago)).post("/account/erase")
    assert "Confirm that it is you" in browser.text
    assert session.get_one(Person, who.person_id).stage == Standing.ACTIVE


def test_an_administrator_of_loti_does_it_for_somebody(browser, whole, make, session, marketplace):
    boss = make.loti_administrator()
    main = browser.as_(boss).main(f"/admin/people/{whole.person.id}/erase")
    assert f"Erase {NAME}" in main.text
    browser.post(f"/admin/people/{whole.person.id}/erase")
    assert browser.status == 200
    session.rollback()
    assert "quill" not in "".join(texts(marketplace.engine).values()).lower()
    done = session.exec(select(Event).where(Event.verb == Verb.PERSON_ERASE)).one()
    assert done.person_name == boss.name
    browser.post(f"/admin/people/{whole.person.id}/erase")
    assert browser.status == 409


def test_nobody_else_erases_anybody(browser, whole, make, session):
    url = f"/admin/people/{whole.person.id}/erase"
    for who, status in (
        (VISITOR, 404),
        (make.newcomer(), 404),
        (make.administrator(make.authority("Hackney")), 404),
        (whole.other, 404),
        (make.administrator(whole.camden), 404),
        (make.support(), 403),
        (make.curator(), 403),
    ):
        browser.as_(who).get(url)
        assert browser.status == status, who
        browser.post(url)
        assert browser.status == status, who
    assert session.get_one(Person, whole.person.id).name == NAME

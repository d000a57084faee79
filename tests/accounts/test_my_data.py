"""What is held on a person: they can read all of it, take it along, and have it erased."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlmodel import SQLModel, func, select

from auth import tokens
from auth.actor import VISITOR, Role
from marketplace.accounts import actions, erasing, mydata_queries
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import BY_MAIL, Identity, MailLink, SignIn
from marketplace.accounts.mydata_queries import HELD
from marketplace.catalogue import actions as catalogue
from marketplace.core import db
from marketplace.core.errors import Problem
from marketplace.core.journal import Event
from marketplace.core.times import now
from marketplace.discovery.indexing import reindex
from marketplace.notices.models import Import
from marketplace.notifications.models import Mail, Notification, Preference, Rhythm
from marketplace.onboarding.models import Registration, Signature, SupplierFacts
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.people.models import Invitation, InvitationStage, JoinRequest, JoinStage
from marketplace.perform import perform
from marketplace.tables import METADATA
from marketplace.verbs import Verb

NAME, ADDRESS, SECOND = "Wilhelmina O'Quill", "Wilhelmina@quill.example", "wo@second.example"
ADDED = "wo@third.example"  # and not proven
NOT_ABOUT_A_PERSON = {  # columns that are called like one
    ("organisation", "name"),
    ("product", "name"),
    ("attachment", "name"),
    ("import", "name"),
}


@pytest.fixture
def whole(make, marketplace, session):
    """A person of whom there is something in every table that has people, with their address
    written in capitals and not.
    """
    camden, supplier = make.authority("Camden"), make.supplier("Brightwater")
    person = make.person(NAME, email=ADDRESS.lower())
    who = make.member(person, camden, Role.AUTHOR)
    make.administrator(camden)
    seller = make.member(person, supplier, Role.MANAGER)
    other = make.author(camden)
    at = now()

    def of(actor):
        return marketplace.context(session, actor)

    product = catalogue.draft(of(seller), "Lampwick")
    session.commit()
    imported = make(Import(name="notices.json", size=10, person_name=NAME))
    perform(of(who), Verb.NOTICE_IMPORT, imported, name=imported.name)
    session.commit()
    others = perform(of(other), Verb.NOTICE_IMPORT, make(Import(name="x", size=1, person_name="X")))
    session.commit()
    support = marketplace.context(session, make.support())
    membership = session.get_one(Membership, who.membership_id)
    perform(support, Verb.SUPPORT_LOOK, membership, because=f"{NAME} rang us")
    session.commit()
    rows = [
        Identity(issuer="https://idp.example", subject="abc", title="IdP", person_id=person.id),
        Identity(issuer=BY_MAIL, subject=SECOND, title="By e-mail", person_id=person.id),
        MailLink(email=ADDRESS, browser_hash="b", expires_at=at),
        MailLink(email=ADDED, browser_hash="b", expires_at=at, person_id=person.id),
        Invitation(
            email=SECOND.upper(), organisation_id=make.authority("Hackney").id, expires_at=at
        ),
        JoinRequest(
            person_id=person.id, organisation_id=make.authority("Barnet").id, message=f"I am {NAME}"
        ),
        Registration(person_id=person.id, answers={"contact": ADDRESS, "name": NAME}),
        Preference(person_id=person.id, kind="news", rhythm=Rhythm.OFF),
        Notification(
            person_id=person.id,
            event_id=others.id,
            kind="news",
            audience="authority",
            why="you are there",
        ),
        Mail(purpose="link", about_id=person.id, email=SECOND, due_at=at, text=f"Dear {NAME}"),
        Mail(
            purpose="notification",
            about_id=other.person_id,
            email="other@example.org",
            due_at=at,
            subject=f"{NAME} asks to join",
            text=f"Write to {ADDRESS}",
            html="<p>Wilhelmina O&#39;Quill</p>",
            error=f"550 {SECOND}",
        ),
        SupplierFacts(
            organisation_id=supplier.id,
            legal_name="Brightwater Limited",
            security_email=ADDRESS,
            accessibility_email="access@brightwater.example",
        ),
    ]
    for row in rows:
        make(row)
    added = session.exec(select(MailLink.id).where(MailLink.email == ADDED)).one()
    make(Mail(purpose="link", about_id=added, email=ADDED, due_at=at))
    signed = session.exec(select(Signature).where(Signature.organisation_id == supplier.id)).one()
    signed.person_id, signed.signer = person.id, NAME
    make(signed)
    token = actions.begin(session, person.id, at, issuer=BY_MAIL, membership_id=who.membership_id)
    session.commit()
    return SimpleNamespace(
        person=person, who=who, token=token, camden=camden, other=other, product=product
    )


def texts(engine) -> dict[str, str]:
    """All that stands in the database, table by table."""
    with engine.connect() as connection:
        return {
            table.name: "\n".join(map(repr, connection.execute(select(table))))
            for table in SQLModel.metadata.sorted_tables
        }


def count(session, table, *where):
    return session.exec(select(func.count()).select_from(table).where(*where)).one()


# ---- Reading and taking along


def test_every_table_that_names_people_is_among_what_is_held():
    """So that a new table does not forget somebody's right to know, and to go."""
    about = {
        table.name
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name in ("person_id", "email", "person_name", "name")
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
        "Mail sent to you": "2",
        "Files of notices read in": "1",
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


# ---- By the clock


def away(make, months, actor):
    person = make.session.get_one(Person, actor.person_id)
    person.last_seen_at = now() - timedelta(days=30.5 * months)
    return make(person)


@pytest.fixture
def clock(marketplace, session):
    """What the clock does, so many days from now."""

    def run(days=0):
        ctx = marketplace.context(session)
        erasing.forget(replace(ctx, now=ctx.now + timedelta(days=days)))
        session.commit()
        session.rollback()
        theirs = select(Event.verb, Event.subject_id).order_by(Event.created_at)
        return [(verb, id) for verb, id in session.exec(theirs) if verb.startswith("person.")]

    return run


def test_who_stays_away_is_warned_and_a_month_later_erased(make, clock, session):
    gone = away(make, 23.5, make.newcomer("Nell Ash"))
    away(make, 20, make.newcomer("Only a while away"))
    assert clock() == [("person.warn", gone.id)]
    told = session.exec(select(Event).where(Event.verb == Verb.PERSON_WARN)).one()
    assert told.person_name == "The clock"
    assert told.facts == {"erased_on": (now() + timedelta(days=30)).date().isoformat()}
    assert clock(29) == [("person.warn", gone.id)]  # once
    assert clock(31) == [("person.warn", gone.id), ("person.erase", gone.id)]
    assert session.get_one(Person, gone.id).name == "A person who was erased"
    assert clock(32)[2:] == []


def test_nobody_is_erased_who_was_not_warned_a_month_before(make, clock):
    """Not even after the marketplace itself stood still."""
    gone = away(make, 60, make.newcomer())
    assert clock() == [("person.warn", gone.id)]
    assert clock(29) == [("person.warn", gone.id)]
    assert clock(30) == [("person.warn", gone.id), ("person.erase", gone.id)]


def test_who_comes_back_in_time_stays(make, clock, session):
    gone = away(make, 23.5, make.newcomer())
    clock()
    actions.begin(session, gone.id, now(), issuer=BY_MAIL)
    session.commit()
    assert clock(60) == [("person.warn", gone.id)]
    assert session.get_one(Person, gone.id).stage == Standing.ACTIVE


def test_who_never_came_is_counted_from_when_they_were_entered(make, clock, session):
    made = make.session.get_one(Person, make.newcomer().person_id)
    made.created_at = now() - timedelta(days=24 * 31)
    make(made)
    assert clock() == [("person.warn", made.id)]


def test_the_clock_erases_a_last_administrator_but_not_loti_s(make, clock, session):
    camden = make.authority("Camden")
    gone = away(make, 30, make.administrator(camden))
    make.author(camden)
    lotis = away(make, 30, make.loti_administrator())
    make.curator()
    clock()
    clock(31)
    assert session.get_one(Person, gone.id).stage == Standing.ENDED
    assert session.get_one(Person, lotis.id).stage == Standing.ACTIVE


def test_old_sessions_and_links_go(make, clock, session):
    who = make.newcomer()
    at = now()
    for days in (89, 91):
        begun = at - timedelta(days=days)
        actions.begin(session, who.person_id, begun, issuer=BY_MAIL)
    for days in (6, 8):
        over = at - timedelta(days=days)
        make(MailLink(email="a@b.example", browser_hash="", expires_at=over))
    clock()
    assert [one.seen_at for one in session.exec(select(SignIn))] == [at - timedelta(days=89)]
    assert count(session, MailLink) == 1


def test_the_clock_s_job_is_among_those_of_the_application(marketplace, make, session):
    gone = away(make, 60, make.newcomer())
    from marketplace.app import clock as jobs

    for job in jobs(marketplace):
        job()
    session.rollback()
    warned = select(Event).where(Event.verb == Verb.PERSON_WARN, Event.subject_id == gone.id)
    assert session.exec(warned).one()

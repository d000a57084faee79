"""What a mail says: to an address that asked for it, and to a person of whom there is news."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlmodel import select

from auth.actor import Role
from marketplace.accounts import actions as accounts
from marketplace.challenges.models import Stage
from marketplace.core.outbox import Delivery, deliver
from marketplace.core.times import now
from marketplace.mail import owing
from marketplace.notifications import actions as notifications
from marketplace.notifications.models import Mail, MailStage, Notification, Rhythm
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Membership, Person, Standing
from marketplace.people.models import Invitation, InvitationStage
from marketplace.perform import perform
from marketplace.verbs import Verb
from tests.browser_of_pages import HERE
from tests.mail.post import SENDER, html, link, text


@pytest.fixture
def address(session):
    return lambda actor: session.get_one(Person, actor.person_id).email


def publish(marketplace, session, curator, challenge) -> None:
    ctx = marketplace.context(session, curator)
    perform(ctx, Verb.CHALLENGE_APPROVE, challenge)
    challenge.published_at = ctx.now
    session.commit()


# ---- Letters


def ask(marketplace, session, email="amara@camden.gov.uk"):
    link = accounts.ask(marketplace.context(session), email, "a browser", "")
    session.commit()
    return link


def test_whoever_asks_for_a_link_gets_one_that_works(office, marketplace, session, browser):
    ask(marketplace, session)
    [mail] = office.send()

    assert mail["To"] == "amara@camden.gov.uk"
    assert mail["Subject"] == "Sign in with this link: LOTI Marketplace"
    assert mail["From"] == SENDER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f-]{36}@marketplace\.example>", mail["Message-ID"])
    assert abs(mail["Date"].datetime - now()) < timedelta(minutes=1)
    assert mail["List-Unsubscribe"] is None, "nobody can stop what they ask for"
    for said in (text(mail), html(mail)):
        assert "You get this because somebody asked for a link to sign in" in said
        assert re.search(r"\d{3} \d{3}", said)
        assert "(UK time)" in said
        assert f"{HERE}/genuine" in said
    browser.get(link(mail).removeprefix(HERE))
    assert browser.status == 200


def test_an_event_that_is_told_twice_sends_one_letter(office, marketplace, session):
    ask(marketplace, session)
    for _ in range(2):
        office.send()
        for owed in session.exec(select(Delivery).where(Delivery.listener == "mail")):
            owed.done_at = None
        session.commit()
    assert len(office.server.received) == 1


def test_a_link_that_has_expired_by_then_is_not_sent(office, marketplace, session):
    ask(marketplace, session)
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert office.send() == []
    assert session.exec(select(Mail.stage)).one() == MailStage.DROPPED


def invite(marketplace, session, organisation, serial=1, **more):
    about = {
        "email": "new@camden.gov.uk",
        "organisation_id": organisation.id,
        "roles": [Role.AUTHOR, Role.APPROVER],
        "expires_at": datetime(2030, 1, 7, 12, tzinfo=UTC),
        "serial": serial,
    }
    return Invitation(**(about | more))


def test_an_invitation_says_for_whom_in_what_roles_and_until_when(
    office, marketplace, session, make, world, browser
):
    camden, _, _ = world
    invitation = make(invite(marketplace, session, camden))
    ctx = marketplace.context(session, make.actor(camden, Role.ADMINISTRATOR))
    perform(ctx, Verb.INVITATION_SEND, invitation)
    session.commit()
    [mail] = office.send()

    assert mail["Subject"].startswith("Accept the invitation: act for Camden")
    assert "as author and approver" in text(mail)
    assert "Monday 7 January 2030 at 12 noon (UK time)" in text(mail)
    browser.get(link(mail).removeprefix(HERE))
    assert browser.status == 200


def test_an_invitation_sent_again_replaces_the_one_that_was_not_sent_yet(
    office, marketplace, session, make, world
):
    camden, _, _ = world
    invitation = make(invite(marketplace, session, camden))
    ctx = marketplace.context(session, make.actor(camden, Role.ADMINISTRATOR))
    perform(ctx, Verb.INVITATION_SEND, invitation)
    session.commit()
    office.server.refuses["new@camden.gov.uk"] = "451 Later"
    office.send()
    perform(ctx, Verb.INVITATION_RESEND, invitation)
    invitation.serial = 2
    session.commit()
    office.server.refuses.clear()
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        assert len(office.send()) == 1
    session.rollback()
    assert {(one.serial, one.stage) for one in session.exec(select(Mail))} == {
        (1, MailStage.DROPPED),
        (2, MailStage.SENT),
    }


def test_an_invitation_that_was_taken_back_is_not_sent(office, marketplace, session, make, world):
    camden, _, _ = world
    invitation = make(invite(marketplace, session, camden))
    ctx = marketplace.context(session, make.actor(camden, Role.ADMINISTRATOR))
    perform(ctx, Verb.INVITATION_SEND, invitation)
    perform(ctx, Verb.INVITATION_REVOKE, invitation)
    session.commit()
    assert invitation.stage is InvitationStage.REVOKED
    assert office.send() == []


# ---- News


def test_what_needs_somebody_comes_at_once(office, submitted, world, address):
    _, _, curator = world
    challenge = submitted()
    [mail] = office.send()

    assert mail["To"] == address(curator)
    assert mail["Subject"] == f"Review: {challenge.title}"
    assert text(mail).startswith("You get this because you are a curator of LOTI.\n")
    assert link(mail) == f"{HERE}/challenges/{challenge.id}/review"
    assert "Camden sent it to be published." in html(mail)
    stop = mail["List-Unsubscribe"]
    assert re.fullmatch(rf"<{HERE}/unsubscribe/[\w.-]+>", stop)
    assert stop.strip("<>") in text(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "What needs you" in text(mail)


def test_a_mail_is_nothing_but_words(office, submitted):
    submitted()
    [mail] = office.send()
    for sign in ("<img", "<script", "style=", "<style", "<link", "utm_"):
        assert sign not in html(mail)


def test_a_person_with_two_reasons_gets_one_mail(office, make, submitted, session, world):
    """They may sit at LOTI twice over: as a curator, and for the authority that sent it."""
    camden, _, curator = world
    make.member(session.get_one(Person, curator.person_id), camden, Role.AUTHOR)
    submitted()
    with time_machine.travel(now() + timedelta(days=2)):
        office.send()
    mails = [one for one in office.server.received if "Review" in one["Subject"]]
    assert len(mails) == 1


def test_two_processes_put_the_same_news_into_one_mail(office, submitted, session):
    for _ in range(5):
        submitted()
    deliver(office.marketplace.engine)
    with ThreadPoolExecutor(3) as pool:
        both = [
            pool.submit(owing.owe, office.marketplace.engine, office.marketplace.context)
            for _ in range(3)
        ]
        assert [one.result() for one in both] == [None] * 3
    session.rollback()
    mails = session.exec(select(Mail.about_id).where(Mail.purpose == "notification")).all()
    assert len(mails) == len(set(mails)) == 5


def test_a_deadline_stands_in_the_mail_with_its_day_and_zone_and_as_a_file(
    office, marketplace, session, make, submitted, world
):
    _, author, curator = world
    choose(marketplace, session, author, Topic.CHALLENGES, Rhythm.AT_ONCE)
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False):
        challenge = submitted(closes_on=datetime(2026, 11, 23, tzinfo=UTC).date())
        office.send()
        publish(marketplace, session, curator, challenge)
        [mail] = [one for one in office.send() if "Published" in one["Subject"]]

    assert "the end of Monday 23 November 2026 (UK time)" in text(mail)
    [file] = list(mail.iter_attachments())
    assert file.get_content_type() == "text/calendar"
    [event] = Calendar.from_ical(file.get_content()).events
    assert event.start.isoformat() == "2026-11-23T23:00:00+00:00"


def choose(marketplace, session, actor, topic, rhythm):
    session.rollback()  # SQLite cannot write after what it has read before somebody else wrote
    notifications.choose(marketplace.context(session, actor), {topic: rhythm})
    session.commit()


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 1, 14, 15, tzinfo=UTC), datetime(2026, 1, 15, 8, tzinfo=UTC)),
        (datetime(2026, 7, 14, 15, tzinfo=UTC), datetime(2026, 7, 15, 7, tzinfo=UTC)),
    ],
    ids=["winter", "summer"],
)
def test_a_digest_comes_at_eight_in_london(
    office, marketplace, session, submitted, world, address, at, due
):
    _, author, curator = world
    with time_machine.travel(at, tick=False):
        first, second = submitted(title="First"), submitted(title="Second")
        office.send()
        publish(marketplace, session, curator, first)
        publish(marketplace, session, curator, second)
        assert [one for one in office.send() if one["To"] == address(author)] == []
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        assert office.send() == []
    with time_machine.travel(due, tick=False):
        [mail] = [one for one in office.send() if one["To"] == address(author)]
        assert office.send() == []

    assert mail["Subject"] == "4 things to read: Challenges (4)"
    assert "Published: First. " in text(mail)
    assert "(Because you write challenges for Camden)" in text(mail)
    assert link(mail) == f"{HERE}/notifications"


def test_a_weekly_digest_comes_on_monday(office, marketplace, session, submitted, world):
    _, author, _ = world
    choose(marketplace, session, author, Topic.CHALLENGES, Rhythm.WEEKLY)
    tuesday, monday = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 9, 8, tzinfo=UTC)
    with time_machine.travel(tuesday, tick=False):
        submitted()
        submitted()
        office.send()
    with time_machine.travel(monday - timedelta(minutes=1), tick=False):
        assert office.send() == []
    with time_machine.travel(monday, tick=False):
        assert [one["Subject"] for one in office.send()] == ["2 things to read: Challenges (2)"]


def test_one_piece_of_news_in_a_digest_is_told_as_it_is(office, submitted, world, address):
    _, author, _ = world
    challenge = submitted()
    office.send()
    with time_machine.travel(now() + timedelta(days=1)):
        [mail] = office.send()
    assert mail["To"] == address(author)
    assert mail["Subject"] == f"Sent to LOTI: {challenge.title}"


def test_what_one_may_not_see_any_more_is_left_out(
    office, marketplace, session, make, submitted, world
):
    _, _, curator = world
    hackney = make.authority("Hackney")
    make.challenge(hackney)  # so that it is at work in the same area
    neighbour = make.author(hackney)
    hidden, shown, third = (submitted(title=one) for one in ("Hidden", "Shown", "Third"))
    for one in (hidden, shown, third):
        publish(marketplace, session, curator, one)
    office.send()
    hidden.stage, hidden.published_at = Stage.RETURNED, None
    session.commit()
    with time_machine.travel(now() + timedelta(days=1)):
        mails = office.send()
    to = session.get_one(Person, neighbour.person_id).email
    [mail] = [one for one in mails if one["To"] == to]
    assert mail["Subject"] == "2 things to read: Challenges (2)"
    assert "Hidden" not in mail.as_string()
    assert "Shown" in text(mail)


def test_a_digest_with_nothing_left_is_not_sent(
    office, marketplace, session, make, submitted, world
):
    _, _, curator = world
    hackney = make.authority("Hackney")
    make.challenge(hackney)
    neighbour = make.author(hackney)
    made = [submitted(), submitted()]
    for one in made:
        publish(marketplace, session, curator, one)
    office.send()
    for one in made:
        one.stage, one.published_at = Stage.DRAFT, None
    session.commit()
    with time_machine.travel(now() + timedelta(days=1)):
        mails = office.send()
    to = session.get_one(Person, neighbour.person_id).email
    assert to not in [one["To"] for one in mails]
    session.rollback()
    digest = session.exec(select(Mail).where(Mail.email == to)).one()
    assert (digest.purpose, digest.stage) == ("digest", MailStage.DROPPED)


def test_what_is_switched_off_meanwhile_is_not_sent(office, marketplace, session, submitted, world):
    _, _, curator = world
    submitted()
    office.server.refuses[session.get_one(Person, curator.person_id).email] = "451 Later"
    office.send()
    choose(marketplace, session, curator, Topic.NEEDS_YOU, Rhythm.OFF)
    office.server.refuses.clear()
    with time_machine.travel(now() + timedelta(minutes=5)):
        assert office.send() == []


def test_what_is_about_the_safety_of_an_account_comes_whatever_one_chose(
    office, marketplace, session, make, world, address
):
    _, author, _ = world
    choose(marketplace, session, author, Topic.ACCOUNT, Rhythm.OFF)
    person = session.get_one(Person, author.person_id)
    administrator = make.actor(make.loti(), Role.ADMINISTRATOR)
    perform(marketplace.context(session, administrator), Verb.PERSON_SUSPEND, person)
    session.commit()
    [mail] = office.send()
    assert mail["To"] == address(author)
    assert mail["Subject"] == "LOTI has suspended your account"
    assert mail["List-Unsubscribe"] is None


def test_somebody_who_acts_for_an_organisation_no_more_hears_nothing_of_it(
    office, session, submitted, world
):
    _, author, _ = world
    submitted()
    office.send()
    session.get_one(Membership, author.membership_id).stage = Standing.ENDED
    session.commit()
    with time_machine.travel(now() + timedelta(days=1)):
        assert office.send() == []
    session.rollback()
    theirs = select(Notification).where(Notification.person_id == author.person_id)
    assert session.exec(theirs).one().mailed_at, "it is done with"

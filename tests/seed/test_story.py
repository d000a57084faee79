"""Is the demo's history whole: its people came through actions, and were told of what happened?"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from auth.actor import CLOCK, Role
from marketplace.app import Marketplace, assemble
from marketplace.awards.models import Award
from marketplace.bids import choice_queries
from marketplace.bids import queries as bids
from marketplace.bids.models import Choice, Opening, OpeningStage
from marketplace.core.journal import Event
from marketplace.core.outbox import LISTENERS, Delivery
from marketplace.core.times import now
from marketplace.evaluation.models import Evaluation
from marketplace.migrate import upgrade
from marketplace.notifications.models import Mail, Notification
from marketplace.onboarding.agreement import IN_FORCE
from marketplace.onboarding.models import Registration, Signature
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.organisations.personas import PERSONAS
from marketplace.people.models import Invitation, InvitationStage, JoinRequest, JoinStage
from marketplace.saved.models import Alert, SavedSearch
from marketplace.settings import Settings
from marketplace.tenders import approval_actions, readiness, rounds
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Party, Publication, Tender
from marketplace.tenders.models import Stage as TenderStage
from marketplace.verbs import Verb
from seed import world
from seed.people import WRITING
from seed.story import plant


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marketplace]:
    made = assemble(Settings(data_dir=tmp_path_factory.mktemp("planted"), database_url=""))
    upgrade(made.engine)
    assert plant(made)
    yield made
    made.close()


@pytest.fixture
def session(planted: Marketplace) -> Iterator[Session]:
    with Session(planted.engine) as opened:
        yield opened


def by_slug(session: Session, slug: str) -> Organisation:
    return session.exec(select(Organisation).where(Organisation.slug == slug)).one()


# ---- The words


def test_every_organisation_has_somebody_from_the_beginning(session: Session) -> None:
    slugs = set(session.exec(select(Organisation.slug)))
    written_for = {one.organisation for one in PERSONAS.values() if one.roles & WRITING}
    assert set(world.first_people()) == slugs - written_for
    others = [*world.colleagues(), *world.invited(), *world.asking()]
    assert {one.organisation for one in others} <= slugs


def test_two_people_never_share_a_name() -> None:
    firsts, personas = list(world.first_people().values()), [p.name for p in PERSONAS.values()]
    newcomers = [one.name for one in (*world.invited(), *world.asking(), *world.registering())]
    names = [*firsts, *personas, *newcomers]
    assert len(names) == len(set(names))


# ---- What came of them


def test_planting_twice_changes_nothing(planted: Marketplace) -> None:
    assert not plant(planted)


def test_the_past_is_owed_to_nobody_and_the_listeners_are_back(session: Session) -> None:
    assert session.exec(select(func.count()).select_from(Delivery)).one() == 0
    assert {"search", "notifications", "mail"} <= set(LISTENERS)


def test_some_organisations_have_several_people(session: Session) -> None:
    counts = dict(
        session.exec(
            select(Organisation.slug, func.count())
            .join(Membership)
            .where(Membership.stage == Standing.ACTIVE)
            .group_by(Organisation.slug)
        ).all()
    )
    assert counts["camden"] == 4
    assert counts["hackney"] == 4
    assert counts["southwark"] == 4
    assert sum(count > 1 for count in counts.values()) >= 8
    assert min(counts.values()) >= 1


def test_every_organisation_has_an_administrator(session: Session) -> None:
    rows = session.exec(
        select(Organisation.slug, Membership.roles)
        .join(Membership)
        .where(Membership.stage == Standing.ACTIVE)
    ).all()
    run = {slug for slug, roles in rows if Role.ADMINISTRATOR in roles}
    assert run == {slug for slug, _ in rows}


def test_somebody_acts_for_two_boroughs(session: Session) -> None:
    farah = session.exec(select(Person).where(Person.name == "Farah Siddiqui")).one()
    theirs = select(Organisation.slug).join(Membership).where(Membership.person_id == farah.id)
    assert set(session.exec(theirs)) == {"richmond", "wandsworth"}


def test_camden_has_requests_and_invitations_at_every_pass(session: Session) -> None:
    camden = by_slug(session, "camden")
    asked = select(JoinRequest.stage).where(JoinRequest.organisation_id == camden.id)
    assert sorted(session.exec(asked)) == [JoinStage.APPROVED, JoinStage.ASKED, JoinStage.DECLINED]
    sent = session.exec(select(Invitation).where(Invitation.organisation_id == camden.id)).all()
    open_ = [one for one in sent if one.stage is InvitationStage.SENT]
    assert sorted(one.expires_at > now() for one in open_) == [False, True]
    assert InvitationStage.ACCEPTED in {one.stage for one in sent}
    suspended = select(func.count()).where(
        Membership.organisation_id == camden.id, Membership.stage == Standing.SUSPENDED
    )
    assert session.exec(suspended).one() == 1


def test_all_suppliers_but_one_have_signed(session: Session) -> None:
    signed = select(Signature.organisation_id).where(Signature.version == IN_FORCE)
    unsigned = select(Organisation.slug).where(
        Organisation.kind == "supplier", col(Organisation.id).not_in(signed)
    )
    assert session.exec(unsigned).all() == [one.key for one in world.suppliers() if not one.signed]


def test_a_company_is_half_registered(session: Session) -> None:
    draft = session.exec(select(Registration)).one()
    assert draft.answers["companies_house_number"] == "99090118"


def test_something_was_opened_in_the_last_two_weeks(session: Session) -> None:
    opened = select(func.count()).where(
        Event.verb == Verb.CHALLENGE_APPROVE, Event.created_at > now() - timedelta(days=14)
    )
    assert session.exec(opened).one() >= 1


def test_inboxes_hold_the_news_of_two_weeks_and_most_of_it_is_read(session: Session) -> None:
    told = session.exec(select(Notification)).all()
    assert len(told) >= 20
    assert min(one.created_at for one in told) > now() - timedelta(days=15)
    unread = [one for one in told if one.read_at is None]
    assert 0 < len(unread) < len(told) / 2
    assert all(one.read_at is None or one.read_at <= now() for one in told)
    people = {one.membership_id for one in told}
    personas = {PERSONAS[slug].membership_id for slug in ("camden-buyer", "camden-approver")}
    assert personas <= people


def test_a_supplier_and_a_borough_were_alerted_by_a_search_that_they_saved(
    session: Session,
) -> None:
    told = select(SavedSearch.name, Person.name, Alert.why, Notification.created_at).join(Alert)
    told = told.join(Person, col(Person.id) == SavedSearch.person_id)
    told = told.join(Notification, col(Notification.event_id) == Alert.event_id)
    mine = told.where(Notification.person_id == SavedSearch.person_id)
    found = {(search, name, why) for search, name, why, _ in session.exec(mine)}
    assert found == {
        (
            "Data joined between services",
            PERSONAS["camden-buyer"].name,
            "Area of work: Data platforms and analytics",
        ),
        (
            "Systems that housing has to work with",
            PERSONAS["supplier-two"].name,
            "the words “housing” and “systems”",
        ),
    }


def test_the_open_invitations_lie_in_the_outbox(session: Session) -> None:
    waiting = session.exec(select(Mail.email).where(Mail.purpose == "invitation")).all()
    assert sorted(waiting) == ["lena.forsberg@binfold.example", "rosa.almeida@camden.example"]


def test_a_joint_tender_stands_at_every_stage(session: Session) -> None:
    opened = set(
        session.exec(select(Opening.tender_id).where(Opening.stage == OpeningStage.DONE)).all()
    )
    judged = dict(session.exec(select(Evaluation.tender_id, Evaluation.stage)).all())
    awarded = dict(session.exec(select(Award.tender_id, Award.stage)).all())
    stages: dict[str, set[tuple[object, ...]]] = {}
    for one in session.exec(select(Tender)):
        parties = select(Party.stage).where(Party.tender_id == one.id)
        if len(session.exec(parties).all()) > 1:
            decided = (judged.get(one.id), awarded.get(one.id))
            at = (one.standing(now()).value, one.id in opened, *decided)
            stages.setdefault(one.called, set()).add(at)
    assert stages == {
        "Repairs scheduling for rented homes": {("draft", False, None, None)},
        "Removing graffiti from public walls": {("draft", False, None, None)},
        "Planning of gritting in winter": {("withdrawn", False, None, None)},
        "Reporting of missed and contaminated collections": {("open", False, None, None)},
        "Readings of meters in public buildings": {("open", False, None, None)},
        "One way to report what is wrong in the street": {("open", True, None, None)},
        "Counting who visits parks and squares": {("open", True, None, None)},
        "Sensors for damp and mould in rented homes": {("closed", False, None, None)},
        "Inspecting street trees": {("closed", True, "scoring", None)},
        "Letting allotments": {("closed", True, "final", None)},
        "Booking halls and rooms": {("closed", True, "final", "noticed")},
        "Parking permits without paper": {("closed", True, "final", "confirmed")},
        "Booking of meeting rooms and halls": {
            ("cancelled", False, None, None),
            ("draft", False, None, None),  # it goes on
        },
    }


def test_a_tender_is_past_its_first_stage_and_of_another_it_has_to_be_said_who_goes_on(
    planted: Marketplace, session: Session
) -> None:
    ctx = planted.context(session, CLOCK)

    def its(title: str) -> tuple[Tender, str, str, dict[str, Choice | None]]:
        tender = session.exec(select(Tender).where(Tender.public_title == title)).one()
        first, last = rounds.ids(tender)
        choices = choice_queries.choices(ctx, tender, first)
        asked = bids.bids(ctx, tender, first)
        return tender, first, last, {one.organisation.slug: choices.get(one.id) for one in asked}

    tender, first, last, choices = its("One way to report what is wrong in the street")
    said = {slug: (one.score, one.goes_on, str(one.stage)) for slug, one in choices.items() if one}
    assert said == {
        "lintelwick": (82, True, "told"),
        "mapthistle": (74, True, "told"),
        "penwhistle": (31, False, "told"),
    }
    assert rounds.current(tender, now()) == last
    sealed = {one.bid.organisation_id: str(one.bid.stage) for one in bids.sealed(ctx, tender, last)}
    assert sealed == {
        by_slug(session, "lintelwick").id: "draft",
        by_slug(session, "mapthistle").id: "submitted",
    }

    tender, first, last, choices = its("Counting who visits parks and squares")
    assert choices == dict.fromkeys(("lintelwick", "mapthistle", "sayweather"))
    found = rounds.one(tender, first)
    assert found
    assert found.most == 2


def test_of_its_drafts_one_waits_for_approvals_and_one_lacks_nothing(
    planted: Marketplace, session: Session
) -> None:
    ctx = planted.context(session, CLOCK)
    missing = {}
    for one in session.exec(select(Tender).where(Tender.stage == TenderStage.DRAFT)):
        found = readiness.blockers(approval_actions.work(ctx, one))
        missing[one.called] = [blocker.says for blocker in found]
    assert missing["Removing graffiti from public walls"] == []
    assert (
        "Southwark has not answered the invitation"
        in (missing["Repairs scheduling for rented homes"])
    )
    assert any("changed since" in one for one in missing["Repairs scheduling for rented homes"])


def test_an_open_tender_was_amended_and_an_authority_left_it(session: Session) -> None:
    its = select(Tender).where(Tender.title == "Readings of meters in public buildings")
    tender = session.exec(its).one()
    parties = session.exec(select(Party.stage).where(Party.tender_id == tender.id)).all()
    assert sorted(parties) == ["accepted", "accepted", "accepted", "left"]
    told = select(Publication.number, Publication.material).where(
        Publication.tender_id == tender.id
    )
    assert sorted(session.exec(told).all()) == [(1, False), (2, True), (3, False)]
    served = session.exec(select(Lot.authorities).where(Lot.tender_id == tender.id)).all()
    assert [len(ids) for ids in served] == [1, 1, 1]


def test_nothing_in_the_story_is_of_tomorrow(session: Session) -> None:
    assert session.exec(select(func.max(Event.created_at))).one() <= now()

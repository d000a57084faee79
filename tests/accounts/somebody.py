"""Somebody of whom there is something in every table that has people, and what a test asks then."""

from types import SimpleNamespace

from sqlmodel import SQLModel, func, select

from auth.actor import Role
from marketplace.accounts import actions
from marketplace.accounts.models import BY_MAIL, Identity, MailLink
from marketplace.bids.models import Bid
from marketplace.catalogue import actions as catalogue
from marketplace.claims.models import Answer, Assessment, Claim, Interest, Stage, Visibility
from marketplace.clarifications.models import Asker, Clarification
from marketplace.core.scanning import Scan
from marketplace.core.times import now
from marketplace.evaluation.finding_models import About, Disregard, Exchange, Ground, Judgement
from marketplace.evaluation.models import (
    Agreed,
    Declaration,
    Evaluation,
    Opinion,
    Question,
    Score,
    Seat,
    SeatRole,
    SeatStage,
    Sheet,
)
from marketplace.evaluation.models import Interest as Panels
from marketplace.notices.models import Import
from marketplace.notifications.models import Mail, Notification, Preference, Rhythm
from marketplace.onboarding.models import Registration, Signature, SupplierFacts
from marketplace.organisations.models import Membership
from marketplace.people.models import Invitation, JoinRequest
from marketplace.perform import perform
from marketplace.saved.models import SavedSearch, Watch
from marketplace.standards.models import Requirement
from marketplace.tenders.models import Comment, Part
from marketplace.verbs import Verb
from tests.claims import rows as rows_of

NAME, ADDRESS, SECOND = "Wilhelmina O'Quill", "Wilhelmina@quill.example", "wo@second.example"
ADDED = "wo@third.example"  # and not proven


def somebody(make, marketplace, session):
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
        Scan(key="k", file_name="plan.txt", person_id=person.id, organisation_id=camden.id),
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
        SavedSearch(name="Bins", kind="", query="q=bins", rhythm=Rhythm.DAILY, person_id=person.id),
        Watch(kind="challenge", thing_id=product.id, person_id=person.id),
        SupplierFacts(
            organisation_id=supplier.id,
            legal_name="Brightwater Limited",
            security_email=ADDRESS,
            accessibility_email="access@brightwater.example",
        ),
    ]
    for row in rows:
        make(row)
    _assessed(make, person, make.supplier("Assessed"))
    _tendering(make, person, camden)
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


def _assessed(make, person, supplier):
    """Two claims, of which the person has one in hand and decided on the other."""
    held = rows_of.version(make, whole_organisation=True)
    having = {"assessor_id": person.id, "assessor_name": NAME, "taken_at": now()}
    claim = rows_of.claim(make, held, supplier, stage=Stage.ASSESSING, **having)
    make(
        Answer(
            claim_id=claim.id, requirement_id=_point(make, held).id, text="Only for LOTI to read"
        )
    )
    rows_of.evidence(make, claim, Visibility.ASSESSORS, number="ZX-PRIVATE-4711")
    done = make(
        Claim(version_id=held.id, organisation_id=supplier.id, stage=Stage.MET, decided_at=now())
    )
    finding = {"outcome": Stage.MET, "feedback": "Well shown, I find.", "claim_id": done.id}
    make(Assessment(assessor_id=person.id, assessor_name=NAME, **finding))
    about = {"person_id": person.id, "organisation_id": supplier.id}
    make(Interest(what="My cousin works there.", **about))


def _tendering(make, person, authority):
    """A comment on a tender, and a question about it."""
    tender = make.tender(authority)
    said = {"part": Part.LOTS, "person_id": person.id, "person_name": NAME}
    make(Comment(text=f"{NAME} asks", organisation_id=authority.id, tender_id=tender.id, **said))
    asked = make(Clarification(asked="Do crews have phones?", tender_id=tender.id))
    about = {"person_id": person.id, "organisation_id": authority.id}
    make(Asker(clarification_id=asked.id, **about))
    _judging(make, person, authority, tender)


def _judging(make, person, authority, tender):
    """A seat on its panel, a declaration, a score, and what was agreed on with them."""
    supplier = make.supplier("Judged")
    bid = make(Bid(tender_id=tender.id, organisation_id=supplier.id))
    its = {"tender_id": tender.id}
    evaluation = make(Evaluation(**its))
    of = {**its, "evaluation_id": evaluation.id}
    question = make(Question(criterion_id=tender.id, because=f"{NAME} is ill", **of))
    taken = {"person_id": person.id, "organisation_id": authority.id, "email": ADDRESS.lower()}
    seat = make(Seat(role=SeatRole.EVALUATOR, stage=SeatStage.SITTING, **taken, **of))
    own = {"seat_id": seat.id, "person_id": person.id, **its}
    said = f"{NAME} says so"
    make(Declaration(interest=Panels.NONE, mitigation=said, decided_by=NAME, **own))
    make(Sheet(question_id=question.id, typed={"x": said}, **own))
    judged = {"criterion_id": tender.id, "bid_id": bid.id}
    make(Score(points=5, comment=said, **judged, **own))
    agreed = make(Agreed(points=5, reason=said, present=NAME, person_name=NAME, **judged, **its))
    make(Opinion(assents=True, words=said, agreed_id=agreed.id, **own))
    bidding = {"bid_id": bid.id, "because": said, "person_name": NAME, **its}
    make(Judgement(met=True, version_id=make.standard().id, **bidding))
    make(Disregard(ground=Ground.EXCLUDED, **bidding))
    until = now()
    asked = {"about": About.CLARIFICATION, "question": said, "answer_by": until}
    make(Exchange(bid_id=bid.id, **asked, **of))


def _point(make, version):
    return make(Requirement(version_id=version.id, position=1, title="Firewalls"))


def texts(engine) -> dict[str, str]:
    """All that stands in the database, table by table."""
    with engine.connect() as connection:
        return {
            table.name: "\n".join(map(repr, connection.execute(select(table))))
            for table in SQLModel.metadata.sorted_tables
        }


def count(session, table, *where):
    return session.exec(select(func.count()).select_from(table).where(*where)).one()

"""How one stage leads to another: what is listed happens, everything else is refused.

After a change that is meant, write the golden file anew: `python -m tests.rules.test_workflows`.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from marketplace.awards.models import (
    Award,
    AwardStage,
    Proceedings,
    ProceedingsStage,
    Summary,
    SummaryStage,
)
from marketplace.bids.models import Bid, BidStage, Choice, ChoiceStage, Opening, OpeningStage
from marketplace.catalogue.models import (
    EditStage,
    Product,
    ProductEdit,
    ProductReport,
    ProductUse,
    ReportStage,
    UseStage,
)
from marketplace.catalogue.models import Stage as Listing
from marketplace.challenges.models import Challenge, Commitment, CommitmentStage, Stage
from marketplace.claims.models import Claim, Reliance, RelianceStage
from marketplace.claims.models import Stage as ClaimStage
from marketplace.clarifications.models import Clarification, ClarificationStage
from marketplace.contracts.models import (
    CallOff,
    CallOffStage,
    Contract,
    ContractStage,
    Milestone,
    MilestoneStage,
    Review,
    ReviewStage,
)
from marketplace.core.errors import Conflict
from marketplace.evaluation.finding_models import Exchange, ExchangeStage
from marketplace.evaluation.models import (
    Evaluation,
    Question,
    QuestionStage,
    Seat,
    SeatStage,
    Sheet,
    SheetStage,
)
from marketplace.evaluation.models import Stage as Evaluated
from marketplace.notifications.models import Mail, MailStage
from marketplace.onboarding.models import Registration, RegistrationStage
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.people.models import Invitation, InvitationStage, JoinRequest, JoinStage
from marketplace.policy import VISIBILITY
from marketplace.shortlists.models import Shortlist
from marketplace.shortlists.models import Stage as ListStage
from marketplace.standards.models import Stage as Published
from marketplace.standards.models import StandardVersion
from marketplace.tenders.lot_models import Lot, LotStage
from marketplace.tenders.models import Comment, CommentStage, Party, PartyStage, Tender
from marketplace.tenders.models import Stage as TenderStage
from marketplace.verbs import Verb

AGREED = Path(__file__).with_name("workflows.txt")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def challenge(stage: StrEnum) -> Challenge:
    return Challenge(stage=Stage(stage), closes_on=date(2999, 1, 1))


def product(stage: StrEnum) -> Product:
    return Product(name="Roundwise", stage=Listing(stage))


def commitment(stage: StrEnum) -> Commitment:
    return Commitment(stage=CommitmentStage(stage), challenge=challenge(Stage.OPEN))


def invitation(stage: StrEnum) -> Invitation:
    return Invitation(stage=InvitationStage(stage), expires_at=AT + timedelta(seconds=1))


def tender(stage: StrEnum) -> Tender:
    return Tender(stage=TenderStage(stage), closes_at=AT + timedelta(days=9))


def party(stage: StrEnum) -> Party:
    return Party(stage=PartyStage(stage), tender=tender(TenderStage.DRAFT))


def lot(stage: StrEnum) -> Lot:
    return Lot(position=1, title="", stage=LotStage(stage), tender=tender(TenderStage.OPEN))


def clarification(stage: StrEnum) -> Clarification:
    return Clarification(
        stage=ClarificationStage(stage), asked="Why?", tender=tender(TenderStage.OPEN)
    )


def bid(stage: StrEnum) -> Bid:
    submitted = None if stage == BidStage.DRAFT else AT
    return Bid(stage=BidStage(stage), tender=tender(TenderStage.OPEN), submitted_at=submitted)


def opening(stage: StrEnum) -> Opening:
    closed = Tender(stage=TenderStage.OPEN, closes_at=AT, partners=["one", "other"])
    return Opening(stage=OpeningStage(stage), tender=closed)


def chosen(stage: StrEnum) -> Choice:
    about = {"round": "first", "goes_on": True, "because": ""}
    return Choice(stage=ChoiceStage(stage), tender=tender(TenderStage.OPEN), **about)


def evaluation(stage: StrEnum) -> Evaluation:
    roles = ("evaluator", "evaluator", "chair")
    sitting = {str(number): {"role": role} for number, role in enumerate(roles)}
    return Evaluation(stage=Evaluated(stage), sitting=sitting)


def question(stage: StrEnum) -> Question:
    return Question(stage=QuestionStage(stage), evaluation=evaluation(Evaluated.SCORING))


def seat(stage: StrEnum) -> Seat:
    return Seat(stage=SeatStage(stage), evaluation=evaluation(Evaluated.SCORING))


def sheet(stage: StrEnum) -> Sheet:
    of = {"question": question(QuestionStage.SCORING), "seat": seat(SeatStage.SITTING)}
    return Sheet(stage=SheetStage(stage), **of)


def exchange(stage: StrEnum) -> Exchange:
    until = AT + timedelta(seconds=1)
    its = evaluation(Evaluated.SCORING)
    return Exchange(stage=ExchangeStage(stage), evaluation=its, answer_by=until)


def award(stage: StrEnum) -> Award:
    """Agreed to by everybody, with a standstill that is over."""
    closed = Tender(stage=TenderStage.OPEN, closes_at=AT)
    return Award(stage=AwardStage(stage), tender=closed, agreed=True, notice_on=date(2026, 11, 2))


def proceedings(stage: StrEnum) -> Proceedings:
    return Proceedings(stage=ProceedingsStage(stage), award=award(AwardStage.NOTICED))


def contract(stage: StrEnum) -> Contract:
    """Written down, of an award that is confirmed."""
    return Contract(
        stage=ContractStage(stage),
        award=award(AwardStage.CONFIRMED),
        value=Decimal(1),
        starts_on=date(2026, 12, 1),
        ends_on=date(2027, 12, 1),
    )


def call_off(stage: StrEnum) -> CallOff:
    return CallOff(stage=CallOffStage(stage), contract=contract(ContractStage.SIGNED))


STAGED: dict[str, tuple[type[StrEnum], Any]] = {
    "challenge": (Stage, challenge),
    "commitment": (CommitmentStage, commitment),
    "product": (Listing, product),
    "tender": (TenderStage, tender),
    "party": (PartyStage, party),
    "lot": (LotStage, lot),
    "comment": (CommentStage, lambda stage: Comment(stage=CommentStage(stage), text="So")),
    "clarification": (ClarificationStage, clarification),
    "bid": (BidStage, bid),
    "choice": (ChoiceStage, chosen),
    "opening": (OpeningStage, opening),
    "evaluation": (Evaluated, evaluation),
    "seat": (SeatStage, seat),
    "question": (QuestionStage, question),
    "sheet": (SheetStage, sheet),
    "exchange": (ExchangeStage, exchange),
    "award": (AwardStage, award),
    "summary": (SummaryStage, lambda stage: Summary(stage=SummaryStage(stage))),
    "proceedings": (ProceedingsStage, proceedings),
    "contract": (ContractStage, contract),
    "calloff": (CallOffStage, call_off),
    "milestone": (MilestoneStage, lambda stage: Milestone(stage=MilestoneStage(stage))),
    "review": (ReviewStage, lambda stage: Review(stage=ReviewStage(stage))),
    "standard": (Published, lambda stage: StandardVersion(stage=Published(stage))),
    "claim": (ClaimStage, lambda stage: Claim(stage=ClaimStage(stage))),
    "reliance": (RelianceStage, lambda stage: Reliance(stage=RelianceStage(stage))),
    "use": (UseStage, lambda stage: ProductUse(stage=UseStage(stage))),
    "edit": (EditStage, lambda stage: ProductEdit(stage=EditStage(stage))),
    "report": (ReportStage, lambda stage: ProductReport(stage=ReportStage(stage))),
    "organisation": (Standing, lambda stage: Organisation(stage=Standing(stage))),
    "person": (Standing, lambda stage: Person(stage=Standing(stage))),
    "membership": (Standing, lambda stage: Membership(stage=Standing(stage))),
    "invitation": (InvitationStage, invitation),
    "shortlist": (ListStage, lambda stage: Shortlist(name="", stage=ListStage(stage))),
    "mail": (MailStage, lambda stage: Mail(stage=MailStage(stage))),
    "join": (JoinStage, lambda stage: JoinRequest(stage=JoinStage(stage))),
    "registration": (
        RegistrationStage,
        lambda stage: Registration(stage=RegistrationStage(stage)),
    ),
}
ALSO = {  # what is done to it under another name
    "evaluation": {Verb.JUDGEMENT_MAKE, Verb.DISREGARD_MAKE, Verb.DISREGARD_DROP},
    "question": {Verb.SCORE_AGREE, Verb.SCORE_OPINE},
    "sheet": {Verb.SCORE_DRAFT, Verb.SCORE_SEND},
    "membership": {Verb.SUPPORT_LOOK, Verb.SUPPORT_STOP},
    "person": {Verb.ADDRESS_CONFIRM, Verb.CALENDAR_RENEW},
}
EVERY = [(name, stage) for name, (stages, _) in STAGED.items() for stage in stages]


def table() -> str:
    """A line a stage and verb that is possible."""
    lines = []
    for name, (stages, made) in STAGED.items():
        for stage in stages:
            for verb in Verb:
                thing = made(stage)
                if thing.workflow.refusal(verb, thing, AT) is None:
                    target = thing.workflow.transition(verb, thing, AT).target
                    lines.append(f"{name:12} {stage:10} {verb:22} {target}")
    return "\n".join(lines) + "\n"


def test_the_workflows_are_what_was_agreed():
    assert table() == AGREED.read_text()


@pytest.mark.parametrize(("name", "stage"), EVERY)
def test_what_is_not_listed_is_refused_with_a_sentence(name, stage):
    thing = STAGED[name][1](stage)
    listed = {step.verb for step in thing.workflow if step.leaves(stage)}
    for verb in set(Verb) - listed:
        with pytest.raises(Conflict, match=r"^[A-Z].+\.$"):
            thing.workflow.transition(verb, thing, AT)


JUDGED = ("evaluation", "seat", "question", "sheet", "exchange")
CAME_OF_IT = ("award", "summary", "proceedings", "contract", "calloff", "milestone", "review")


@pytest.mark.parametrize("name", [*JUDGED, *CAME_OF_IT])
def test_who_comes_too_early_or_too_late_reads_how_things_stand(name):
    """As somebody does whose page is an old one: not the names of verbs and stages."""
    stages, made = STAGED[name]
    for stage in stages:
        thing = made(stage)
        for verb in {step.verb for step in thing.workflow}:
            why = thing.workflow.refusal(verb, thing, AT) or ""
            assert "that is at the stage" not in why, (stage, verb)


def test_every_verb_about_something_with_stages_has_a_step():
    for name, (stages, made) in STAGED.items():
        steps = {step.verb for step in made(next(iter(stages))).workflow}
        its_own = {verb for verb in Verb if verb.startswith(f"{name}.")}
        assert steps == its_own | ALSO.get(name, set())


def test_every_table_with_stages_is_among_them():
    with_stages = {kind for kind in VISIBILITY if hasattr(kind, "workflow")}
    assert with_stages == {type(made(next(iter(stages)))) for stages, made in STAGED.values()}


def test_an_invitation_is_accepted_until_the_moment_it_expires():
    sent = invitation(InvitationStage.SENT)
    assert sent.workflow.refusal(Verb.INVITATION_ACCEPT, sent, AT) is None
    why = sent.workflow.refusal(Verb.INVITATION_ACCEPT, sent, sent.expires_at)
    assert why is not None
    assert "has expired" in why


if __name__ == "__main__":
    AGREED.write_text(table())

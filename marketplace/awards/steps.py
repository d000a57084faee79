"""The steps of an award in order, each with how it stands, its days and where the law says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marketplace.awards.models import Award, AwardStage, Consent, Summary, SummaryStage
from marketplace.core.times import day, when
from marketplace.law import Binding
from marketplace.law.awarding import SUMMARIES
from marketplace.law.contracts import contract_details
from marketplace.law.sources import Rule, rule, section
from marketplace.tenders.models import Party

AGREED = rule(
    "A contract is awarded on the basis of the most advantageous tender, which satisfies the "
    "requirements and best satisfies the criteria.",
    section("19"),
)
NOTICED = rule(
    "Before the contract is signed, a contract award notice is published, once every assessed "
    "supplier has its summary.",
    section("50"),
)
_ORDER = (AwardStage.RECOMMENDED, AwardStage.INFORMED, AwardStage.NOTICED, AwardStage.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: str
    state: str  # "Done", "Now", or "Later"
    says: str
    law: Rule


def steps(
    award: Award,
    parties: Sequence[Party],
    said: Mapping[UUID, Consent],
    summaries: Sequence[Summary],
    today: date,
) -> list[Step]:
    """Nothing but what there is to do; of an award that fell through, how far it came."""
    reached = _reached(award)
    return [
        Step("agree", "Agree", _state(0, reached), _agreed(award, parties, said), AGREED),
        Step("inform", "Tell every bidder", _state(1, reached), _told(award, summaries), SUMMARIES),
        Step("notice", "Publish the award notice", _state(2, reached), _noticed(award), NOTICED),
        Step(
            "standstill",
            "Stand still",
            _waits(award, reached, today),
            headline(award),
            award.standstill.rule,
        ),
        Step(
            "sign",
            "Confirm and sign",
            _state(4, reached),
            "The contracts are signed after that, and each authority publishes its contract "
            "details notice.",
            contract_details(today, award.contract).rule,
        ),
    ]


def _reached(award: Award) -> int:
    """How many steps are done."""
    if award.stage is AwardStage.RECOMMENDED:
        return 1 if award.agreed else 0
    if award.stage is AwardStage.INFORMED:
        return 2
    if award.stage is AwardStage.NOTICED:
        return 3
    if award.stage is AwardStage.CONFIRMED:
        return 5
    return 3 if award.notice_on else 2 if award.informed_at else 1 if award.agreed else 0


def _state(step: int, reached: int) -> str:
    return "Done" if step < reached else "Now" if step == reached else "Later"


def _waits(award: Award, reached: int, today: date) -> str:
    if reached < 3:
        return "Later"
    if award.stopped:
        return "Stopped"
    ends = award.standstill.ends
    return "Now" if ends and today <= ends else "Done"


def _agreed(award: Award, parties: Sequence[Party], said: Mapping[UUID, Consent]) -> str:
    given = sum(one.id in said and said[one.id].given for one in parties)
    parted = sum(one.id in said and not said[one.id].given for one in parties)
    have = "authority has" if len(parties) == 1 else "authorities have"
    text = f"{given} of {len(parties)} {have} approved it"
    return f"{text}, and {parted} parted from it." if parted else f"{text}."


def _told(award: Award, summaries: Sequence[Summary]) -> str:
    if award.informed_at:
        return f"{len(summaries)} summaries were sent on {when(award.informed_at)}."
    checked = sum(one.stage is SummaryStage.CHECKED for one in summaries)
    return f"{checked} of {len(summaries)} summaries are checked. They are sent all at once."


def _noticed(award: Award) -> str:
    if award.notice_on:
        return f"Published on Find a Tender on {day(award.notice_on)} as {award.notice_number}."
    return (
        "Publish it on Find a Tender (UK6), and record its number here. That begins the standstill."
    )


def headline(award: Award) -> str:
    """Until when nobody can sign, and from when."""
    stands = award.standstill
    if award.stopped:
        return "Proceedings stop the signature until a court allows it, or they end."
    if stands.ends and stands.earliest_signature:
        first = stands.earliest_signature
        return (
            f"Standstill ends at the end of {stands.ends:%A} {day(stands.ends)}. "
            f"You can sign from {first:%A} {day(first)}."
        )
    if award.notice_on:
        return "No standstill runs: the Act asks for none here, and the notice states none."
    if stands.binding is Binding.MANDATORY:
        return "Eight working days, beginning with the day of the notice."
    return "The Act asks for none here. The notice may state one of eight working days or more."

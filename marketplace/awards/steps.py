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
UNNOTICED = rule(
    "Below the threshold no contract award notice is asked for.", section("84"), section("87")
)


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: str
    state: str  # "Done", "Now", "Later", "Stopped" or "Not asked for"
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
    reached = _reached(award, today)
    asked = not award.route.is_below_threshold or award.notice_on is not None
    return [
        Step("agree", "Agree", _state(0, reached), _agreed(award, parties, said), AGREED),
        Step("inform", "Tell every bidder", _state(1, reached), _told(award, summaries), SUMMARIES),
        Step(
            "notice",
            "Publish the award notice",
            _state(2, reached) if asked else "Not asked for",
            _noticed(award),
            NOTICED if asked else UNNOTICED,
        ),
        Step(
            "standstill",
            "Stand still",
            _waits(award, reached) if asked else "Not asked for",
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


def _reached(award: Award, today: date) -> int:
    """How many steps are done."""
    if award.stage is AwardStage.RECOMMENDED:
        return 1 if award.agreed else 0
    if award.stage is AwardStage.INFORMED:
        return 4 if award.route.is_below_threshold else 2
    if award.stage is AwardStage.NOTICED:
        ends = award.standstill.ends
        return 3 if award.stopped or (ends and today <= ends) else 4
    if award.stage is AwardStage.CONFIRMED:
        return 5
    return 3 if award.notice_on else 2 if award.informed_at else 1 if award.agreed else 0


def _state(step: int, reached: int) -> str:
    return "Done" if step < reached else "Now" if step == reached else "Later"


def _waits(award: Award, reached: int) -> str:
    return "Stopped" if award.stopped and reached >= 3 else _state(3, reached)


def _agreed(award: Award, parties: Sequence[Party], said: Mapping[UUID, Consent]) -> str:
    given = sum(one.id in said and said[one.id].given for one in parties)
    parted = sum(one.id in said and not said[one.id].given for one in parties)
    have = "authority has" if len(parties) == 1 else "authorities have"
    if parties and parted == len(parties):
        return "Every authority parted from it, so nobody buys by it. Set it aside."
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
    if award.route.is_below_threshold:
        return "If you publish one all the same, record its number here."
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
    if stands.binding is Binding.NONE:
        return "No standstill runs: a contract can be signed once every bidder is told."
    if award.notice_on:
        return "No standstill runs: the Act asks for none here, and the notice states none."
    if stands.binding is Binding.MANDATORY:
        return "Eight working days, beginning with the day of the notice."
    return "The Act asks for none here. The notice may state one of eight working days or more."

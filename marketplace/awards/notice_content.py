"""What goes into the contract award notice UK6 and the termination notice UK12, to be entered on
Find a Tender by people: regulations 27 and 37. The marketplace publishes no notice.
"""

from collections.abc import Sequence

from marketplace.awards.models import Award, AwardStage, Summary
from marketplace.core.money import pounds
from marketplace.core.times import day, when
from marketplace.law.thresholds import KEY_INDICATORS_OVER
from marketplace.organisations.models import Organisation
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Party
from marketplace.tenders.notice_content import Lines, authority

NOT_HELD = "The marketplace does not ask for it. Enter it on Find a Tender."


def code(award: Award) -> str:
    return "UK12" if award.stage is AwardStage.ENDED else "UK6"


def lines(
    award: Award,
    parties: Sequence[Party],
    summaries: Sequence[Summary],
    lots: Sequence[Lot],
    ocid: str,
) -> Lines:
    lead = award.tender.organisation
    others = [one.organisation for one in parties if one.organisation_id != lead.id]
    common = [
        ("Lead authority", authority(lead)),
        ("Other authorities", "\n".join(map(authority, others))),
        ("Title", award.tender.called),
        ("Our identifier in open data", ocid),
        ("Lot", award.called if award.lot else "The tender has no lots."),
        *_ceased(lots),
        ("Day of the decision", day(award.decided_on) if award.decided_on else ""),
    ]
    if award.stage is AwardStage.ENDED:
        why = award.unawarded.label if award.unawarded else ""
        return [*common, ("Why nothing is awarded", f"{why}. {award.because}")]
    return [*common, *_winner(award), *_days(award), *_others(award, summaries)]


def _ceased(lots: Sequence[Lot]) -> Lines:
    """The lots that ended by themselves, before anything was decided of them."""
    found = [
        f"{one.title}: ended on {day(one.ended_at)}. {one.because}" for one in lots if one.ended_at
    ]
    return [("Lots that have ended before", "\n".join(found))] if found else []


def _winner(award: Award) -> Lines:
    if award.supplier is None or award.value is None or award.gross is None:
        return []
    return [
        ("Supplier", supplier(award.supplier)),
        ("The supplier's postal address", address(award.supplier)),
        ("Value without VAT", pounds(award.value)),
        ("Value with VAT", pounds(award.gross)),
        ("Associated and connected persons", NOT_HELD),
    ]


def supplier(one: Organisation) -> str:
    kinds = [
        words
        for holds, words in (
            (one.is_sme, "a small or medium-sized enterprise"),
            (one.is_vcse, "a voluntary, community or social enterprise"),
        )
        if holds
    ]
    number = one.companies_house_number
    numbers = (one.ppon, f"company {number}" if number else "")
    return ", ".join(filter(None, (one.name, *numbers, " and ".join(kinds))))


def address(one: Organisation) -> str:
    return str(one.address) or "It has given none. Ask the supplier for it."


def _days(award: Award) -> Lines:
    stands = award.standstill
    return [
        ("Summaries sent", when(award.informed_at) if award.informed_at else "Not sent yet"),
        (
            "Standstill ends",
            day(stands.ends) if stands.ends else f"{stands.rule.says} ({stands.rule.sources[0]})",
        ),
        (
            "Earliest signature",
            day(stands.earliest_signature) if stands.earliest_signature else "",
        ),
    ]


def _others(award: Award, summaries: Sequence[Summary]) -> Lines:
    """Over £5 million the unsuccessful by name, otherwise how many there were."""
    if award.gross and award.gross > KEY_INDICATORS_OVER:
        losers = [one.organisation for one in summaries if not one.wins]
        return [("Unsuccessful suppliers", "\n".join(map(supplier, losers)) or "None")]
    bidders = [one.organisation for one in summaries]
    return [
        ("Tenders submitted", str(len(bidders))),  # each is assessed, and its bidder told
        ("Tenders assessed", str(len(bidders))),
        ("Of them from SMEs", str(sum(bool(one.is_sme) for one in bidders))),
        ("Of them from VCSEs", str(sum(bool(one.is_vcse) for one in bidders))),
    ]

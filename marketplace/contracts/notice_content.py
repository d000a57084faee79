"""What the marketplace knows of what goes into the notices of a contract, to be entered on Find a
Tender by people: its details UK7 (regulations 32 to 36), a breach or poor performance UK9 (39), and
its end UK11 (41). The marketplace publishes no notice.
"""

from collections.abc import Sequence

from marketplace.awards.notice_content import NOT_HELD, address, supplier
from marketplace.contracts.breach_models import Breach
from marketplace.contracts.duties import Duty, needs_indicators
from marketplace.contracts.models import Contract, ContractParty, ContractStage
from marketplace.core.money import pounds
from marketplace.core.times import day
from marketplace.law.notices import Notice
from marketplace.tenders.engaging import Treaty
from marketplace.tenders.notice_content import Lines, authority


def lines(duty: Duty, contract: Contract, parties: Sequence[ContractParty], ocid: str) -> Lines:
    """What goes into the notice that is due; nothing where the marketplace does not know it."""
    common = [
        ("Authorities", "\n".join(authority(one.organisation) for one in parties)),
        ("Title", contract.title),
        ("Number of the contract", contract.number),
        ("Our identifier in open data", ocid if contract.tender_id else ""),
    ]
    breach = duty.about
    match duty.due.notice:
        case Notice.UK7:
            return [*common, *_details(contract)]
        case Notice.UK9 if breach:
            return [*common, ("Supplier", supplier(contract.supplier)), *_breach(breach)]
        case Notice.UK11:
            return [*common, *_end(contract), *(_breach(breach) if breach else ())]
    return []


def _details(contract: Contract) -> Lines:
    signed, first, last = contract.signed_on, contract.starts_on, contract.ends()
    return [
        ("Contract award notice", contract.award.notice_number if contract.award else ""),
        ("Supplier", supplier(contract.supplier)),
        ("The supplier's postal address", address(contract.supplier)),
        ("Signed", day(signed) if signed else ""),
        ("First day", day(first) if first else ""),
        ("Last day", day(last) if last else ""),
        ("Extension", _extension(contract)),
        ("Value without VAT", pounds(contract.value) if contract.value is not None else ""),
        ("Value with VAT", pounds(contract.gross) if contract.gross is not None else ""),
        ("Key performance indicators", _indicators(contract)),
        ("Procedure", contract.route.label),
        ("Sort of contract", contract.kind.label),
        ("International agreements", _treaties(contract)),
        ("Conflicts assessment (section 83)", "Confirm that it was kept under review."),
        ("Associated and connected persons", NOT_HELD),
    ]


def _treaties(contract: Contract) -> str:
    """Those that the tender notice named."""
    named = contract.tender.market.get("treaties", ()) if contract.tender else ()
    return "\n".join(Treaty(one).label for one in named)


def _end(contract: Contract) -> Lines:
    ended = contract.ends()
    ran_out = "It ran out." if contract.stage is not ContractStage.ENDED else ""
    return [
        ("Supplier", supplier(contract.supplier)),
        ("Why it ended", contract.because or ran_out),
        ("The day on which it ended", day(ended) if ended else ""),
        ("Value without VAT", pounds(contract.value) if contract.value is not None else ""),
        ("Value with VAT", pounds(contract.gross) if contract.gross is not None else ""),
    ]


def _breach(breach: Breach) -> Lines:
    if breach.withdrawn:
        return [("Why it is published again", breach.told)]
    told = breach.warned_on
    return [
        ("Why section 71(5) applies", f"{breach.failing.label} ({breach.failing.source})."),
        ("The day on which it came to that", day(breach.on)),
        *([("The supplier was told to improve on", day(told))] if told else []),
        ("What happened", breach.what),
        ("What was awarded or settled, or has been done since", breach.outcome),
    ]


def _extension(contract: Contract) -> str:
    latest = f"Until {day(contract.extends_to)} at the latest." if contract.extends_to else ""
    return f"{contract.extension} {latest}".strip()


def _indicators(contract: Contract) -> str:
    if contract.indicators:
        return "\n".join(contract.indicators)
    none = "None are set."
    if contract.no_indicators_because:
        return f"{none} {contract.no_indicators_because}"
    return none if needs_indicators(contract) else f"{none} The Act asks for none here."

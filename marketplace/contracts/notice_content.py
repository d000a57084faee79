"""What the marketplace knows of what goes into the contract details notice UK7, to be entered on
Find a Tender by people: regulations 32 to 36. The marketplace publishes no notice.
"""

from collections.abc import Sequence

from marketplace.awards.notice_content import NOT_HELD, address, supplier
from marketplace.contracts.duties import needs_indicators
from marketplace.contracts.models import Contract, ContractParty
from marketplace.core.money import pounds
from marketplace.core.times import day
from marketplace.tenders.engaging import Treaty
from marketplace.tenders.notice_content import Lines, authority


def lines(contract: Contract, parties: Sequence[ContractParty], ocid: str) -> Lines:
    signed, first, last = contract.signed_on, contract.starts_on, contract.ends()
    return [
        ("Authorities", "\n".join(authority(one.organisation) for one in parties)),
        ("Title", contract.title),
        ("Number of the contract", contract.number),
        ("Our identifier in open data", ocid if contract.tender_id else ""),
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

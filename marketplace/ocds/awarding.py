"""What came of a tender as open data: releases for awards and contracts, after those of the tender.

Like those, a release never changes: each step makes one, as it stood then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace.awards.models import Award, AwardStage
from marketplace.contracts.models import CallOff, CallOffStage, Contract, ContractChange, with_vat
from marketplace.core.journal import Event
from marketplace.ocds.pieces import WHOLE, Json, filled, located, money, start, utc
from marketplace.ocds.releases import FIND_A_TENDER, Known, framed, identified
from marketplace.verbs import Verb

# The notices of a contract that are told of one by one, and what the standard calls them.
NOTICES = {
    "UK7": "contractNotice",
    "UK9": "implementationNotice",
    "UK10": "contractNotice",  # of a change, which is told of with it
    "UK11": "contractTerminationNotice",
}
Steps = Mapping[tuple[UUID, str], datetime]  # when something was done to an award or a contract
TAGS = {
    Verb.AWARD_CITE: ("award", "pending"),
    Verb.AWARD_CONFIRM: ("awardUpdate", "active"),
    Verb.AWARD_SET_ASIDE: ("awardCancellation", "cancelled"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is published of what came of a tender."""

    awards: Sequence[Award]
    contracts: Sequence[Contract]
    changes: Mapping[UUID, Sequence[ContractChange]]  # by contract
    steps: Steps
    call_offs: Sequence[CallOff] = ()  # those that were approved
    notices: Sequence[Event] = ()  # that one of a contract was published, in the order of time


def releases(known: Known, said: Mapping[str, Any], outcome: Outcome) -> list[Json]:
    """A release for each step, in the order of time."""
    found = [
        *_awards(known, said, outcome),
        *_contracts(known, said, outcome),
        *_call_offs(known, said, outcome),
        *_noticed(known, said, outcome),
    ]
    return sorted(found, key=lambda one: (one["date"], one["id"]))


def _awards(known: Known, said: Mapping[str, Any], outcome: Outcome) -> Iterator[Json]:
    for one in outcome.awards:
        if one.stage is AwardStage.ENDED:
            if at := outcome.steps.get((one.id, Verb.AWARD_END)):
                yield _release(known, said, f"award-{one.id}-end", "award", at, unawarded(one))
            continue
        for verb, (tag, status) in TAGS.items():
            if at := outcome.steps.get((one.id, verb)):
                number = f"award-{one.id}-{tag}"
                yield _release(known, said, number, tag, at, awarded(one, status))


def _release(
    known: Known, said: Mapping[str, Any], number: str, tag: str, at: datetime, more: Json
) -> Json:
    made = framed(known, said, number, tag, at)
    known_parties = {one["id"] for one in made["parties"]}
    for name in ("supplier", "caller"):
        party = more.pop(name, None)
        if party and party["id"] not in known_parties:
            made["parties"].append(party)
    return made | more


def _supplier(one: Award | Contract) -> Json:
    supplier = one.supplier
    assert supplier is not None  # noqa: S101 - what nobody won has a release of its own
    return filled(
        {
            **identified(supplier),
            "name": supplier.name,
            "address": located(supplier.address),
            "roles": ["supplier"],
        }
    )


def awarded(one: Award, status: str) -> Json:
    supplier = _supplier(one)
    award = filled(
        {
            "id": str(one.id),
            "title": one.called,
            "status": status,
            "date": start(one.decided_on.isoformat()) if one.decided_on else None,
            "value": money(one.value, one.gross),
            "suppliers": [{"id": supplier["id"], "name": supplier["name"]}],
            "relatedLots": [str(one.lot_id) if one.lot_id else WHOLE],
            "documents": list(_notice(one, "awardNotice")),
        }
    )
    return {"supplier": supplier, "awards": [award]}


def unawarded(one: Award) -> Json:
    award = filled(
        {
            "id": str(one.id),
            "title": one.called,
            "description": f"{one.unawarded.label if one.unawarded else ''}. {one.because}",
            "status": "unsuccessful",
            "date": start(one.decided_on.isoformat()) if one.decided_on else None,
            "relatedLots": [str(one.lot_id) if one.lot_id else WHOLE],
        }
    )
    return {"awards": [award]}


def _notice(one: Award, kind: str) -> Iterator[Json]:
    if one.notice_on:
        yield {
            "id": one.notice_number,
            "documentType": kind,
            "title": "UK6 on Find a Tender",
            "url": f"{FIND_A_TENDER}{one.notice_number}",
            "datePublished": start(one.notice_on.isoformat()),
        }


def _contracts(known: Known, said: Mapping[str, Any], outcome: Outcome) -> Iterator[Json]:
    for one in outcome.contracts:
        changes = outcome.changes.get(one.id, ())
        value = changes[0].value_before if changes else one.value
        ends = changes[0].ends_before if changes else one.ends_on
        if at := outcome.steps.get((one.id, Verb.CONTRACT_SIGN)):
            more = contracted(one, value, ends, "active")
            yield _release(known, said, f"contract-{one.id}", "contract", at, more)
        for change in changes:
            more = contracted(one, change.value_after, change.ends_after, "active", change)
            number = f"contract-{one.id}-change-{change.number}"
            yield _release(known, said, number, "contractAmendment", change.created_at, more)
        if at := outcome.steps.get((one.id, Verb.CONTRACT_END)):
            more = contracted(one, one.value, one.ended_on, "terminated")
            number = f"contract-{one.id}-end"
            yield _release(known, said, number, "contractTermination", at, more)


def contracted(
    one: Contract,
    value: Decimal | None,
    ends: date | None,
    status: str,
    change: ContractChange | None = None,
) -> Json:
    gross = None if value is None else with_vat(value, one.vat_rate)
    contract = filled(
        {
            "id": str(one.id),
            "awardID": str(one.award_id) if one.award_id else None,
            "title": one.title,
            "description": f"A contract of {one.organisation.name}.",
            "status": status,
            "value": money(value, gross),
            "dateSigned": start(one.signed_on.isoformat()) if one.signed_on else None,
            "period": filled(
                {
                    "startDate": start(one.starts_on.isoformat()) if one.starts_on else None,
                    "endDate": start(ends.isoformat()) if ends else None,
                }
            ),
            "amendments": [
                {
                    "id": str(change.number),
                    "date": utc(change.created_at),
                    "rationale": f"{change.ground.label}. {change.what}",
                }
            ]
            if change
            else None,
            "documents": [_of_contract("UK10", change.notice_number)]
            if change and change.notice_number
            else None,
        }
    )
    return {"supplier": _supplier(one), "contracts": [contract]}


def _of_contract(code: str, number: str, on: str = "", told: str = "") -> Json:
    """A notice of a contract, that stands on Find a Tender."""
    return filled(
        {
            "id": number,
            "documentType": NOTICES[code],
            "noticeType": code,
            "title": f"{code} on Find a Tender",
            "description": told or None,
            "url": f"{FIND_A_TENDER}{number}",
            "datePublished": start(on) if on else None,
        }
    )


# ---- What is called off, and how it goes on


def _call_offs(known: Known, said: Mapping[str, Any], outcome: Outcome) -> Iterator[Json]:
    """A call-off without a further competition belongs to the process of its framework: it is one
    more contract of the same award.
    """
    for one in outcome.call_offs:
        if one.approved_at is None:
            continue
        number = f"calloff-{one.id}"
        yield _release(known, said, number, "contract", one.approved_at, called_off(one, "active"))
        cancelled = outcome.steps.get((one.id, Verb.CALLOFF_CANCEL))
        if one.stage is CallOffStage.CANCELLED and cancelled:
            more = called_off(one, "terminated")
            yield _release(known, said, f"{number}-end", "contractTermination", cancelled, more)


def called_off(one: CallOff, status: str) -> Json:
    under, buyer = one.contract, one.organisation
    contract = filled(
        {
            "id": str(one.id),
            "awardID": str(under.award_id) if under.award_id else None,
            "title": one.title,
            "description": f"Called off by {buyer.name} under “{under.title}”, {under.reference}.",
            "status": status,
            "value": money(one.value, with_vat(one.value, under.vat_rate)),
            "dateSigned": utc(one.approved_at) if one.approved_at else None,
            "period": {
                "startDate": start(one.starts_on.isoformat()),
                "endDate": start(one.ends_on.isoformat()),
            },
        }
    )
    caller = filled(
        {
            **identified(buyer),
            "name": buyer.name,
            "address": located(buyer.address),
            "roles": ["buyer"],
        }
    )
    return {"supplier": _supplier(under), "caller": caller, "contracts": [contract]}


def _noticed(known: Known, said: Mapping[str, Any], outcome: Outcome) -> Iterator[Json]:
    """What a notice of a contract says stands on Find a Tender; here is that it came, and where,
    and what it tells of a breach.
    """
    contracts = {one.id: one for one in outcome.contracts}
    for event in outcome.notices:
        code = str(event.facts.get("code"))
        contract = contracts.get(event.about_id)
        if contract is None or code not in NOTICES:
            continue
        published = str(event.facts["number"])
        told = str(event.facts.get("told", ""))
        document = _of_contract(code, published, str(event.facts["on"]), told)
        about: Json = {"id": str(contract.id), "awardID": str(contract.award_id)}
        performs = code == "UK9"
        about |= (
            {"implementation": {"documents": [document]}} if performs else {"documents": [document]}
        )
        tag = "implementation" if performs else "contractUpdate"
        number = f"contract-{contract.id}-notice-{published}"
        yield _release(known, said, number, tag, event.created_at, {"contracts": [about]})

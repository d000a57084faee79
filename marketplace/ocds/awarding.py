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
from marketplace.contracts.models import Contract, ContractChange, with_vat
from marketplace.ocds.releases import (
    FIND_A_TENDER,
    WHOLE,
    Json,
    Known,
    filled,
    framed,
    identified,
    start,
    utc,
)
from marketplace.verbs import Verb

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


def releases(known: Known, said: Mapping[str, Any], outcome: Outcome) -> list[Json]:
    """A release for each step, in the order of time."""
    found = [*_awards(known, said, outcome), *_contracts(known, said, outcome)]
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
    supplier = more.pop("supplier", None)
    if supplier:
        made["parties"].append(supplier)
    return made | more


def _supplier(one: Award | Contract) -> Json:
    supplier = one.supplier
    assert supplier is not None  # noqa: S101 - what nobody won has a release of its own
    return filled(
        {
            **identified(supplier),
            "name": supplier.name,
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


def money(net: Decimal | None, gross: Decimal | None) -> Json | None:
    """Without VAT and, as the UK extension has it, with it."""
    if net is None or gross is None:
        return None
    return {"amount": float(net), "amountGross": float(gross), "currency": "GBP"}


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
        }
    )
    return {"supplier": _supplier(one), "contracts": [contract]}

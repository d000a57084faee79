"""The releases of one notice, merged as the standard says, and what the result tells."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ocdsmerge import Merger  # type: ignore[import-untyped]  # it ships no types

Trimmed = dict[str, Any]  # what trim makes of a release: clean, so that nothing here asks

# The rules stand here because ocdsmerge would otherwise fetch the standard's schema from the web.
# Of the fields that are kept, these lists of objects replace instead of merging by id; lists of
# codes always replace. Values of the wrong type would make ocdsmerge raise, but trim leaves none.
_MERGER = Merger(
    merge_rules={
        ("buyer", "identifiers"): "wholeListMerge",
        ("suppliers", "identifiers"): "wholeListMerge",
        ("awards", "suppliers", "identifiers"): "wholeListMerge",
    }
)
_DEAD = frozenset({"cancelled", "unsuccessful"})


@dataclass(frozen=True, slots=True)
class Link:
    """A document of a notice; its kind is in the words of the standard."""

    url: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a notice says after all its releases so far. "" and None: not stated."""

    ocid: str
    buyer_key: str
    source: str
    release_id: str  # of the newest release, as are the tags
    tags: list[str]
    buyer_name: str
    buyer_identifiers: list[dict[str, str]]  # scheme and id
    title: str
    description: str
    cpv: list[str]
    amount: Decimal | None
    amount_gross: Decimal | None  # with VAT, where the publisher gives both
    minimum: Decimal | None
    awarded: Decimal | None  # the sum of the awards, if they are in one currency
    currency: str  # GBP where there is an amount without one
    vat_included: bool | None  # of amount
    status: str
    method: str
    method_details: str
    published_at: datetime  # the first release
    updated_at: datetime  # the newest release
    tender_starts_at: datetime | None
    tender_ends_at: datetime | None
    enquiries_end_at: datetime | None
    contract_starts_at: datetime | None
    contract_ends_at: datetime | None
    awarded_at: datetime | None
    suppliers: list[dict[str, Any]]  # key, name, identifiers
    lots: int
    link: str
    documents: list[Link]


def supersedes(release: Trimmed, kept: Trimmed) -> bool:
    """Whether a release should replace one that was kept under the same id.

    Portals change a release without a new id at times. The later wins, whichever came first.
    """
    return _order(release) > _order(kept)


def compiled(releases: Iterable[Trimmed]) -> Trimmed:
    """The state that the releases of one notice add up to, in whatever order they are given."""
    ordered = list(releases)
    if len(ordered) == 1:  # as for most notices, and five times quicker
        return {**_without_nulls(ordered[0]), "published": ordered[0]["date"]}
    ordered.sort(key=_order)
    newest = ordered[-1]
    return {
        **_MERGER.create_compiled_release(ordered),
        "id": newest["id"],
        "tag": newest["tag"],
        "published": ordered[0]["date"],
    }


def project(state: Trimmed) -> Facts:
    """The facts of a notice in its compiled state."""
    tender = state.get("tender", {})
    awards = [a for a in state.get("awards", []) if a.get("status") not in _DEAD]
    contracts = [c for c in state.get("contracts", []) if c.get("status") not in _DEAD]
    lots = [lot for lot in tender.get("lots", []) if lot.get("status") not in _DEAD]
    awarded = _total(awards)
    stated = (tender.get("value"), state.get("planning", {}).get("budget", {}).get("amount"))
    value = next((v for v in stated if _is_stated(v)), None)
    value = value or awarded or _total(contracts) or _total(lots) or {}
    contract = _span(
        [contract.get("period") for contract in contracts],
        [award.get("contractPeriod") for award in awards],
        [tender.get("contractPeriod")],
        [lot.get("contractPeriod") for lot in lots],
    )
    documents = _documents(state)
    return Facts(
        ocid=state["ocid"],
        buyer_key=state["buyer"]["id"],
        source=state["source"],
        release_id=state["id"],
        tags=state["tag"],
        buyer_name=state["buyer"].get("name", ""),
        buyer_identifiers=state["buyer"].get("identifiers", []),
        title=_title(state, tender, awards + contracts),
        description=tender.get("description") or state.get("description", ""),
        cpv=_cpv([tender, *lots], tender, *awards, *contracts),
        amount=_amount(value.get("amount") or value.get("amountGross")),
        amount_gross=_amount(value.get("amountGross")),
        minimum=_amount(tender.get("minValue", {}).get("amount")),
        awarded=_amount((awarded or {}).get("amount")),
        currency=value.get("currency", "GBP") if value else "",
        vat_included=_vat_included(value),
        status=tender.get("status", ""),
        method=tender.get("procurementMethod", ""),
        method_details=tender.get("procurementMethodDetails", ""),
        published_at=datetime.fromisoformat(state["published"]),
        updated_at=datetime.fromisoformat(state["date"]),
        tender_starts_at=_moment(tender.get("tenderPeriod", {}).get("startDate")),
        tender_ends_at=_moment(tender.get("tenderPeriod", {}).get("endDate")),
        enquiries_end_at=_moment(tender.get("enquiryPeriod", {}).get("endDate")),
        contract_starts_at=_moment(contract.get("startDate")),
        contract_ends_at=_moment(contract.get("endDate")),
        awarded_at=_moment(max((a["date"] for a in awards if a.get("date")), default=None)),
        suppliers=_suppliers(awards) or _suppliers([state]),
        lots=len(tender.get("lots", [])),
        link=_link(documents, state),
        documents=[
            Link(d["url"], d.get("title") or d.get("description", ""), d.get("documentType", ""))
            for d in documents
        ],
    )


def _order(release: Trimmed) -> tuple[str, str, str]:
    return release["date"], release["id"], json.dumps(release, sort_keys=True)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _is_stated(value: Trimmed | None) -> bool:
    """Portals write 0 where the amount is not disclosed."""
    return any(Decimal((value or {}).get(name, "0")) for name in ("amount", "amountGross"))


def _total(parts: list[Trimmed]) -> Trimmed | None:
    """The sum of the parts' values; None where they cannot be added."""
    values = [part["value"] for part in parts if _is_stated(part.get("value"))]
    if len({value.get("currency", "GBP") for value in values}) != 1:
        return None
    total: Trimmed = {"currency": values[0].get("currency", "GBP")}
    for name in ("amount", "amountGross"):
        if all(name in value for value in values):
            total[name] = str(sum(Decimal(value[name]) for value in values))
    return total if len(total) > 1 else None


def _vat_included(value: Trimmed) -> bool | None:
    """The UK extension gives the amount without VAT and the gross amount with it."""
    return "amount" not in value if "amountGross" in value else None


def _span(*stages: list[Trimmed | None]) -> Trimmed:
    """The first to the last day of the first stage that gives a period: contracts know best."""
    for stage in stages:
        starts = [p["startDate"] for p in stage if p and "startDate" in p]
        ends = [p["endDate"] for p in stage if p and "endDate" in p]
        if starts or ends:
            return {"startDate": min(starts, default=None), "endDate": max(ends, default=None)}
    return {}


def _title(state: Trimmed, tender: Trimmed, later: list[Trimmed]) -> str:
    titles = [part.get("title") for part in (tender, state, *later)]
    return next((title for title in titles if title), f"Notice {state['ocid']}")


def _cpv(classified: list[Trimmed], *stages: Trimmed) -> list[str]:
    codes: dict[str, None] = {}
    items = [item for stage in stages for item in stage.get("items", [])]
    for part in classified + items:
        main = part.get("classification")
        codes |= dict.fromkeys([main] if main else [])
        codes |= dict.fromkeys(part.get("additionalClassifications", []))
    return list(codes)


def _suppliers(parts: list[Trimmed]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for supplier in (s for part in parts for s in part.get("suppliers", [])):
        found.setdefault(
            supplier["id"],
            {
                "key": supplier["id"],
                "name": supplier.get("name", ""),
                "identifiers": supplier.get("identifiers", []),
            },
        )
    return list(found.values())


def _documents(state: Trimmed) -> list[Trimmed]:
    parts = [state.get("planning", {}), state.get("tender", {})]
    parts += state.get("awards", []) + state.get("contracts", [])
    documents = [document for part in parts for document in part.get("documents", [])]
    return list({d["url"]: d for d in documents if "url" in d}.values())


def _link(documents: list[Trimmed], state: Trimmed) -> str:
    """The page of the newest notice, or what the release links to as its own page."""
    notices = [d for d in documents if d.get("documentType", "").endswith("Notice")]
    if notices:  # of two on one day the later stage counts
        return str(max(reversed(notices), key=lambda d: d.get("datePublished", ""))["url"])
    return str(state.get("links", ""))

"""What the archive of a record says: a page of every decision, a page of each document, and all of
it as data.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from marketplace.audit.models import Block
from marketplace.awards.models import Award, Summary
from marketplace.bids.asking import Lot, asked
from marketplace.bids.counting import counting
from marketplace.bids.models import Bid
from marketplace.contracts.models import Contract
from marketplace.core.money import pounds
from marketplace.core.pages import strict
from marketplace.core.times import day, when
from marketplace.record.telling import Line
from marketplace.tenders import content
from marketplace.tenders.content import SHARED
from marketplace.tenders.models import Publication, Tender

# What says nothing to an auditor, or is no business of the other authorities: drafts as typed,
# places in the store, addresses of people, and up to what one of them may approve.
LEFT_OUT = frozenset({"typed", "key", "email", "up_to"})
Rows = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """All that the reader may see of a tender, read once."""

    tender: Tender
    lines: Sequence[Line]
    publications: Sequence[Publication]
    bids: Sequence[Bid]
    awards: Sequence[Award]
    summaries: Sequence[Summary]
    contracts: Sequence[Contract]
    data: Mapping[str, Sequence[Mapping[str, Any]]]
    block: Block | None
    at: datetime


def texts(found: Found) -> Iterator[tuple[str, str]]:
    """By name, the pages and the data."""
    yield "index.html", _drawn("record/index.html", found=found, tender=found.tender)
    yield "record.json", _json(found)
    for one in found.publications:
        title = f"{found.tender.called}, publication {one.number}"
        yield f"tender/publication-{one.number}.html", _document(title, list(_said(one)))
    newest_first = sorted(found.publications, key=lambda one: one.number, reverse=True)
    ended = asked(newest_first).ended if found.bids else ()
    for bid in found.bids:
        title = f"Bid {bid.reference} of {bid.organisation.name}"
        yield f"bids/{bid.reference}.html", _document(title, list(_offered(bid, ended)))
    for award in found.awards:
        name = f"awards/{award.called[:40]}-{award.number}.html"
        yield safe(name), _document(f"Award of {award.called}", list(_awarded(award)))
    for summary in found.summaries:
        title = f"Assessment summary of bid {summary.content['reference']}"
        name = f"summaries/{summary.content['reference']}-{summary.award_id.hex[:6]}.html"
        yield name, _document(title, list(_summarised(summary)))
    for contract in found.contracts:
        title = f"Contract {contract.reference}: {contract.title}"
        yield f"contracts/{contract.reference}.html", _document(title, list(_contracted(contract)))


def safe(name: str) -> str:
    """A name that every system takes: letters, figures, and what stands between them."""
    folder, _, rest = name.rpartition("/")
    kept = "".join(one if one.isalnum() or one in ".-_" else "-" for one in rest)
    return f"{folder}/{kept}"


def _document(title: str, rows: Rows) -> str:
    return _drawn("record/document.html", title=title, rows=rows)


def _drawn(name: str, **values: Any) -> str:
    return strict.get_template(name).render(**values)


# ---- What each document says


def _said(one: Publication) -> Iterator[tuple[str, str]]:
    yield "Published", when(one.created_at)
    if one.reason:
        yield "What changes, and why", one.reason
    for part in SHARED:
        for row in content.rows(one.content[part.value]):
            yield row.label, row.said


def _offered(bid: Bid, ended: Iterable[Lot]) -> Iterator[tuple[str, str]]:
    said = counting(bid.content, ended)
    yield "Supplier", bid.organisation.name
    if bid.submitted_at:
        yield "Submitted", when(bid.submitted_at)
    yield "Fingerprint (SHA-256)", bid.fingerprint
    for one in said.get("answers", ()):
        yield one["title"], one["answer"]
    prices = said.get("prices", {})
    for line in prices.get("lines", ()):
        sum_ = pounds(Decimal(line["sum"]))
        yield "Price", f"{line['item']}: {line['quantity']}, together {sum_} without VAT"
    if prices:
        if said["ended"]:
            yield "Ended, and not in the totals", " and ".join(said["ended"])
        yield "Total without VAT", pounds(Decimal(prices["total"]))
        yield "Total with VAT", pounds(Decimal(prices["total_with_vat"]))
    for file in said.get("files", ()):
        yield "File", f"{file['name']}, SHA-256 {file['sha256']}"


def _awarded(award: Award) -> Iterator[tuple[str, str]]:
    yield "State", award.stage.label
    if award.supplier and award.value is not None and award.gross is not None:
        yield "Supplier", award.supplier.name
        yield "Value without VAT", pounds(award.value)
        yield "Value with VAT", pounds(award.gross)
    for one in award.content.get("ranking", ()):
        place = f"Place {one['position']}" if one["position"] else "No place"
        yield place, f"{one['supplier']}: {one['total']} points. {one['because']}".strip()
    if award.passed_over:
        yield "Why another than the first", f"{award.passed_over.label}. {award.because}"
    elif award.because:
        yield "Reason", award.because
    yield "Approved by", ", ".join(award.buyers)
    yield "Fingerprint of what was approved", award.digest
    if award.notice_on:
        yield "Notice", f"{award.notice_number}, {day(award.notice_on)}"
    if award.standstill.ends:
        yield "Standstill", f"Until the end of {day(award.standstill.ends)}"


def _summarised(summary: Summary) -> Iterator[tuple[str, str]]:
    said = summary.content
    yield "Supplier", said["supplier"]
    yield "Result", "It won." if said["wins"] else f"It did not win. {said['why']}"
    yield "Points", said["totals"]["total"]
    for one in said["criteria"]:
        yield one["title"], f"{one['points']}. {one['reason']}"
    if summary.sent_at:
        yield "Sent", when(summary.sent_at)
    yield "Checked by", summary.checked_by


def _contracted(contract: Contract) -> Iterator[tuple[str, str]]:
    yield "Authority", contract.organisation.name
    yield "Supplier", contract.supplier.name
    yield "State", contract.stage.label
    if contract.value is not None and contract.gross is not None:
        yield "Value without VAT", pounds(contract.value)
        yield "Value with VAT", pounds(contract.gross)
    for name, on in (
        ("First day", contract.starts_on),
        ("Last day", contract.ends()),
        ("Signed", contract.signed_on),
    ):
        if on:
            yield name, day(on)
    for one in contract.indicators:
        yield "Key performance indicator", one


# ---- All of it as data


def _json(found: Found) -> str:
    said = {
        "tender": told(found.tender),
        "as_of": found.at.isoformat(),
        "journal": {"block": found.block.number, "hash": found.block.hash} if found.block else None,
        "decisions": [
            {
                "at": one.at.isoformat(),
                "who": one.who,
                "what": one.what,
                "about": one.about,
                "version": one.version,
                "why": one.why,
            }
            for one in found.lines
        ],
        **found.data,
    }
    return json.dumps(said, ensure_ascii=False, indent=1)


def told(row: Any) -> dict[str, Any]:
    """A row as data, without what says nothing to an auditor."""
    return {name: _plain(value) for name, value in row.model_dump().items() if name not in LEFT_OUT}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value

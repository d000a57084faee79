"""What Companies House says about a number, within a few seconds and whatever it answers."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx
import structlog

from marketplace.core.forms import clean
from marketplace.settings import Settings

PATIENCE = 5.0  # seconds, for everything together
TRIES = 2  # the second one when the first is answered with an error of theirs
MOST = 200_000  # bytes of an answer
LONGEST = 300  # characters of anything it says
STATUSES = {
    "active": "Active",
    "open": "Open",
    "registered": "Registered",
    "dissolved": "Dissolved",
    "converted-closed": "Converted or closed",
    "closed": "Closed",
    "removed": "Removed",
    "liquidation": "In liquidation",
    "receivership": "In receivership",
    "administration": "In administration",
    "voluntary-arrangement": "In a voluntary arrangement",
    "insolvency-proceedings": "In insolvency proceedings",
}
SOUND = frozenset({"active", "open", "registered"})

log = structlog.get_logger()


class Outcome(StrEnum):
    """What came of asking."""

    FOUND = "found"
    UNKNOWN = "unknown"  # there is no such company
    BUSY = "busy"  # too many questions for now
    SILENT = "silent"  # no answer, or none that can be used


@dataclass(frozen=True, slots=True)
class Said:
    """What the register said about a number, and when."""

    number: str
    at: datetime
    outcome: Outcome
    name: str = ""
    address: str = ""
    status: str = ""
    ceased_on: str = ""  # as it is written there: 2020-03-31

    def kept(self) -> dict[str, str]:
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "outcome": self.outcome.value,
            "name": self.name,
            "address": self.address,
            "status": self.status,
            "ceased_on": self.ceased_on,
        }


def recalled(kept: dict[str, Any]) -> Said | None:
    """What `kept` has written down."""
    if not kept:
        return None
    at, outcome = datetime.fromisoformat(kept["at"]), Outcome(kept["outcome"])
    return Said(**(kept | {"at": at, "outcome": outcome}))


def look_up(settings: Settings, number: str, at: datetime) -> Said:
    """Asks Companies House about a number that has the right form. It never raises."""
    try:
        status, body = asyncio.run(_asked(settings, number))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as why:
        log.warning("companies_house.silent", error=type(why).__name__)
        return Said(number, at, Outcome.SILENT)
    if status == 200 and (said := _read(number, at, body)):
        return said
    if status == 404:
        return Said(number, at, Outcome.UNKNOWN)
    log.warning("companies_house.refused", status=status)
    return Said(number, at, Outcome.BUSY if status == 429 else Outcome.SILENT)


async def _asked(settings: Settings, number: str) -> tuple[int, bytes]:
    url = f"{settings.companies_house_url.rstrip('/')}/company/{number}"
    # Not compressed: a few bytes could then become very many.
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(
            auth=(settings.companies_house_key, ""),
            headers=headers,
            timeout=PATIENCE,
            follow_redirects=False,
        ) as client,
    ):
        for _ in range(TRIES):
            status, body = await _once(client, url)
            if status < 500:
                break
    return status, body


async def _once(client: httpx.AsyncClient, url: str) -> tuple[int, bytes]:
    body = bytearray()
    async with client.stream("GET", url) as answer:
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > MOST:
                raise httpx.DecodingError("The answer is too long.")
    return answer.status_code, bytes(body)


def _read(number: str, at: datetime, body: bytes) -> Said | None:
    """None when it is no answer about this company."""
    try:
        profile = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(profile, dict) or profile.get("company_number") != number:
        return None
    name = _text(profile.get("company_name"))
    office = profile.get("registered_office_address")
    parts = ("premises", "address_line_1", "address_line_2", "locality", "region")
    address = [
        _text(office.get(part)) if isinstance(office, dict) else ""
        for part in (*parts, "postal_code", "country")
    ]
    if not name:
        return None
    return Said(
        number,
        at,
        Outcome.FOUND,
        name=name,
        address=", ".join(dict.fromkeys(filter(None, address))),
        status=_text(profile.get("company_status")),
        ceased_on=_text(profile.get("date_of_cessation")),
    )


def _text(value: Any) -> str:
    """Something it said, on one line and of a length that a page can show."""
    return " ".join(clean(value).split())[:LONGEST] if isinstance(value, str) else ""

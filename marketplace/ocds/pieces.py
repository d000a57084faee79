"""What releases are put together from: amounts, moments, addresses, and only what there is."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from marketplace.core.times import LONDON
from marketplace.organisations.addresses import Address

Json = dict[str, Any]
WHOLE = "1"  # the lot of a tender that has none


def filled(given: Mapping[str, Any]) -> Json:
    """Only what there is: the standard takes no empty text, list or object."""
    return {name: value for name, value in given.items() if value or value is False}


def money(net: Decimal | None, gross: Decimal | None) -> Json | None:
    """Without VAT and, as the UK extension has it, with it."""
    if gross is None:
        return None
    known = {"amount": net, "amountGross": gross}
    amounts = {name: float(one) for name, one in known.items() if one is not None}
    return {**amounts, "currency": "GBP"}


def located(address: Address, region: str = "") -> Json:
    """Where the post of an organisation goes, as far as it has said."""
    if not address:
        return filled({"region": region, "countryName": "United Kingdom" if region else ""})
    return filled(
        {
            "streetAddress": ", ".join(address.street.splitlines()),
            "locality": address.town,
            "region": region,
            "postalCode": address.postcode,
            "country": address.country,
            "countryName": address.country_name,
        }
    )


def start(day: str) -> str:
    """The moment at which a day in London begins; the standard wants moments."""
    if not day:
        return ""
    return utc(datetime.combine(date.fromisoformat(day), time(), LONDON))


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

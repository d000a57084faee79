"""The lots of a tender as open data: what each is worth, when it runs, and how it is judged."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marketplace.ocds.pieces import WHOLE, Json, filled, money, start
from marketplace.reference import cpv
from marketplace.tenders.models import CriterionKind, Part

TYPES: Mapping[str, str] = {CriterionKind.PRICE.label: "price"}  # all others are quality
Said = Mapping[str, Any]


def listed(said: Said) -> list[Json]:
    """The lots; a tender without any is one. Dates, extensions, options and how bids are judged
    are the same for all.
    """
    scope, divided = said[Part.SPECIFICATION], said[Part.LOTS]["lots"]
    common = _common(said)
    return [
        filled(
            {
                "id": one["id"],
                "title": one["title"],
                "description": one["description"],
                "status": "cancelled" if "ended" in one else "active",
                "value": _worth(one) if divided else whole(said),
                **common,
            }
        )
        for one in divided
        or [{"id": WHOLE, "title": scope["title"], "description": scope["summary"]}]
    ]


def _common(said: Said) -> Json:
    terms, criteria = said[Part.TERMS], said[Part.CRITERIA]["criteria"]
    extensions, options = terms["extensions"], terms["options"]
    return {
        "contractPeriod": period(terms),
        "hasRenewal": bool(extensions),
        "renewal": filled({"description": extensions}),
        "hasOptions": bool(options),
        "options": filled({"description": options}),
        "awardCriteria": {"criteria": [_criterion(one) for one in criteria]} if criteria else None,
        "suitability": dict.fromkeys(terms.get("suits", ()), True),
    }


def period(terms: Said) -> Json:
    """From the contract's first day to its last, without extensions."""
    return filled({"startDate": start(terms["starts_on"]), "endDate": start(terms["ends_on"])})


def _worth(lot: Said) -> Json | None:
    return money(Decimal(lot["net"]), Decimal(lot["value"])) if "value" in lot else None


def whole(said: Said) -> Json | None:
    """What all authorities would pay, VAT included; without VAT, too, where the lots tell it."""
    total = Decimal(said[Part.VALUE]["total"])
    lots = said[Part.LOTS]["lots"]
    known = lots and all("value" in one for one in lots)
    if known and sum(Decimal(one["value"]) for one in lots) == total:
        return money(sum((Decimal(one["net"]) for one in lots), Decimal(0)), total)
    return money(None, total or None)


def _criterion(about: Said) -> Json:
    return filled(
        {
            "type": TYPES.get(about["kind"], "quality"),
            "name": about["title"],
            "description": about["question"],
            "numbers": [{"number": float(about["weight"]), "weight": "percentageExact"}],
        }
    )


def items(said: Said) -> list[Json]:
    """What is bought, by its CPV codes: the first is the item, the others say more of it."""
    codes = [
        {"scheme": "CPV", "id": code, "description": cpv.label(code)}
        for code in said[Part.SPECIFICATION]["cpv"]
    ]
    return [
        filled(
            {
                "id": str(number),
                "description": said[Part.SPECIFICATION]["title"],
                "classification": codes[0],
                "additionalClassifications": codes[1:],
                "relatedLot": lot,
            }
        )
        for number, lot in enumerate([one["id"] for one in said[Part.LOTS]["lots"]] or [WHOLE], 1)
        if codes
    ]

"""Contracts as people write them down and sign them, through the pages."""

from datetime import date
from typing import Any

from marketplace.contracts.models import Contract
from tests.awards.deciding import Decided
from tests.challenges.answers import typed_date
from tests.tenders.drafting import fine

FIRST, LAST = date(2027, 1, 4), date(2029, 1, 3)


def written(**more: Any) -> dict[str, Any]:
    """What is typed into the form of a contract."""
    return {
        "title": "Plan repairs",
        "number": "CAM-2026-114",
        "value": "33,333.67",
        "vat_rate": "20",
        **typed_date("starts_on", FIRST),
        **typed_date("ends_on", LAST),
        **more,
    }


def signature(on: date, **more: Any) -> dict[str, Any]:
    return {
        "signatory": "Ada Osei",
        "position": "Director",
        "supplier_signatory": "Robin Moss",
        "supplier_position": "Owner",
        **typed_date("signed_on", on),
        **more,
    }


def at(contract: Contract) -> str:
    return f"/contracts/{contract.id}"


def sign(made: Decided, name: str, on: date, **more: Any) -> Any:
    seen = made.as_approver(name).post(
        f"{at(made.contracts()[name])}/sign", **signature(on, **more)
    )
    fine(made.browser)
    return seen


def framework(made: Decided, on: date, *names: str, ceiling: str = "100,000") -> Contract:
    """Camden's contract, signed, under which these may call off."""
    ids = [str(made.authorities[name].id) for name in names]
    url = at(made.contracts()["Camden"])
    made.as_author().post(f"{url}/edit", **written(permitted=ids, ceiling=ceiling))
    fine(made.browser)
    sign(made, "Camden", on)
    return made.contracts()["Camden"]


def called_off(value: str = "40,000", **more: Any) -> dict[str, Any]:
    return {
        "title": "Repairs of two estates",
        "value": value,
        **typed_date("starts_on", FIRST),
        **typed_date("ends_on", LAST),
        **more,
    }

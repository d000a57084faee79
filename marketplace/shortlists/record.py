"""The record of why: everything about a list as it was at the moment it was frozen, kept as text.

It is written once and only read afterwards, whatever becomes of products, claims and challenges.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from marketplace.core.context import Context
from marketplace.discovery import comparing
from marketplace.reference.attributes import Attribute
from marketplace.shortlists.models import Shortlist, ShortlistedProduct
from marketplace.shortlists.searches import Search

FORM = "shortlist/1"  # changes when what is written changes, so that old records can be read


def write(
    ctx: Context,
    shortlist: Shortlist,
    kept: Sequence[ShortlistedProduct],
    search: Search | None,
    because: str,
) -> str:
    """The record as JSON text."""
    columns = comparing.see(ctx, [one.product_id for one in kept])
    listings = {
        id: {
            group.title: {row.label: list(row.cells[0].lines) for row in group.rows}
            for group in comparing.groups([column])
        }
        for id, column in columns.items()
    }
    said = {
        "form": FORM,
        "shortlist": {"id": shortlist.id, "name": shortlist.name},
        "authority": ctx.actor.organisation_name,
        "frozen_at": ctx.now.isoformat(),
        "because": because,
        "challenge": _challenge(shortlist),
        "search": asdict(search) if search else None,
        "products": [
            {
                "id": one.product_id,
                "name": one.product.name,
                "supplier": one.product.organisation.name,
                "stage": one.product.stage.label,
                "note": one.note,
                "kept_at": one.created_at.isoformat(),
                "listing": listings.get(one.product_id, {}),
            }
            for one in kept
        ],
    }
    return json.dumps(said, default=str, ensure_ascii=False, sort_keys=True, indent=1)


def _challenge(shortlist: Shortlist) -> dict[str, Any] | None:
    challenge = shortlist.challenge
    if challenge is None:
        return None
    return {
        "id": challenge.id,
        "title": challenge.called,
        "need": challenge.need,
        "area": challenge.area.label if challenge.area else "",
        "budget": challenge.band.label if challenge.band else "",
        "must_handle": [Attribute(one).label for one in challenge.attributes],
        "standards": challenge.standards,
        "systems": challenge.systems,
    }


def fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def read(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def table(text: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The record's products for a spreadsheet: a column for each question that any was asked."""
    products = read(text)["products"]
    questions = list(
        dict.fromkeys(
            (group, label)
            for product in products
            for group, answers in product["listing"].items()
            for label in answers
        )
    )
    head = ("Product", "Supplier", "Note", *(f"{group}: {label}" for group, label in questions))
    rows = [
        (
            product["name"],
            product["supplier"],
            product["note"],
            *(
                "\n".join(product["listing"].get(group, {}).get(label, []))
                for group, label in questions
            ),
        )
        for product in products
    ]
    return head, rows

"""The fuller part of the demo's listings, saved through the same actions as the rest."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from marketplace.catalogue import actions, drafts, part_actions
from marketplace.catalogue.forms import ATTRIBUTES
from marketplace.catalogue.models import Deployment, Product
from marketplace.catalogue.part_forms import Confirming, Pricing, Versioning
from marketplace.catalogue.parts import PARTS
from marketplace.core.context import Context
from marketplace.reference.attributes import Attribute
from seed import world

TEXTS = world.listings()
AREAS = world.attributes()
HOSTED = (Deployment.SAAS, Deployment.HOSTED)
SUSPENDED_BECAUSE = (
    "Its price list and its terms lead to pages that are not there. Mend them and write to us."
)

Day = Callable[[int], date]


def answers(text: world.ProductText) -> dict[str, Any]:
    """What decides which standards apply to a product, and what else its listing says."""
    true = {Attribute.USER_INTERFACE}.union(*(AREAS.get(area, ()) for area in text.areas))
    if text.deployment in HOSTED:
        true.add(Attribute.SUPPLIER_HOSTED)
    said: dict[str, Any] = {
        name: [one for one in asked if one in true] for name, asked in ATTRIBUTES.items()
    }
    if listing := TEXTS.get(text.key):
        fuller = drafts.COLUMNS & {*world.ListingText.__dataclass_fields__}
        said |= {name: getattr(listing, name) for name in fuller}
    return said


def fill(ctx: Context, product: Product, key: str, day: Day) -> None:
    """Its prices line by line and its versions."""
    ctx.session.flush()
    moments = count()  # they keep their order

    def add(part: str, form: Any) -> None:
        at = replace(ctx, now=ctx.now + timedelta(microseconds=next(moments)))
        part_actions.add(at, product, PARTS[part], form)

    for price in TEXTS[key].price:
        line = Pricing(
            what=price.what,
            amount=price.amount,
            unit=price.unit,
            rhythm=price.rhythm,
            includes_vat=False,
            is_extra=price.is_extra,
            since=day(-200),
        )
        add("prices", line)
    for version in TEXTS[key].version:
        told = Versioning(
            label=version.label,
            notes=version.notes,
            released_on=day(-version.released_days_ago),
            is_current=version.is_current,
        )
        add("versions", told)


def confirming(contract: world.ContractText, day: Day) -> Confirming:
    return Confirming(
        ends_on=day(contract.ends_in_days),
        extension=contract.extension,
        value=contract.value,
        note=contract.note,
    )


def save_again(ctx: Context, product: Product, key: str) -> None:
    """A change that LOTI has not looked at yet."""
    if summary := TEXTS[key].summary_later:
        typed: Mapping[str, Any] = {"summary": summary}
        actions.edit(ctx, product, drafts.SECTIONS["basics"], typed)

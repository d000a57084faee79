"""What a supplier can do with its rate card."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model

from marketplace.catalogue import rate_queries as queries
from marketplace.catalogue.part_forms import Pounds
from marketplace.catalogue.rate_models import Rate
from marketplace.core.context import Context
from marketplace.core.forms import Form
from marketplace.organisations.models import Organisation
from marketplace.perform import lock, perform, permit
from marketplace.reference.specialists import Specialist
from marketplace.verbs import Verb


def _some(amount: Decimal) -> Decimal:
    if not amount:
        raise ValueError("Enter an amount above 0, or leave it empty if you offer no such days")
    return amount


def field(role: Specialist) -> str:
    """The name that the form has for a role."""
    return role.value.replace("-", "_")


_FIELDS: dict[str, Any] = {
    field(one): (
        Annotated[Pounds, AfterValidator(_some)] | None,
        Field(None, title=one.label, json_schema_extra={"control": "money"}),
    )
    for one in Specialist
}
Declaring: type[Form] = create_model("Declaring", __base__=Form, **_FIELDS)


def prospect(ctx: Context, organisation: Organisation, role: Specialist) -> Rate:
    return Rate(role=role, since=ctx.today, organisation_id=organisation.id, created_at=ctx.now)


def declare(ctx: Context, organisation: Organisation, form: Form) -> int:
    """Writes down what differs from the card, and returns how many roles that were. What was
    declared on an earlier day stays as it was.
    """
    permit(ctx, Verb.RATE_DECLARE, prospect(ctx, organisation, next(iter(Specialist))))
    lock(ctx, organisation)  # two managers, one at a time
    known = queries.newest(queries.rates(ctx, organisation.id))
    changed = 0
    for role in Specialist:
        last, amount = known.get(role), getattr(form, field(role))
        before = last.amount if last else None
        if amount == before:
            continue
        today = last if last and last.since == ctx.today else prospect(ctx, organisation, role)
        facts = {"role": role.label, "amount": _text(amount), "before": _text(before)}
        perform(ctx, Verb.RATE_DECLARE, today, about=organisation, **facts)
        today.amount = amount
        changed += 1
    return changed


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)

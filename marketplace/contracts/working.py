"""What the pages of one contract have in common."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from auth.actor import Kind
from marketplace.contracts import queries
from marketplace.contracts.models import Contract, Permitted
from marketplace.contracts.wording import Doing
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm
from marketplace.core.pages import page

Options = dict[str, list[tuple[Any, ...]]]  # by field, what there is to choose from


def worked(ctx: Context, id: UUID) -> Contract:
    """The contract for somebody who sees all of it; for everybody else there is no such place."""
    contract = queries.one(ctx, id)
    if not queries.inside(ctx, contract):
        raise NotFound("There is no such contract.")
    return contract


def frame(
    ctx: Context, contract: Contract, here: str, permitted: Sequence[Permitted] | None = None
) -> dict[str, Any]:
    """What every page of a contract shows above its own part."""
    who = ctx.actor
    if permitted is None:
        inside = queries.inside(ctx, contract)
    else:
        ours = {str(one.organisation_id) for one in permitted} | set(contract.parties)
        inside = who.kind is Kind.LOTI or (
            who.kind is Kind.AUTHORITY and str(who.organisation_id) in ours
        )
    its = inside or (who.kind is Kind.SUPPLIER and contract.supplier_id == who.organisation_id)
    return {
        "contract": contract,
        "standing": contract.standing(ctx.now),
        "here": here,
        "inside": inside,  # sees all of it
        "its": its,  # or is its supplier
        "sees_delivery": its or who.kind in (Kind.AUTHORITY, Kind.LOTI),
    }


def asking(
    request: Request,
    contract: Contract,
    doing: Doing,
    action: str,
    form: BoundForm[Any],
    options: Options | None = None,
    about: str = "",
) -> Response:
    """The page on which one thing is done about a contract."""
    return page(
        request,
        "contracts/do.html",
        contract=contract,
        doing=doing,
        action=action,
        form=form,
        options=options or {},
        about=about,
    )

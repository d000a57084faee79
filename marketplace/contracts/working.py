"""What the pages of one contract have in common."""

from typing import Any
from uuid import UUID

from fastapi import Request, Response

from marketplace.contracts import queries
from marketplace.contracts.models import Contract
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

"""What homes tell of awards and contracts: agreements, late outcomes, signatures, what is due."""

from collections.abc import Callable, Iterator, Mapping

from auth.actor import Role
from marketplace.contracts import reminding
from marketplace.contracts.waiting_queries import Waiting, waiting
from marketplace.core.context import Context
from marketplace.core.times import when
from marketplace.home.blocks import Line, folded, how_soon, place


def _agree(ctx: Context, one: Waiting) -> Line:
    to = place("award.one", id=one.of_id, award_id=one.id)
    why = f"{ctx.actor.organisation_name} has not said what it thinks of it"
    return Line("Approve the award", to, why, one.title)


def _approve(ctx: Context, one: Waiting) -> Line:
    to = place("contract.show", id=one.of_id)
    return Line("Approve the call-off", to, "A colleague proposed it", one.title)


def _decide(ctx: Context, one: Waiting) -> Line:
    to = place("award.work", id=one.of_id)
    why = f"The deadline passed on {when(one.since)}, and no outcome is recorded"
    return Line("Record what came of it", to, why, one.title)


def _sign(ctx: Context, one: Waiting) -> Line:
    to = place("contract.show", id=one.of_id)
    return Line("Prepare and sign the contract", to, "Its award is confirmed", one.title)


_LINES: Mapping[str, Callable[[Context, Waiting], Line]] = {
    "agree": _agree,
    "approve": _approve,
    "decide": _decide,
    "sign": _sign,
}


def awards_to_do(ctx: Context) -> Iterator[Line]:
    if ctx.actor.roles.isdisjoint((Role.AUTHOR, Role.APPROVER)):
        return
    for one in waiting(ctx):
        yield _LINES[one.what](ctx, one)
    if Role.AUTHOR in ctx.actor.roles:
        due = [
            Line(
                one.what,
                place("contract.show", id=one.contract.id),
                "It is due of a contract",
                one.contract.title,
                f"By {how_soon(one.by)}",
            )
            for one in reminding.coming(ctx)
        ]
        yield from folded(due, place("contract.list"), "things due of contracts")

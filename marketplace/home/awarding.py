"""What homes tell of evaluations, awards and contracts: scores, agreements, late outcomes,
signatures, what is due.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from marketplace.contracts.waiting_queries import Waiting
from marketplace.core.context import Context
from marketplace.core.times import day, when
from marketplace.home.blocks import Line, Step, place


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


def _due(ctx: Context, one: Waiting) -> Line:
    by = date.fromisoformat(one.facts["until"])
    to, due = place("contract.show", id=one.of_id), f"By {day(by)}"
    return Line(str(one.facts["duty"]), to, "It is due of a contract", one.title, due)


PANELS = {
    "declare": ("Declare your interests", "You have a seat on the panel that judges the bids"),
    "score": ("Score the bids", "The panel waits for your scores"),
    "moderate": ("Agree on scores", "Everybody who scores a question has sent theirs"),
    "lock": ("Lock quality", "Every score is agreed"),
    "finalise": ("Make the ranking final", "The scores are agreed and the prices are open"),
    "name": ("Name somebody", "Your organisation is offered a seat on the panel"),
    "rule": ("Decide on an interest", "Somebody declared one and waits to sit on the panel"),
}


def _on_panel(ctx: Context, one: Waiting) -> Line:
    does, why = PANELS[one.what]
    return Line(does, place("evaluation.show", id=one.of_id), why, one.title)


_LINES: Mapping[str, Callable[[Context, Waiting], Line]] = {
    "agree": _agree,
    "approve": _approve,
    "decide": _decide,
    "sign": _sign,
    "due": _due,
    **dict.fromkeys(PANELS, _on_panel),
}


def awards_to_do(ctx: Context, waiting: Iterable[Waiting]) -> Iterator[Line]:
    for one in waiting:
        yield _LINES[one.what](ctx, one)


def on_panels(ctx: Context, seats: int) -> Iterator[Step]:
    """Leads whoever has a seat to all that they evaluate, also when nothing waits for them; not
    support that looks through their eyes, because what they evaluate is theirs alone.
    """
    if seats and not ctx.actor.seen_through:
        yield Step("See what you evaluate", place("evaluation.mine"))

"""How a browser sees prices, points and the ranking: as it would be, and once it is final."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from fastapi import APIRouter, Request, Response

from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.pages import page
from marketplace.evaluation import final_actions, queries
from marketplace.evaluation.models import Evaluation, SeatStage, Stage
from marketplace.evaluation.progress import Judged
from marketplace.evaluation.reckoning import Lot, Result, counting, tied, weight_in
from marketplace.evaluation.working import frame
from marketplace.law.points import rounded
from marketplace.tenders import sharing
from marketplace.verbs import Verb

router = APIRouter(prefix="/tenders/{id}/workspace/evaluation", route_class=Opening)
LOW = Fraction(4, 5)  # of the mean: a price below it is worth a question, and no more


@dataclass(frozen=True, slots=True)
class Table:
    """The ranking of one lot, as a page and a file show it."""

    lot: Lot
    results: list[Result]
    weights: Mapping[str, Decimal]  # what each criterion counts in this lot

    @property
    def low(self) -> frozenset[UUID]:
        """The bids whose price is far below the mean of the others."""
        known = [one for one in self.results if one.offer is not None and not one.because]
        found = set()
        for one in known:
            others = [Fraction(other.offer or 0) for other in known if other is not one]
            if others and Fraction(one.offer or 0) < LOW * sum(others) / len(others):
                found.add(one.entrant.bid_id)
        return frozenset(found)

    @property
    def tied(self) -> list[tuple[Result, Result]]:
        return list(tied(self.results))


def tables(ctx: Context, id: UUID) -> tuple[Evaluation, Judged, list[Table]]:
    """The ranking, lot by lot, for the panel once quality is locked, and at the end for its
    authorities and LOTI: reckoned from the same facts, it is what was written down.
    """
    evaluation, seat = queries.of(ctx, id)
    sits = seat is not None and seat.stage is SeatStage.SITTING and not ctx.actor.seen_through
    if evaluation.stage is not Stage.FINAL and (evaluation.stage is not Stage.LOCKED or not sits):
        raise NotFound("There is no such page.")
    found = final_actions.judged(ctx, evaluation)
    if not found.bidders and not sits:
        raise NotFound("There is no such page.")
    made = [
        Table(
            lot,
            results,
            {one.id: rounded(weight_in(one, lot)) for one in counting(found.asked, lot)},
        )
        for lot, results in final_actions.reckoned(ctx, evaluation, found)
    ]
    return evaluation, found, made


@router.get("/ranking", name="evaluation.ranking")
def shown(request: Request, ctx: Context, id: UUID) -> Response:
    evaluation, found, made = tables(ctx, id)
    final = evaluation.stage is Stage.FINAL
    names = {
        one.bid_id: one.bid.organisation.name for one in queries.ranking(ctx, evaluation.tender)
    }
    return page(
        request,
        "evaluation/ranking.html",
        **frame(ctx, evaluation, "Ranking" if final else "Prices and ranking"),
        asked=found.asked,
        tables=made,
        final=final,
        names=names,
        sharing=sharing.told(found.newest.content),
        verb=Verb.EVALUATION_FINALISE,
        read=final_actions.fingerprint([(one.lot, one.results) for one in made]),
    )

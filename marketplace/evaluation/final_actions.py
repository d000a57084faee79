"""The steps of an evaluation as a whole: scoring begins, quality is locked, and the ranking is
final.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from marketplace.bids.asking import Asked, asked
from marketplace.bids.models import Bidder
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.evaluation import finding_queries, progress, queries
from marketplace.evaluation.finding_models import Disregard
from marketplace.evaluation.models import Evaluation, Question, Ranked, Seat
from marketplace.evaluation.panel_actions import open_what_is_complete
from marketplace.evaluation.progress import Blocker, Found, Judged, met
from marketplace.evaluation.reckoning import Entrant, Lot, Result, ranking
from marketplace.perform import lock, perform, permit, require
from marketplace.tenders import queries as tenders
from marketplace.tenders.content import digest
from marketplace.tenders.models import Publication
from marketplace.tenders.sharing import parts
from marketplace.verbs import Verb


class NotReady(Conflict):
    """Something is missing, which `blockers` says."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(". ".join(one.says for one in blockers) + ".")
        self.blockers = blockers


class Overtaken(Conflict):
    """The ranking is another than the one that was read."""

    def __init__(self) -> None:
        super().__init__(
            "The ranking is another than the one that you read. Read it again, then make it final"
        )


# ---- What there is


def judged(ctx: Context, evaluation: Evaluation) -> Judged:
    return Judged(**_judged(ctx, evaluation))


def found(ctx: Context, evaluation: Evaluation) -> Found:
    questions, sent = queries.questions_and_sent(ctx, evaluation)
    return Found(
        **_judged(ctx, evaluation),
        seats=queries.seats(ctx, evaluation),
        questions=questions,
        sent=sent,
        exchanges=finding_queries.exchanges(ctx, evaluation.tender),
        at=ctx.now,
    )


def _judged(ctx: Context, evaluation: Evaluation) -> dict[str, Any]:
    tender = evaluation.tender
    publications = tenders.publications(ctx, tender)
    bidders, over = queries.bidders_with(ctx, tender)
    return {
        "newest": publications[0],
        "asked": asked(publications),
        "bidders": bidders,
        "agreed": {(one.criterion_id, one.bid_id): one for one in queries.agreed(ctx, tender)},
        "judgements": finding_queries.judgements(ctx, tender),
        "over": over,
    }


def before_scoring(
    ctx: Context, evaluation: Evaluation, seats: Sequence[Seat] | None = None
) -> list[Blocker]:
    """What has to be there before scoring can begin; the seats may be known already."""
    tender = evaluation.tender
    if tender.published_at is None:
        return [Blocker("The tender is not published yet", "..")]
    bids = len(finding_queries.names(ctx, tender))
    return progress.before_scoring(
        queries.what_was_asked(ctx, tender),
        queries.seats(ctx, evaluation) if seats is None else seats,
        tenders.names(ctx, tender),
        bids,
        opened=bids > 0 or finding_queries.opened(ctx, tender),
    )


# ---- Scoring begins


def begin(ctx: Context, evaluation: Evaluation, discuss_from: int) -> None:
    """The panel can score from now on, question by question as they were published."""
    lock(ctx, evaluation)
    permit_or_say(ctx, Verb.EVALUATION_BEGIN, evaluation, before_scoring(ctx, evaluation))
    wanted = queries.what_was_asked(ctx, evaluation.tender)
    perform(ctx, Verb.EVALUATION_BEGIN, evaluation, about=evaluation.tender)
    evaluation.begun_at, evaluation.discuss_from = ctx.now, discuss_from
    evaluation.prices_open = not wanted.prices_sealed
    for one in wanted.questions:
        if not one.priced:
            ctx.session.add(
                Question(
                    criterion_id=UUID(one.id),
                    organisation_id=UUID(one.local_to) if one.local_to else None,
                    evaluation_id=evaluation.id,
                    evaluation=evaluation,
                    tender_id=evaluation.tender_id,
                    created_at=ctx.now,
                )
            )


def permit_or_say(
    ctx: Context, verb: Verb, evaluation: Evaluation, blockers: Sequence[Blocker]
) -> None:
    """Raises NotReady, which says all that is missing; or what `permit` raises, before that."""
    permit(ctx, verb, evaluation)
    if blockers:
        raise NotReady(blockers)


# ---- Quality is locked


def lock_quality(ctx: Context, evaluation: Evaluation) -> None:
    """What was agreed on stays, and prices are open to the panel."""
    lock(ctx, evaluation)
    open_what_is_complete(ctx, evaluation)
    missing = progress.before_locking(found(ctx, evaluation))
    permit_or_say(ctx, Verb.EVALUATION_LOCK, evaluation, missing)
    perform(ctx, Verb.EVALUATION_LOCK, evaluation, about=evaluation.tender)
    evaluation.locked_at, evaluation.prices_open = ctx.now, True


# ---- The ranking


def lots(wanted: Asked, newest: Publication) -> list[Lot]:
    """What is awarded by itself, as it was published last."""
    said, parties = newest.content, newest.content["value"]["parties"]
    if not wanted.lots:
        return [Lot(None, "", *parts(parties, {str(one["id"]) for one in parties}))]
    serves = {one["id"]: one.get("authorities") or () for one in said["lots"]["lots"]}
    return [Lot(UUID(one.id), one.title, *parts(parties, serves[one.id])) for one in wanted.lots]


def entrants(ctx: Context, evaluation: Evaluation, found: Judged) -> list[Entrant]:
    """The bids with what speaks against each, and what they ask, where prices may be seen."""
    offers = finding_queries.offers(ctx, evaluation.tender)
    made = []
    for bidder, gone in found.bidders:
        bid, asks = offers[bidder.bid_id]
        its: frozenset[UUID | None] = frozenset(UUID(one["id"]) for one in bid.content["lots"])
        made.append(
            Entrant(
                bid_id=bid.id,
                number=bidder.number,
                fingerprint=bid.fingerprint,
                against=_against(found, bidder, gone),
                offers=asks,
                lots=its or frozenset({None}),
            )
        )
    return made


def _against(found: Judged, bidder: Bidder, gone: Disregard | None) -> str:
    if gone:
        return f"{gone.ground.label}. {gone.because}"
    lacking = [
        one.name
        for one in found.asked.standards
        if one.mandatory and not met(bidder, one.version_id, found.judgements)
    ]
    return f"It does not meet {' and '.join(lacking)}, which is mandatory." if lacking else ""


def reckoned(ctx: Context, evaluation: Evaluation, found: Judged) -> list[tuple[Lot, list[Result]]]:
    """The ranking as it is, or would be, lot by lot."""
    scores: Mapping[tuple[str, UUID], Decimal] = {
        (str(criterion), bid): one.points for (criterion, bid), one in found.agreed.items()
    }
    every = entrants(ctx, evaluation, found)
    each = lots(found.asked, found.newest)
    return [(lot, ranking(found.asked, lot, every, scores)) for lot in each]


def fingerprint(result: Sequence[tuple[Lot, list[Result]]]) -> str:
    """Of a ranking as somebody reads it."""
    return digest({"ranking": _said(result)})


def as_it_stands(ctx: Context, evaluation: Evaluation) -> str:
    """The fingerprint of the ranking now, for whoever has just read it."""
    return fingerprint(reckoned(ctx, evaluation, judged(ctx, evaluation)))


def _said(result: Sequence[tuple[Lot, list[Result]]]) -> list[dict[str, Any]]:
    return [
        {
            "lot": str(lot.id or ""),
            "bid": str(one.entrant.bid_id),
            "position": one.position,
            "total": str(one.total),
        }
        for lot, results in result
        for one in results
    ]


def finalise(ctx: Context, evaluation: Evaluation, note: str, read: str) -> None:
    """Writes down the ranking, once. Raises Overtaken when it is not the one that was read."""
    lock(ctx, evaluation)
    require(ctx, Verb.EVALUATION_FINALISE, evaluation)
    what = found(ctx, evaluation)
    bidders = [one for one, _ in what.bidders]
    missing = progress.before_final(what.exchanges, bidders, ctx.now)
    if progress.scored_and_aside(what.seats, what.sent) and not note:
        missing.append(Blocker("Say why the scores of who stands aside now still hold"))
    permit_or_say(ctx, Verb.EVALUATION_FINALISE, evaluation, missing)
    result = reckoned(ctx, evaluation, what)
    if read != fingerprint(result):
        raise Overtaken
    perform(
        ctx,
        Verb.EVALUATION_FINALISE,
        evaluation,
        about=evaluation.tender,
        ranking=_said(result),
        because=note,
    )
    evaluation.final_at = ctx.now
    for lot, results in result:
        for one in results:
            ctx.session.add(_ranked(evaluation, lot, one, ctx))
    try:
        with ctx.session.begin_nested():
            ctx.session.flush()
    except IntegrityError:
        raise Conflict("Somebody else has just made the ranking final.") from None


def _ranked(evaluation: Evaluation, lot: Lot, one: Result, ctx: Context) -> Ranked:
    return Ranked(
        position=one.position,
        because=one.because,
        quality=one.quality,
        price=one.price,
        total=one.total,
        lot_id=lot.id,
        bid_id=one.entrant.bid_id,
        tender_id=evaluation.tender_id,
        created_at=ctx.now,
    )

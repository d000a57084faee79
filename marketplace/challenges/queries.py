"""What can be seen of challenges and of who takes part in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from auth.actor import Actor, Kind
from marketplace import history_queries as histories
from marketplace import policy
from marketplace.challenges.dashboard import Group, Waiting, grouped, waiting
from marketplace.challenges.models import (
    PUBLISHED,
    Attachment,
    Challenge,
    Circumstances,
    Commitment,
    CommitmentStage,
    Stage,
    standing,
)
from marketplace.core.context import Context
from marketplace.core.db import eager, kept
from marketplace.core.errors import NotFound
from marketplace.core.finding import identity
from marketplace.core.journal import Event
from marketplace.core.listing import Alike
from marketplace.core.times import in_london
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to
from marketplace.reference.areas import Area
from marketplace.reference.bands import Band
from marketplace.verbs import Verb
from search.port import Index, Need, Unavailable

SIZE = 25  # challenges on a page
WORD = re.compile(r"\w{4,}")  # of a title; shorter ones seldom say what it is about
LIKE_IT = 5  # similar challenges that are shown
AT_ONCE = 500  # challenges that the clock closes in one go
MOST_OWN = 200  # challenges on a dashboard


def one(ctx: Context, id: UUID) -> Challenge:
    """The challenge with its authority and the notice it started from."""
    if challenge := ctx.session.exec(_one(ctx.actor), params={"id": id}).one_or_none():
        return challenge
    raise NotFound("There is no such challenge.")


@kept
def _one(who: Actor) -> SelectOfScalar[Challenge]:
    seen = select(Challenge).where(Challenge.id == bindparam("id"), visible_to(who, Challenge))
    return seen.options(eager(Challenge.organisation), eager(Challenge.notice))


# ---- The list


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to: any value within a filter, every filter."""

    area: frozenset[Area] = frozenset()
    stage: frozenset[Stage] = frozenset()
    authority: frozenset[str] = frozenset()  # slugs


@dataclass(frozen=True, slots=True)
class Listed:
    """A challenge as a list shows it."""

    id: UUID
    title: str
    need: str
    area: Area | None
    band: Band | None
    closes_on: date | None
    authority: str
    stage: Stage  # as the clock has it
    joined: int  # authorities that have the need too


def listed(
    ctx: Context, filters: Filters, after: UUID | None = None, size: int = SIZE
) -> tuple[Sequence[Listed], UUID | None]:
    """Published challenges, newest first, from the one after `after`; and where to go on."""
    rows = _newest(ctx.actor, ctx.today, size)
    if filters.area:
        rows = rows.where(col(Challenge.area).in_(filters.area))
    if filters.stage:
        rows = rows.where(standing(ctx.today).in_(filters.stage))
    if filters.authority:
        rows = rows.where(col(Organisation.slug).in_(filters.authority))
    if after:
        last = one(ctx, after)
        place = tuple_(col(Challenge.published_at), col(Challenge.id))
        rows = rows.where(place < (last.published_at, last.id))
    found = ctx.session.exec(rows).all()
    shown = [Listed(*row) for row in found[:size]]
    return shown, shown[-1].id if len(found) > size else None


def published(ctx: Context, ids: Iterable[UUID]) -> Mapping[UUID, Listed]:
    """Those of these challenges that are published, by id."""
    rows = _short(ctx.actor, ctx.today).where(
        col(Challenge.id).in_(list(ids)), col(Challenge.published_at).is_not(None)
    )
    return {row.id: Listed(*row) for row in ctx.session.exec(rows)}


@kept
def _newest(who: Actor, today: date, size: int) -> Any:
    return (
        _short(who, today)
        .where(col(Challenge.published_at).is_not(None))
        .order_by(col(Challenge.published_at).desc(), col(Challenge.id).desc())
        .limit(size + 1)
    )


@kept
def _short(who: Actor, today: date) -> Any:
    """Challenges that the reader may see, only with what a list shows of them: making whole
    objects would take longer than all the rest of a page.
    """
    joined = (
        select(func.count())
        .where(
            Commitment.challenge_id == Challenge.id,
            Commitment.stage == CommitmentStage.LIVE,
            visible_to(who, Commitment),
        )
        .correlate(Challenge)
        .scalar_subquery()
    )
    columns: list[Any] = [
        Challenge.id,
        Challenge.title,
        Challenge.need,
        Challenge.area,
        Challenge.band,
        Challenge.closes_on,
        Organisation.name,
        standing(today),
        joined,
    ]
    return select(*columns).join(Organisation).where(visible_to(who, Challenge))


def similar(ctx: Context, index: Index, text: str, besides: UUID | None = None) -> Alike[Listed]:
    """Open challenges that share more than half of a title's words, the most alike first."""
    if not text.strip():
        return Alike()
    need = Need(
        text,
        policy.audience(ctx.actor),
        kinds=frozenset({"challenge"}),
        filters={"stage": frozenset({str(Stage.OPEN)})},
        size=LIKE_IT + 1,  # one of them may be the draft's own
    )
    try:
        answered = index.match(need)
    except Unavailable:
        return Alike(available=False)
    half = len(set(WORD.findall(text.casefold()))) / 2
    ids = [identity(match.id) for match in answered.matches if len(match.terms) > half]
    rows = _short(ctx.actor, ctx.today).where(
        col(Challenge.id).in_(ids),
        Challenge.id != besides,
        standing(ctx.today) == Stage.OPEN,
    )
    found = [Listed(*row) for row in ctx.session.exec(rows)]
    found.sort(key=lambda one: ids.index(one.id))
    return Alike(found[:LIKE_IT], answered.basic)


def started_from(ctx: Context, notice: Notice) -> Sequence[Challenge]:
    """The challenges that started from a notice, with their authorities, the newest first."""
    started = select(Challenge).where(
        Challenge.notice_id == notice.id, visible_to(ctx.actor, Challenge)
    )
    newest = started.order_by(col(Challenge.created_at).desc()).limit(SIZE)
    return ctx.session.exec(newest.options(eager(Challenge.organisation))).all()


# ---- Documents


def attachments(ctx: Context, challenge: Challenge) -> Sequence[Attachment]:
    of_it = select(Attachment).where(
        Attachment.challenge_id == challenge.id, visible_to(ctx.actor, Attachment)
    )
    return ctx.session.exec(of_it.order_by(col(Attachment.created_at), col(Attachment.id))).all()


def attachment(ctx: Context, challenge_id: UUID, id: UUID) -> Attachment:
    seen = select(Attachment).where(
        Attachment.id == id,
        Attachment.challenge_id == challenge_id,
        visible_to(ctx.actor, Attachment),
    )
    if found := ctx.session.exec(seen).one_or_none():
        return found
    raise NotFound("There is no such document.")


# ---- Who takes part


def commitments(ctx: Context, challenge: Challenge) -> Sequence[Commitment]:
    """The live commitments with their authorities, by name."""
    return ctx.session.exec(_commitments(ctx.actor), params={"challenge": challenge.id}).all()


@kept
def _commitments(who: Actor) -> SelectOfScalar[Commitment]:
    live = (
        select(Commitment)
        .join(Organisation)
        .where(
            Commitment.challenge_id == bindparam("challenge"),
            Commitment.stage == CommitmentStage.LIVE,
            visible_to(who, Commitment),
        )
        .order_by(Organisation.name)
    )
    return live.options(eager(Commitment.organisation))


def circumstances(ctx: Context, challenge: Challenge) -> Mapping[UUID, Circumstances]:
    """By live commitment, what only authorities and LOTI may know; nothing for anybody else."""
    told = (
        select(Circumstances)
        .join(Commitment)
        .where(
            Commitment.challenge_id == challenge.id,
            Commitment.stage == CommitmentStage.LIVE,
            visible_to(ctx.actor, Commitment),
            visible_to(ctx.actor, Circumstances),
        )
    )
    return {one.commitment_id: one for one in ctx.session.exec(told)}


def budgets(ctx: Context, challenge: Challenge) -> Mapping[Band, int]:
    """How many of those who take part gave each band. Everybody may know what they add up to, so
    this counts all of them; `totals` decides how much of it is shown.
    """
    bands = (
        select(Circumstances.band, func.count())
        .join(Commitment)
        .where(
            Commitment.challenge_id == challenge.id,
            Commitment.stage == CommitmentStage.LIVE,
            col(Circumstances.band).is_not(None),
            visible_to(ctx.actor, Commitment),
        )
        .group_by(col(Circumstances.band))
    )
    return {Band(band): count for band, count in ctx.session.exec(bands) if band}


# ---- What happened


def history(
    ctx: Context, challenge: Challenge, after: UUID | None = None
) -> tuple[Sequence[Event], UUID | None]:
    """The steps that the actor may see, newest first; every saved answer would only be noise."""
    noise = (Verb.CHALLENGE_EDIT, Verb.CHALLENGE_ATTACH, Verb.CHALLENGE_DETACH)
    return histories.history(ctx, challenge.id, col(Event.verb).not_in(noise), after=after)


def last_edit(ctx: Context, challenge: Challenge, section: str) -> Event | None:
    """The last time that somebody saved a section of a draft."""
    edits = (col(Event.about_id) == challenge.id, col(Event.verb) == Verb.CHALLENGE_EDIT)
    return histories.last_save(ctx, section, *edits)


def over(ctx: Context) -> Sequence[Challenge]:
    """Open challenges whose closing day is over, locked for the clock that closes them."""
    due = select(Challenge).where(
        Challenge.stage == Stage.OPEN,
        col(Challenge.closes_on) < in_london(ctx.now).date(),
        visible_to(ctx.actor, Challenge),
    )
    return ctx.session.exec(due.limit(AT_ONCE).with_for_update(skip_locked=True)).all()


# ---- For the home page


def mine(ctx: Context) -> Sequence[Group]:
    """The unfinished challenges of the reader's authority, grouped by what needs them now."""
    return grouped(_own(ctx), ctx.now)


def needing(ctx: Context) -> Sequence[Waiting]:
    """What waits for the reader: for LOTI what it has to review, oldest first; for an authority
    its own challenges, those with the oldest date first. Empty for everybody else.
    """
    found = (waiting(ctx, challenge) for challenge in (*_submitted(ctx), *_own(ctx)))
    return sorted(filter(None, found), key=lambda one: one.due or date.max)


def _own(ctx: Context) -> Sequence[Challenge]:
    """The unfinished challenges of the reader's organisation, the newest first."""
    if ctx.actor.kind is not Kind.AUTHORITY:
        return ()
    finished = set(PUBLISHED) - {Stage.OPEN, Stage.CLOSED}
    own = select(Challenge).where(
        Challenge.organisation_id == ctx.actor.organisation_id,
        col(Challenge.stage).not_in(finished),
        visible_to(ctx.actor, Challenge),
    )
    newest = own.order_by(col(Challenge.created_at).desc()).limit(MOST_OWN)
    return ctx.session.exec(newest.options(eager(Challenge.organisation))).all()


def _submitted(ctx: Context) -> Sequence[Challenge]:
    """What LOTI has to review, the oldest first."""
    if ctx.actor.kind is not Kind.LOTI:
        return ()
    sent = select(Challenge).where(
        Challenge.stage == Stage.SUBMITTED, visible_to(ctx.actor, Challenge)
    )
    oldest = sent.order_by(col(Challenge.submitted_at)).limit(MOST_OWN)
    return ctx.session.exec(oldest.options(eager(Challenge.organisation))).all()


def joined(ctx: Context) -> Sequence[Commitment]:
    """The live commitments of the reader's authority with their challenges, the newest first."""
    own = (
        select(Commitment)
        .where(
            Commitment.organisation_id == ctx.actor.organisation_id,
            Commitment.stage == CommitmentStage.LIVE,
            visible_to(ctx.actor, Commitment),
        )
        .order_by(col(Commitment.created_at).desc())
        .limit(MOST_OWN)
    )
    return ctx.session.exec(own.options(eager(Commitment.challenge))).all()

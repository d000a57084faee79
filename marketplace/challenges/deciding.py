"""How a browser decides about a challenge: LOTI's review, and what its authority makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from marketplace.challenges import actions, drafts, queries, standards_queries
from marketplace.challenges.forms import (
    Closing,
    Dropping,
    Piloting,
    Returned,
    Returning,
    Sharing,
    Taking,
    Withdrawing,
)
from marketplace.challenges.joining import handled, screen
from marketplace.challenges.models import UNPUBLISHED, Challenge
from marketplace.core.context import Context, Opening
from marketplace.core.errors import NotFound
from marketplace.core.forms import BoundForm, Form, reads
from marketplace.core.pages import flash, go, page
from marketplace.perform import require
from marketplace.verbs import Verb

router = APIRouter(prefix="/challenges", route_class=Opening)


@router.get("/{id}/preview", name="challenge.preview")
def preview(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    if challenge.stage not in UNPUBLISHED:
        raise NotFound("This challenge has been published, so there is nothing to preview.")
    return screen(request, ctx, challenge, preview=True)


# ---- LOTI's review


@router.get("/{id}/review", name="challenge.review")
def review(request: Request, ctx: Context, id: UUID) -> Response:
    challenge = queries.one(ctx, id)
    return _reviewing(request, ctx, challenge, BoundForm(Returning))


@router.post("/{id}/return", name=Verb.CHALLENGE_RETURN)
def return_(request: Request, ctx: Context, id: UUID, form: Returned) -> Response:
    challenge = queries.one(ctx, id)
    if form.value is None:
        return _reviewing(request, ctx, challenge, form)
    actions.return_(ctx, challenge, form.value)
    flash(request, f"{challenge.organisation.called} has been asked for edits.")
    return go(request, "home")


@router.post("/{id}/approve", name=Verb.CHALLENGE_APPROVE)
def approve(request: Request, ctx: Context, id: UUID) -> Response:
    actions.approve(ctx, queries.one(ctx, id))
    flash(request, "Published. Everybody can see it now.")
    return go(request, "challenge.show", id=id)


def _reviewing(
    request: Request, ctx: Context, challenge: Challenge, form: BoundForm[Returning]
) -> Response:
    require(ctx, Verb.CHALLENGE_RETURN, challenge)
    return page(
        request,
        "challenges/review.html",
        challenge=challenge,
        attachments=queries.attachments(ctx, challenge),
        form=form,
        named=drafts.named,
        handled=handled,
        standards=standards_queries.asked_for(ctx, challenge),
        before=drafts.PARTS.get(challenge.remark_about, "The whole challenge"),
    )


# ---- What comes of it: a page of its own for each, because none can be taken back


@dataclass(frozen=True, slots=True)
class Decision:
    """A way for a challenge to end, what it means for whom, and the words to ask it with."""

    verb: Verb
    form: type[Form]
    title: str
    button: str
    consequences: tuple[str, ...]
    done: str
    warning: bool
    act: Callable[..., None]  # with the context, the challenge and, if it asks anything, the form


NO_MORE = "No authority can join it or change what it said any more."
STAYS = "The challenge and its history stay on the marketplace for everybody to read."
DECISIONS = (
    Decision(
        Verb.CHALLENGE_CLOSE,
        Closing,
        "Close this challenge",
        "Close it now",
        (
            NO_MORE,
            "You can still say what came of it: a tender, a pilot, what you learnt.",
            "It cannot be opened again.",
        ),
        "The challenge is closed.",
        True,
        lambda ctx, challenge, _: actions.close(ctx, challenge),
    ),
    Decision(
        Verb.CHALLENGE_TAKE,
        Taking,
        "Take this challenge into a tender",
        "Take it into a tender",
        (NO_MORE, "Everybody sees the reference of the tender.", STAYS),
        "The challenge has been taken into a tender.",
        False,
        actions.take,
    ),
    Decision(
        Verb.CHALLENGE_PILOT,
        Piloting,
        "Pilot a solution",
        "Say that it is being piloted",
        (
            NO_MORE,
            "Everybody sees what you try.",
            "Later you can share what you learnt, or drop the challenge.",
        ),
        "The challenge is being piloted.",
        False,
        actions.pilot,
    ),
    Decision(
        Verb.CHALLENGE_SHARE,
        Sharing,
        "Share what was learnt",
        "Share it",
        (NO_MORE, "Everybody can read what you learnt.", STAYS),
        "What you learnt is shared.",
        False,
        actions.share,
    ),
    Decision(
        Verb.CHALLENGE_DROP,
        Dropping,
        "Drop this challenge",
        "Drop it",
        (NO_MORE, "Everybody sees why it was dropped.", STAYS),
        "The challenge is dropped.",
        True,
        actions.drop,
    ),
    Decision(
        Verb.CHALLENGE_WITHDRAW,
        Withdrawing,
        "Withdraw this challenge",
        "Withdraw it",
        (
            NO_MORE,
            "If it has been published, its page stays, with a banner that says why it was "
            "withdrawn.",
            "It cannot be posted again. You can start a new one.",
        ),
        "The challenge is withdrawn.",
        True,
        actions.withdraw,
    ),
)


def _mount(decision: Decision) -> None:
    path = f"/{{id}}/{decision.verb.partition('.')[2]}"
    filled = Depends(reads(decision.form))

    @router.get(path, name=decision.verb)
    def ask(request: Request, ctx: Context, id: UUID) -> Response:
        return _asked(request, ctx, queries.one(ctx, id), decision, BoundForm(decision.form))

    @router.post(path, name=decision.verb)
    def decide(
        request: Request, ctx: Context, id: UUID, form: Annotated[BoundForm[Any], filled]
    ) -> Response:
        challenge = queries.one(ctx, id)
        if form.value is None:
            return _asked(request, ctx, challenge, decision, form)
        decision.act(ctx, challenge, form.value)
        flash(request, decision.done)
        return go(request, "challenge.show", id=id)


for _decision in DECISIONS:
    _mount(_decision)


def _asked(
    request: Request, ctx: Context, challenge: Challenge, decision: Decision, form: BoundForm[Any]
) -> Response:
    require(ctx, decision.verb, challenge)
    return page(
        request,
        "challenges/decide.html",
        challenge=challenge,
        decision=decision,
        form=form,
        joined=len(queries.commitments(ctx, challenge)),
    )

"""The challenges of one authority, or of LOTI, by what needs them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace import policy
from marketplace.challenges.models import Challenge, Stage
from marketplace.core.context import Context
from marketplace.core.times import in_london
from marketplace.verbs import Verb

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Group:
    """Challenges that stand alike; `empty` is what to say when there are none."""

    title: str
    empty: str
    challenges: Sequence[Challenge]


def grouped(own: Sequence[Challenge], at: datetime) -> Sequence[Group]:
    today = in_london(at).date()

    def those(stage: Stage) -> list[Challenge]:
        return [one for one in own if one.standing(at) == stage]

    def ends_soon(one: Challenge) -> bool:
        return one.closes_on is not None and one.closes_on <= today + SOON

    live = those(Stage.OPEN)
    return (
        Group("LOTI asked for edits", "LOTI waits for nothing from you.", those(Stage.RETURNED)),
        Group("Drafts", "You have no drafts.", those(Stage.DRAFT)),
        Group("With LOTI", "LOTI is not reviewing any of yours.", those(Stage.SUBMITTED)),
        Group(
            "Closing soon",
            f"None of yours closes in the next {SOON.days} days.",
            [one for one in live if ends_soon(one)],
        ),
        Group("Live", "None of yours is live.", [one for one in live if not ends_soon(one)]),
        Group(
            "Closed, waiting for an outcome",
            "None of yours waits for an outcome.",
            those(Stage.CLOSED),
        ),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader: why, the verb that answers it, and where that is."""

    challenge: Challenge
    why: str
    does: str
    route: str  # takes the challenge's id
    due: date | None = None


def waiting(ctx: Context, challenge: Challenge) -> Waiting | None:
    """Why this challenge waits for this reader, if it does."""

    def may(verb: Verb) -> bool:
        return policy.refusal(ctx.actor, verb, challenge) is None

    sent = in_london(challenge.submitted_at).date() if challenge.submitted_at else None
    stage = challenge.standing(ctx.now)
    if stage == Stage.SUBMITTED and may(Verb.CHALLENGE_RETURN):
        why = f"{challenge.organisation.called} sent it for review"
        return Waiting(challenge, why, "Review", "challenge.review", sent)
    if stage == Stage.RETURNED and may(Verb.CHALLENGE_EDIT):
        return Waiting(challenge, "LOTI asked for edits", "Edit", "challenge.edit", sent)
    if stage == Stage.CLOSED and may(Verb.CHALLENGE_SHARE):
        why = "It has closed, and nobody has said what came of it"
        return Waiting(challenge, why, "Say what came of it", "challenge.show", challenge.closes_on)
    if stage == Stage.DRAFT and may(Verb.CHALLENGE_EDIT):
        return Waiting(challenge, "It has not been sent to LOTI", "Continue", "challenge.edit")
    return None

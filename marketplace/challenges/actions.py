"""What can be done with challenges, and by authorities that have the need too."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import IO, Any

from sqlalchemy.exc import IntegrityError

from auth.actor import CLOCK
from marketplace.challenges import drafts, queries, standards_queries
from marketplace.challenges.drafts import SECTIONS
from marketplace.challenges.forms import (
    Committing,
    Dropping,
    Handling,
    Piloting,
    Returning,
    Sharing,
    Taking,
    Withdrawing,
)
from marketplace.challenges.models import Attachment, Challenge, Circumstances, Commitment
from marketplace.core import scanning
from marketplace.core.context import Context
from marketplace.core.drafts import Opened, Overtaken, Section
from marketplace.core.errors import Conflict
from marketplace.core.files import ObjectStore
from marketplace.core.forms import BoundForm
from marketplace.notices.models import Notice
from marketplace.perform import lock, perform, permit
from marketplace.verbs import Verb

MOST_DOCUMENTS = 20


# ---- Drafting


def draft(ctx: Context, title: str, notice: Notice | None = None) -> Challenge:
    """Begins a challenge, with what a published notice answers already."""
    typed = drafts.from_notice(notice, ctx.now) if notice else {}
    challenge = Challenge(
        organisation_id=ctx.actor.organisation_id,
        notice=notice,
        typed={**typed, "title": title},
    )
    perform(ctx, Verb.CHALLENGE_DRAFT, challenge)
    given = drafts.answers(challenge)
    for section in SECTIONS.values():
        _write(challenge, section.judge(given))
    return challenge


def edit(
    ctx: Context,
    challenge: Challenge,
    section: Section,
    typed: Mapping[str, Any],
    opened: Opened | None = None,
) -> BoundForm[Any]:
    """Keeps what was typed into a section, right or wrong; what was there already does nothing.

    Raises Overtaken, and keeps nothing, when a colleague saved the section after it was `opened`.
    """
    permit(ctx, Verb.CHALLENGE_EDIT, challenge)
    given = drafts.answers(challenge)
    form = _confirmed(ctx, section.judge({**given, **typed}))
    if _said(section.judge(given)) == _said(form):
        return form
    saved = queries.last_edit(ctx, challenge, section.slug)
    if opened and saved and not opened.knows(saved):
        raise Overtaken(saved)
    page = opened.page if opened else ""
    perform(ctx, Verb.CHALLENGE_EDIT, challenge, section=section.slug, page=page)
    challenge.typed = {**challenge.typed, **form.submitted}
    _write(challenge, form)
    return form


def _confirmed(ctx: Context, form: BoundForm[Any]) -> BoundForm[Any]:
    """The form, refused where only the database can tell that it is wrong."""
    if not isinstance(form.value, Handling) or not form.value.standards:
        return form
    known = set(standards_queries.titles(ctx))
    fine = set(form.value.standards) <= known
    return form if fine else form.refused("standards", "Select standards from the list")


def _said(form: BoundForm[Any]) -> dict[str, Any]:
    return {name: value for name, value in form.submitted.items() if value}


def _write(challenge: Challenge, form: BoundForm[Any]) -> None:
    if form.value is not None:
        for name in form.kind.model_fields:
            setattr(challenge, name, getattr(form.value, name))


def attach(
    ctx: Context, challenge: Challenge, store: ObjectStore, upload: IO[bytes], name: str
) -> Attachment:
    """Keeps a document with a draft. Raises files.Refused for one that is not taken."""
    permit(ctx, Verb.CHALLENGE_ATTACH, challenge)
    if len(queries.attachments(ctx, challenge)) >= MOST_DOCUMENTS:
        raise Conflict(f"A challenge can have {MOST_DOCUMENTS} documents. Remove one first.")
    stored = scanning.save(ctx, store, upload, name)
    attachment = Attachment(**stored.columns, challenge_id=challenge.id, created_at=ctx.now)
    perform(ctx, Verb.CHALLENGE_ATTACH, challenge, name=stored.name)
    ctx.session.add(attachment)
    return attachment


def detach(ctx: Context, challenge: Challenge, store: ObjectStore, attachment: Attachment) -> None:
    perform(ctx, Verb.CHALLENGE_DETACH, challenge, name=attachment.name)
    ctx.session.delete(attachment)
    scanning.remove_once_committed(ctx.session, store, [attachment.key])


def discard(ctx: Context, challenge: Challenge, store: ObjectStore) -> None:
    """Deletes a draft with its documents; that it was there stays in the journal."""
    keys = [attachment.key for attachment in queries.attachments(ctx, challenge)]
    perform(ctx, Verb.CHALLENGE_DISCARD, challenge)
    ctx.session.delete(challenge)
    scanning.remove_once_committed(ctx.session, store, keys)


# ---- From LOTI to the public


def submit(ctx: Context, challenge: Challenge) -> None:
    """Sends a draft to LOTI or, where LOTI does not review, publishes it."""
    permit(ctx, Verb.CHALLENGE_SUBMIT, challenge)
    if missing := drafts.incomplete(drafts.answers(challenge)):
        tasks = "; ".join(section.task[:1].lower() + section.task[1:] for section in missing)
        raise Conflict(f"You cannot send this yet. First {tasks}.")
    perform(ctx, Verb.CHALLENGE_SUBMIT, challenge)
    challenge.submitted_at = ctx.now
    if not ctx.settings.review:
        a_moment_later = ctx.now + timedelta(microseconds=1)  # the history keeps the order
        approve(replace(ctx, actor=CLOCK, now=a_moment_later), challenge)


def return_(ctx: Context, challenge: Challenge, form: Returning) -> None:
    """Asks the authors for edits."""
    about = form.about.value if form.about else ""
    perform(ctx, Verb.CHALLENGE_RETURN, challenge, part=about)
    challenge.remark, challenge.remark_about = form.message, about


def approve(ctx: Context, challenge: Challenge) -> None:
    """Publishes a challenge."""
    perform(ctx, Verb.CHALLENGE_APPROVE, challenge)
    challenge.published_at = ctx.now
    challenge.remark = challenge.remark_about = ""


# ---- What comes of it


def close(ctx: Context, challenge: Challenge) -> None:
    perform(ctx, Verb.CHALLENGE_CLOSE, challenge)


def close_what_is_over(ctx: Context) -> int:
    """The clock's work: closes what was open until yesterday, and says how many that were."""
    due = queries.over(ctx)
    for challenge in due:
        close(ctx, challenge)
    return len(due)


def take(ctx: Context, challenge: Challenge, form: Taking) -> None:
    _end(ctx, Verb.CHALLENGE_TAKE, challenge, form.outcome)


def pilot(ctx: Context, challenge: Challenge, form: Piloting) -> None:
    _end(ctx, Verb.CHALLENGE_PILOT, challenge, form.outcome)


def share(ctx: Context, challenge: Challenge, form: Sharing) -> None:
    _end(ctx, Verb.CHALLENGE_SHARE, challenge, form.outcome)


def drop(ctx: Context, challenge: Challenge, form: Dropping) -> None:
    _end(ctx, Verb.CHALLENGE_DROP, challenge, form.outcome)


def withdraw(ctx: Context, challenge: Challenge, form: Withdrawing) -> None:
    _end(ctx, Verb.CHALLENGE_WITHDRAW, challenge, form.outcome)


def _end(ctx: Context, verb: Verb, challenge: Challenge, outcome: str) -> None:
    perform(ctx, verb, challenge, outcome=outcome)
    challenge.outcome = outcome


# ---- "We have this need too"


def commit(ctx: Context, challenge: Challenge, form: Committing) -> Commitment:
    """Says that the actor's authority has the need too."""
    lock(ctx, challenge)  # it may be closing
    commitment = Commitment(
        challenge=challenge,
        organisation_id=ctx.actor.organisation_id,
        created_at=ctx.now,
        **_public(form),
    )
    try:
        with ctx.session.begin_nested():
            perform(ctx, Verb.COMMITMENT_MAKE, commitment, about=challenge, **_public(form))
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(
            f"{ctx.actor.organisation_name} takes part already. Change what it said instead."
        ) from None
    ctx.session.add(Circumstances(commitment_id=commitment.id, **_private(form)))
    return commitment


def change(ctx: Context, commitment: Commitment, form: Committing) -> None:
    challenge = commitment.challenge
    lock(ctx, challenge)
    perform(ctx, Verb.COMMITMENT_CHANGE, commitment, about=challenge, **_public(form))
    commitment.sqlmodel_update(_public(form))
    told = queries.circumstances(ctx, challenge)[commitment.id]
    told.sqlmodel_update(_private(form))
    ctx.session.add(told)


def uncommit(ctx: Context, commitment: Commitment) -> None:
    """Says that the actor's authority no longer takes part."""
    challenge = commitment.challenge
    lock(ctx, challenge)
    perform(ctx, Verb.COMMITMENT_WITHDRAW, commitment, about=challenge)


def _public(form: Committing) -> dict[str, Any]:
    unit = form.unit if form.volume is not None else ""
    return {"level": form.level, "volume": form.volume, "unit": unit}


def _private(form: Committing) -> dict[str, Any]:
    return form.model_dump(include={"band", "earliest_start", "contract_ends", "note"})

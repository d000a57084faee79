"""Who may do what with challenges, and who sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from auth.actor import Actor
from marketplace.challenges.models import (
    UNPUBLISHED,
    Attachment,
    Challenge,
    Circumstances,
    Commitment,
    Stage,
)
from marketplace.core.journal import Event
from marketplace.policy.clauses import Clause, among, authorities_and_loti, loti, of, own, sees
from marketplace.rules import (
    Rules,
    author,
    author_or_approver,
    authority,
    curator,
    not_the_posters_own,
    or_the_system,
    owner,
)
from marketplace.verbs import Verb

_author_of_it = authority & author & owner
_committing = authority & author_or_approver & owner & not_the_posters_own

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.CHALLENGE_DRAFT: _author_of_it,
    Verb.CHALLENGE_EDIT: _author_of_it,
    Verb.CHALLENGE_ATTACH: _author_of_it,
    Verb.CHALLENGE_DETACH: _author_of_it,
    Verb.CHALLENGE_DISCARD: _author_of_it,
    Verb.CHALLENGE_SUBMIT: _author_of_it,
    Verb.CHALLENGE_RETURN: Rules((curator,)),
    Verb.CHALLENGE_APPROVE: Rules((or_the_system(curator),)),
    Verb.CHALLENGE_CLOSE: Rules((or_the_system(_author_of_it),)),
    Verb.CHALLENGE_TAKE: _author_of_it,
    Verb.CHALLENGE_PILOT: _author_of_it,
    Verb.CHALLENGE_SHARE: _author_of_it,
    Verb.CHALLENGE_DROP: _author_of_it,
    Verb.CHALLENGE_WITHDRAW: _author_of_it,
    Verb.COMMITMENT_MAKE: _committing,
    Verb.COMMITMENT_CHANGE: _committing,
    Verb.COMMITMENT_WITHDRAW: _committing,
}

FRESHLY = frozenset(
    {
        Verb.CHALLENGE_APPROVE,
    }
)


def _challenges(who: Actor) -> ColumnElement[bool]:
    stage = col(Challenge.stage)
    return or_(
        ~among(stage, UNPUBLISHED) & col(Challenge.published_at).is_not(None),
        own(Challenge.organisation_id, who),
        and_(loti(who), stage != Stage.DRAFT),
    )


VISIBILITY: Mapping[type[Any], Clause] = {
    Challenge: _challenges,
    Attachment: of(Challenge, Attachment.challenge_id),
    Commitment: of(Challenge, Commitment.challenge_id),
    Circumstances: authorities_and_loti,
}


OPEN_NEWS = frozenset(
    {
        Verb.CHALLENGE_APPROVE,
        Verb.CHALLENGE_CLOSE,
        Verb.CHALLENGE_TAKE,
        Verb.CHALLENGE_PILOT,
        Verb.CHALLENGE_SHARE,
        Verb.CHALLENGE_DROP,
        Verb.CHALLENGE_WITHDRAW,
        Verb.COMMITMENT_MAKE,
        Verb.COMMITMENT_CHANGE,
        Verb.COMMITMENT_WITHDRAW,
    }
)
# What LOTI does not see before it is sent there.
UNSENT = frozenset({Verb.CHALLENGE_DRAFT, Verb.CHALLENGE_EDIT, Verb.CHALLENGE_DISCARD})


def events(who: Actor) -> ColumnElement[bool]:
    """Everybody sees the public steps of what they may see; its authors, what LOTI asked."""
    theirs = select(Challenge.id).where(
        Challenge.id == Event.about_id, own(Challenge.organisation_id, who)
    )
    return or_(
        and_(col(Event.verb).in_(OPEN_NEWS), sees(who, Challenge, Event.about_id)),
        and_(col(Event.verb) == Verb.CHALLENGE_RETURN, theirs.correlate(Event).exists()),
    )

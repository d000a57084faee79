"""Who may do what with shortlists: the authority that keeps one, and nobody else sees it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, false

from auth.actor import Actor, Kind
from marketplace.policy.clauses import Clause, of, own
from marketplace.rules import Rules, author_or_approver, authority, owner
from marketplace.shortlists.models import Shortlist, ShortlistedProduct
from marketplace.verbs import Verb

_its_people = authority & author_or_approver & owner

PERMISSIONS: Mapping[Verb, Rules] = {
    Verb.SHORTLIST_START: _its_people,
    Verb.SHORTLIST_RENAME: _its_people,
    Verb.SHORTLIST_KEEP: _its_people,
    Verb.SHORTLIST_NOTE: _its_people,
    Verb.SHORTLIST_REMOVE: _its_people,
    Verb.SHORTLIST_DISCARD: _its_people,
    Verb.SHORTLIST_FREEZE: _its_people,
}
FRESHLY: frozenset[Verb] = frozenset()


def _shortlists(who: Actor) -> ColumnElement[bool]:
    return own(Shortlist.organisation_id, who) if who.kind is Kind.AUTHORITY else false()


VISIBILITY: Mapping[type[Any], Clause] = {
    Shortlist: _shortlists,
    ShortlistedProduct: of(Shortlist, ShortlistedProduct.shortlist_id),
}

# LOTI helps many authorities and must not know whom each of them may buy from.
UNSENT = frozenset(PERMISSIONS)

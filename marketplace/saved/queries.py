"""What can be seen of saved searches and of what is watched."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from auth.actor import CLOCK, VISITOR, Actor, Kind
from marketplace.challenges.models import Challenge
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.notifications.queries import acting
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.saved.models import Alert, SavedSearch, SearchKey, Watch
from marketplace.tenders.models import Tender

AT_ONCE = 500  # keys that are asked for in one go
WATCHABLE: Mapping[str, type[Any]] = {"challenge": Challenge, "tender": Tender}


def mine(ctx: Context) -> Sequence[SavedSearch]:
    """The reader's saved searches by name."""
    own = select(SavedSearch).where(visible_to(ctx.actor, SavedSearch))
    return ctx.session.exec(own.order_by(SavedSearch.name)).all()


def one(ctx: Context, id: UUID) -> SavedSearch:
    own = select(SavedSearch).where(SavedSearch.id == id, visible_to(ctx.actor, SavedSearch))
    if found := ctx.session.exec(own).one_or_none():
        return found
    raise NotFound("There is no such saved search.")


def named(ctx: Context, name: str) -> SavedSearch | None:
    """The reader's search of this name."""
    own = select(SavedSearch).where(
        SavedSearch.name == name,
        SavedSearch.person_id == ctx.actor.person_id,
        visible_to(ctx.actor, SavedSearch),
    )
    return ctx.session.exec(own).one_or_none()


# ---- Watching


def public(ctx: Context, kind: str, id: UUID) -> Any:
    """A thing that everybody may see, and so may be watched."""
    table = WATCHABLE.get(kind)
    if table:
        seen = select(table).where(table.id == id, visible_to(VISITOR, table))
        if found := ctx.session.exec(seen).one_or_none():
            return found
    raise NotFound("There is no such thing to watch.")


def watch(session: Session, who: Actor, id: UUID) -> Watch | None:
    """That the reader watches this thing, if they do."""
    own = select(Watch).where(
        Watch.thing_id == id, Watch.person_id == who.person_id, visible_to(who, Watch)
    )
    return session.exec(own).one_or_none()


def watched(ctx: Context) -> Sequence[tuple[str, Any]]:
    """What the reader watches and everybody may still see, with its kind: of each kind, what was
    begun last first.
    """
    found = []
    for kind, table in WATCHABLE.items():
        theirs = (
            select(table)
            .join(Watch, col(Watch.thing_id) == table.id)
            .where(visible_to(ctx.actor, Watch), visible_to(VISITOR, table))
            .order_by(col(Watch.created_at).desc())
        )
        rows = ctx.session.exec(theirs.options(joinedload(table.organisation)))
        found += [(kind, one) for one in rows]
    return found


# ---- For the marketplace, which matches what is new with every search


def under(
    session: Session, keys: Sequence[str], document_id: str
) -> list[tuple[SavedSearch, Actor]]:
    """The searches kept under any of these keys that have not found this document yet, each with
    who asks, as long as they still act for whom they asked.
    """
    alerted = select(Alert.id).where(
        Alert.search_id == SavedSearch.id, Alert.document_id == document_id
    )
    found: dict[UUID, tuple[SavedSearch, Actor]] = {}
    for start in range(0, len(keys), AT_ONCE):
        of_these = select(SearchKey.search_id).where(
            col(SearchKey.key).in_(keys[start : start + AT_ONCE])
        )
        columns: tuple[Any, ...] = (SavedSearch, Person, Membership, Organisation)
        rows = (
            select(*columns)
            .join(Person, col(Person.id) == SavedSearch.person_id)
            .outerjoin(Membership, col(Membership.id) == SavedSearch.membership_id)
            .outerjoin(Organisation, col(Organisation.id) == Membership.organisation_id)
            .where(
                col(SavedSearch.id).in_(of_these),
                Person.stage == Standing.ACTIVE,
                or_(
                    col(SavedSearch.membership_id).is_(None),
                    and_(
                        col(Membership.stage) == Standing.ACTIVE,
                        col(Organisation.stage) == Standing.ACTIVE,
                    ),
                ),
                ~alerted.correlate(SavedSearch).exists(),
                visible_to(CLOCK, SavedSearch),
            )
            .order_by(col(SavedSearch.id))
        )
        for search, person, membership, organisation in session.exec(rows):
            found[search.id] = search, _asking(person, membership, organisation)
    return list(found.values())


def _asking(
    person: Person, membership: Membership | None, organisation: Organisation | None
) -> Actor:
    if membership is None or organisation is None:
        return Actor(person.name, Kind.PUBLIC, person_id=person.id)
    return acting(membership, person, organisation)


def keys_of(session: Session, ids: Iterable[UUID]) -> Sequence[SearchKey]:
    return session.exec(select(SearchKey).where(col(SearchKey.search_id).in_(list(ids)))).all()

"""Who keeps an eye on something: by a search that finds it, or because they watch it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from auth.actor import CLOCK
from marketplace.core.journal import Event
from marketplace.notifications.models import Rhythm
from marketplace.notifications.queries import acting, counts
from marketplace.notifications.recipients import Recipient, oneself
from marketplace.notifications.topics import Audience
from marketplace.organisations.models import Membership, Organisation, Person, Standing
from marketplace.policy import visible_to
from marketplace.saved.models import Alert, SavedSearch, Watch

SOONEST = list(Rhythm)


def searchers(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    """Whoever has a search that found it, once, with all of their searches that did."""
    found = (
        select(Alert, SavedSearch)
        .join(SavedSearch)
        .where(Alert.event_id == event.id, visible_to(CLOCK, Alert))
    )
    theirs: dict[UUID, list[tuple[Alert, SavedSearch]]] = defaultdict(list)
    for alert, search in session.exec(found.order_by(SavedSearch.name)):
        theirs[search.person_id].append((alert, search))
    searches = [those[0][1] for those in theirs.values()]
    told = []
    for one in _keeping_an_eye(session, searches, audience):
        those = theirs[one.who.person_id]
        why = ", and ".join(
            audience.why.format(search=f"“{search.name}”", by=alert.why) for alert, search in those
        )
        rhythm = min((search.rhythm for _, search in those), key=SOONEST.index)
        told.append(replace(one, why=why, rhythm=rhythm))
    return told


def watchers(session: Session, audience: Audience, event: Event) -> list[Recipient]:
    watching = select(Watch).where(Watch.thing_id == event.about_id, visible_to(CLOCK, Watch))
    return _keeping_an_eye(session, session.exec(watching).all(), audience)


def _keeping_an_eye(
    session: Session, rows: Sequence[SavedSearch | Watch], audience: Audience
) -> list[Recipient]:
    """The people of these rows, each as whom they began to, as long as they still are that."""
    as_members = {row.membership_id for row in rows if row.membership_id}
    alone = {row.person_id for row in rows if not row.membership_id}
    members = (
        select(Membership, Person, Organisation)
        .join(Person, col(Person.id) == Membership.person_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(col(Membership.id).in_(as_members), counts(), visible_to(CLOCK, Membership))
    )
    people = select(Person).where(
        col(Person.id).in_(alone), Person.stage == Standing.ACTIVE, visible_to(CLOCK, Person)
    )
    return [
        *(
            Recipient(acting(membership, person, organisation), audience.why, membership.id)
            for membership, person, organisation in session.exec(members)
        ),
        *(oneself(person, audience.why) for person in session.exec(people)),
    ]

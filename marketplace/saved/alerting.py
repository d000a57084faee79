"""What alerts people to something new: it asks which of their searches find what came."""

from collections import Counter, UserDict
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from uuid import UUID

from sqlmodel import Session

from auth.actor import Actor
from marketplace import policy
from marketplace.core.context import Context
from marketplace.core.errors import NotFound
from marketplace.core.finding import Words, identity, stored
from marketplace.core.journal import Event
from marketplace.core.outbox import Listener
from marketplace.discovery import finding
from marketplace.discovery.indexing import TOUCHED
from marketplace.perform import perform
from marketplace.saved import queries
from marketplace.saved.matching import Seen, reason
from marketplace.saved.models import Alert, SavedSearch
from marketplace.verbs import Verb
from search.port import Document

MOST = 20  # alerts of one search to one event: a file of notices can bring thousands
# What makes something findable, or findable by more.
OPENING = frozenset(
    {
        Verb.PRODUCT_PUBLISH,
        Verb.CHALLENGE_APPROVE,
        Verb.TENDER_PUBLISH,
        Verb.CONTRACT_SIGN,
        Verb.NOTICE_IMPORT,
        Verb.STANDARD_PUBLISH,
        Verb.AGREEMENT_SIGN,
        Verb.ORGANISATION_RESTORE,
    }
)
# What changes something: whoever saved a search while it was there already knows it.
CHANGING = frozenset({Verb.PRODUCT_EDIT})


def listener(context: Callable[[Session], Context]) -> Listener:
    def handle(session: Session, event: Event) -> None:
        if event.verb in OPENING | CHANGING:
            _raise(context(session), event)

    return Listener("alerts", handle)


def _raise(ctx: Context, event: Event) -> None:
    number: Counter[UUID] = Counter()
    called = _Called(ctx)
    documents = TOUCHED[event.subject_kind](ctx.session, event).values()
    for document in filter(None, documents):
        made = []
        for search, why in _finding(ctx, document, event, called):
            if number[search.id] < MOST:
                number[search.id] += 1
                made.append(Alert(document_id=document.id, why=why, search_id=search.id))
        if made:
            _tell(ctx, document, made)


def _tell(ctx: Context, document: Document, made: list[Alert]) -> None:
    """One piece of news of the thing, for everybody whose searches found it."""
    ctx.session.add_all(made)
    ctx.session.flush()
    thing = SimpleNamespace(id=identity(document.id))
    raised = perform(ctx, Verb.ALERT_RAISE, made[0], about=thing, kind=document.kind)
    for one in made:
        one.event_id = raised.id
        ctx.session.add(one)


def _finding(
    ctx: Context, document: Document, event: Event, called: "_Called"
) -> Iterator[tuple[SavedSearch, str]]:
    """The searches that find a document whose owners may see it, with the words and filters."""
    seen = Seen(document)
    audiences: dict[Actor, frozenset[str]] = {}
    for search, who in queries.under(ctx.session, seen.keys, document.id):
        if who.person_id == event.person_id:
            continue  # they did it themselves
        if event.verb in CHANGING and document.at < search.created_at:
            continue
        if who not in audiences:
            audiences[who] = policy.audience(who)
        if audiences[who].isdisjoint(document.audience):
            continue
        if why := _why(search, seen, called):
            yield search, why


def _why(search: SavedSearch, seen: Seen, called: "_Called") -> str | None:
    try:
        asked = stored(finding.ALL[search.kind], search.query)
    except NotFound:  # a list that is no more
        return None
    found = reason(asked, seen)
    return None if found is None else found.says(called[search.kind])


class _Called(UserDict[str, Words]):
    """What the values of the filters are called, by list, asked for when they are needed."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx

    def __missing__(self, kind: str) -> Words:
        self[kind] = finding.words(self._ctx, finding.ALL[kind])
        return self[kind]

"""A notification in words, from its event and what its reader may see of the thing now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.actor import Actor, Kind
from marketplace.core.journal import Event
from marketplace.core.times import day, when
from marketplace.news import NEWS, News
from marketplace.notices.models import Import, State
from marketplace.notifications import queries
from marketplace.notifications.models import Notification
from marketplace.notifications.queries import Item
from marketplace.tenders.models import Part, Tender
from marketplace.verbs import Verb

_fields = Formatter().parse


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader reads: `why` follows "because", `href` is the path of the one link."""

    subject: str
    body: str
    why: str
    href: str


def told(session: Session, actor: Actor, notification: Notification, event: Event) -> Told | None:
    """The notification in words for this reader; None when they may see it no more, or when what
    it asks of them has been done.
    """
    return every(session, actor, [notification.id]).get(notification.id)


def every(session: Session, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Told]:
    """Several notifications of one reader in words, by one query; those that `told` would not tell
    are not among them.
    """
    return words(actor, queries.items(session, actor, ids))


def words(actor: Actor, items: Iterable[Item]) -> Mapping[UUID, Told]:
    """What was read of notifications, in words, by notification."""
    found = ((item.notification.id, _told(actor, item)) for item in items)
    return {id: said for id, said in found if said}


def _told(actor: Actor, item: Item) -> Told | None:
    news = _news(item.notification, item.event)
    if news is None:
        return None
    known = _known(actor, item)
    subject = _filled(news.subject, known)
    if not subject:
        return None
    return Told(
        subject=subject,
        body=" ".join(filter(None, (_filled(sentence, known) for sentence in news.body))),
        why=item.notification.why,
        href=news.href.format(id=item.event.about_id, kind=known["kind"]),
    )


def _news(notification: Notification, event: Event) -> News | None:
    found = NEWS[Verb(event.verb)]
    lines = found if isinstance(found, tuple) else ()
    return next((one for one in lines if one.to == notification.audience), None)


def _filled(sentence: str, known: Mapping[str, str]) -> str:
    """The sentence, or nothing when it needs what is not known."""
    needs = [name for _, name, _, _ in _fields(sentence) if name]
    if not all(known[name] for name in needs):
        return ""
    said = sentence.format_map(known)
    return said[:1].upper() + said[1:]


# ---- What a sentence may need


def _known(actor: Actor, item: Item) -> Mapping[str, str]:
    """Everything that the words may speak of; empty where there is nothing, or nothing to be seen
    by this reader.
    """
    event, facts = item.event, item.event.facts
    challenge, product, organisation = item.challenge, item.product, item.organisation
    tender = item.tender
    called = organisation.called if organisation else ""
    supplier = organisation is not None and organisation.kind is Kind.SUPPLIER
    return {
        "who": _who(event, actor),
        "by": event.organisation_name or "the marketplace",
        "organisation": called,
        "authority": called if challenge or tender else "",
        "supplier": called if supplier else "",
        "challenge": challenge.called if challenge else "",
        "closes": day(challenge.closes_on) if challenge and challenge.closes_on else "",
        "remark": challenge.remark if challenge else _text(facts, "remark"),
        "outcome": _text(facts, "outcome"),
        "level": _text(facts, "level"),
        "tender": tender.called if tender else "",
        "closes_at": when(tender.closes_at) if tender and tender.closes_at else "",
        "reason": _text(facts, "reason"),
        "title": _text(facts, "title"),
        "question": _text(facts, "question"),
        "of_tender": _of_tender(tender, facts),
        "contract": item.contract.title if item.contract else "",
        **{name: _text(facts, name) for name in ("lot", "value", "duty", "failing", "happened")},
        "product": product.name if product else "",
        "kind": _text(facts, "kind"),
        "thing": _thing(item),
        **_claim(item, called),
        "what_changed": _text(facts, "what_changed"),
        "person": item.person.name if item.person else event.person_name,
        "roles": _roles(facts),
        "message": item.join.message if item.join else _text(facts, "message"),
        "because": _because(item),
        "domain": _text(facts, "domain"),
        "way": _text(facts, "way"),
        "part": _text(facts, "part"),
        "upload": _text(facts, "upload"),
        "virus": _text(facts, "virus"),
        "erased_on": day(date.fromisoformat(gone)) if (gone := _text(facts, "erased_on")) else "",
        **_import(item.import_),
    }


def _thing(item: Item) -> str:
    """What a search found, by its name."""
    if item.challenge:
        return item.challenge.called
    if item.product:
        return item.product.name
    if item.tender:
        return item.tender.called
    if item.contract:
        return item.contract.title
    if item.notice:
        return item.notice.title or "Notice without a title"
    if item.standard:
        return item.standard.title
    return item.organisation.name if item.organisation else ""


def _claim(item: Item, supplier: str) -> Mapping[str, str]:
    """What is claimed of what, and how it stands."""
    claim, facts = item.claim, item.event.facts
    days = {
        name: day(date.fromisoformat(said)) if (said := _text(facts, name)) else ""
        for name in ("until", "ends")
    }
    if claim is None:
        title = item.standard.title if item.standard else ""
        return {"standard": title, "claimed": "", "found": "", **days}
    return {
        "standard": item.held_to,
        "claimed": item.offer or f"all that {supplier or 'its supplier'} does",
        "found": claim.stage.label.lower() if _text(facts, "outcome") else "",
        **days,
    }


def _text(facts: Mapping[str, Any], name: str) -> str:
    return str(facts.get(name) or "").strip()


def _of_tender(tender: Tender | None, facts: Mapping[str, Any]) -> str:
    """The part of a tender, such as "the criteria"."""
    return f"the {Part(facts['part']).label.lower()}" if tender and facts.get("part") else ""


def _who(event: Event, actor: Actor) -> str:
    """Who did it: colleagues, authorities and LOTI read the name, others the organisation's."""
    if not event.organisation_name:
        return "the marketplace"
    if event.organisation_id == actor.organisation_id:
        return event.person_name
    if actor.kind in (Kind.AUTHORITY, Kind.LOTI):
        return f"{event.person_name}, {event.organisation_name},"
    return event.organisation_name


def _roles(facts: Mapping[str, Any]) -> str:
    """Such as "author and approver"; whoever has no role is a member."""
    if "roles" not in facts:
        return ""
    held = [str(role) for role in facts["roles"]]
    return " and ".join(filter(None, (", ".join(held[:-1]), *held[-1:]))) or "member"


def _because(item: Item) -> str:
    """The reason that was given, where it is kept: a person's own not in the journal."""
    if item.join:
        return item.join.because
    if item.person and item.event.subject_kind == "person":
        return item.person.suspended_because
    return _text(item.event.facts, "because")


def _import(import_: Import | None) -> Mapping[str, str]:
    """What came of a file of notices."""
    if import_ is None:
        return {"file": "", "result": "", "came": ""}
    if import_.state is State.FAILED:
        return {"file": import_.name, "result": "Could not be read", "came": import_.sentence}
    came = f"{import_.new:,} new, {import_.updated:,} updated, {import_.refused:,} refused."
    return {"file": import_.name, "result": "Read in", "came": came}

"""The words of a mail, made when it is sent: what its reader may not see any more is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from auth.actor import Actor, Role
from marketplace.accounts import links
from marketplace.accounts.models import MailLink
from marketplace.calendar import deadlines
from marketplace.calendar import queries as calendars
from marketplace.calendar.deadlines import Deadline
from marketplace.core.context import Context
from marketplace.core.journal import Event
from marketplace.core.times import when
from marketplace.evaluation.models import Seat, SeatStage
from marketplace.mail import queries, stopping
from marketplace.mail.letters import Group, Words
from marketplace.news import NEWS
from marketplace.notifications import queries as notifications
from marketplace.notifications import telling
from marketplace.notifications.audience_queries import rhythms
from marketplace.notifications.models import Mail, Notification, Rhythm
from marketplace.notifications.telling import Told
from marketplace.notifications.topics import Topic
from marketplace.organisations.models import Person
from marketplace.people import invitations
from marketplace.people.models import Invitation, InvitationStage
from marketplace.verbs import Verb

INBOX, CHOOSE = "/notifications", "/notifications/settings"


def words(ctx: Context, mail: Mail) -> Words | None:
    """What a mail says now; None when there is nothing left to say."""
    match mail.purpose:
        case "link":
            return _link(ctx, mail)
        case "invitation":
            return _invitation(ctx, mail)
        case "seat":
            return _seat(ctx, mail)
        case "address":
            return _address(ctx)
    return _news(ctx, mail)


# ---- Letters to an address


def _link(ctx: Context, mail: Mail) -> Words | None:
    link = ctx.session.get(MailLink, mail.about_id)
    if link is None or link.used_at or ctx.now >= link.expires_at:
        return None
    code = links.code(ctx.settings, link)
    own = link.person_id is not None
    return Words(
        subject="Confirm that it is you: LOTI Marketplace"
        if own
        else "Sign in with this link: LOTI Marketplace",
        why="You get this because you asked, in the marketplace, to confirm this address."
        if own
        else "You get this because somebody asked for a link to sign in with this address.",
        lines=(f"The link works once, until {when(link.expires_at)}.",),
        link=("Confirm that it is you" if own else "Sign in", links.address(ctx.settings, link)),
        after=(
            f"If you asked on another device, enter these figures there: {code[:3]} {code[3:]}",
            "If it was not you, do nothing. Tell nobody the link or the figures: we never ask for "
            "them.",
        ),
    )


def _invitation(ctx: Context, mail: Mail) -> Words | None:
    invitation = ctx.session.get(Invitation, mail.about_id)
    if (
        invitation is None
        or invitation.stage is not InvitationStage.SENT
        or invitation.serial != mail.serial
        or ctx.now >= invitation.expires_at
    ):
        return None
    organisation = invitation.organisation.name
    roles = " and ".join(Role(role) for role in invitation.roles)
    return Words(
        subject=f"Accept the invitation: act for {organisation} in the LOTI Marketplace",
        why=f"You get this because {organisation} invites whoever reads mail at this address.",
        lines=(
            "The LOTI Marketplace is where public authorities in London buy technology together.",
            f"You can act for {organisation} there" + (f" as {roles}." if roles else "."),
            f"The invitation works until {when(invitation.expires_at)}.",
        ),
        link=("Read the invitation", invitations.address(ctx.settings, invitation)),
        after=("If you do not know what this is about, do nothing.",),
    )


def _seat(ctx: Context, mail: Mail) -> Words | None:
    seat = ctx.session.get(Seat, mail.about_id)
    if seat is None or seat.stage is not SeatStage.INVITED or seat.email != mail.email:
        return None
    organisation, tender = seat.organisation.name, seat.evaluation.tender
    page = f"{ctx.settings.address}/tenders/{tender.id}/workspace/evaluation/seats/{seat.id}/take"
    return Words(
        subject=f"Take your seat on a panel: {tender.called}",
        why=f"You get this because {organisation} asks whoever reads mail at this address to "
        "judge bids.",
        lines=(
            "The LOTI Marketplace is where public authorities in London buy technology together.",
            f"{organisation} asks you as an expert for the panel that judges the bids for "
            f"“{tender.called}”.",
            "Sign in with this address. Before you see anything, you declare your interests.",
        ),
        link=("Take your seat", page),
        after=("If you do not know what this is about, do nothing.",),
    )


def _address(ctx: Context) -> Words:
    return Words(
        subject="Your address works: news comes here again",
        why="You get this because you said in the marketplace that mail to you arrives again.",
        lines=("That you read this shows it. There is nothing more to do.",),
        link=("Choose which mail you get", f"{ctx.settings.address}{CHOOSE}"),
    )


# ---- News for a person


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of news as its reader may read it now."""

    topic: Topic
    told: Told
    security: bool
    deadline: Deadline | None


def _news(ctx: Context, mail: Mail) -> Words | None:
    notes = queries.told_by(ctx, mail)
    person = ctx.session.get(Person, notes[0].person_id) if notes else None
    if person is None or person.email != mail.email or queries.comes_back(ctx, mail.email):
        return None
    pieces = [one for one in _pieces(ctx, notes) if one.security or _wanted(ctx, person, one)]
    if not pieces:
        return None
    made = _one(ctx, pieces[0]) if len(pieces) == 1 else _several(ctx, pieces)
    ends = sorted({one.topic for one in pieces if not one.security}, key=list(Topic).index)
    if ends:
        stop = stopping.Stop(person, tuple(ends))
        made = replace(made, unsubscribe=stopping.address(ctx.settings, stop), ends=stop.called)
    ahead = [one.deadline for one in pieces if one.deadline]
    if ahead:
        made = replace(made, calendar=deadlines.file(ahead, ctx.settings.address))
    return made


def _wanted(ctx: Context, person: Person, piece: _Piece) -> bool:
    return rhythms(ctx.session, [person.id]).get(person.id, {}).get(piece.topic) != Rhythm.OFF


def _pieces(ctx: Context, notes: Sequence[Notification]) -> Iterator[_Piece]:
    """What may still be told, in the order in which it happened."""
    told: dict[UUID, Told] = {}
    readers = {one.membership_id: notifications.reader(ctx.session, one) for one in notes}
    ahead: dict[UUID, Deadline] = {}
    about = {one.id: ctx.session.get_one(Event, one.event_id) for one in notes}
    for membership_id, reader in readers.items():
        theirs = [one for one in notes if one.membership_id == membership_id]
        told |= telling.every(ctx.session, reader, [one.id for one in theirs])
        ahead |= _ahead(ctx, reader, [about[one.id].about_id for one in theirs])
    for one in notes:
        if said := told.get(one.id):
            event = about[one.id]
            yield _Piece(Topic(one.kind), said, _security(one, event), ahead.get(event.about_id))


def _ahead(ctx: Context, reader: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Deadline]:
    return {one.id: one for one in calendars.ahead(replace(ctx, actor=reader), ids)}


def _security(notification: Notification, event: Event) -> bool:
    """Whether it is about the safety of an account: that comes whatever its owner chose."""
    lines = NEWS[Verb(event.verb)]
    theirs = lines if isinstance(lines, tuple) else ()
    return any(one.to == notification.audience and one.security for one in theirs)


def _one(ctx: Context, piece: _Piece) -> Words:
    deadline = piece.deadline
    until = deadline.says if deadline and deadline.says not in piece.told.body else ""
    return Words(
        subject=piece.told.subject,
        why=f"You get this because {piece.told.why}.",
        lines=tuple(
            filter(None, (piece.told.body, until and f"Authorities can join until {until}."))
        ),
        link=("Open it in the marketplace", f"{ctx.settings.address}{piece.told.href}"),
    )


def _several(ctx: Context, pieces: Sequence[_Piece]) -> Words:
    groups = [
        Group(topic.label, tuple(_line(one) for one in pieces if one.topic is topic))
        for topic in Topic
        if any(one.topic is topic for one in pieces)
    ]
    counted = ", ".join(f"{one.title} ({len(one.lines)})" for one in groups)
    return Words(
        subject=f"{len(pieces)} things to read: {counted}",
        why="You get this because it concerns what you do in the marketplace. Each line says how.",
        lines=(),
        groups=tuple(groups),
        link=("Read them in the marketplace", f"{ctx.settings.address}{INBOX}"),
    )


def _line(piece: _Piece) -> str:
    body = f" {piece.told.body}" if piece.told.body else ""
    return f"{piece.told.subject}.{body} (Because {piece.told.why})"

"""How people get in, and what they do about it: links, ways in, and sessions."""

import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col

from auth import tokens
from auth.actor import Actor, Kind
from marketplace.accounts import links, queries
from marketplace.accounts.models import Identity, MailLink, SignIn
from marketplace.core import db
from marketplace.core.context import Context
from marketplace.core.errors import Conflict, NotFound
from marketplace.organisations.models import Organisation, Person, Standing
from marketplace.perform import lock, perform
from marketplace.verbs import Verb

TAKEN = "Somebody else gets in this way already, so it cannot be yours too."
SEEN_EVERY = timedelta(minutes=5)  # so that looking around is not writing all the time


def begin(
    session: Session,
    person_id: UUID,
    at: datetime,
    *,
    issuer: str,
    membership_id: UUID | None = None,
    browser: str = "",
    id_token: str = "",
    instead_of: str = "",
) -> str:
    """A new session of a person; its token, which only their browser will have.

    Without `membership_id`, or where that does not count at the moment, they act for the one of
    their organisations that they acted for last, or the first, if they have any.
    `instead_of` is the token of the session that the browser had until now: it ends, so that a
    token known before signing in is worth nothing afterwards.
    """
    if instead_of:
        end(session, at, token_hash=tokens.digest(instead_of))
    theirs = [one.id for one, _ in queries.memberships(session, person_id)]
    if membership_id not in theirs:
        last = queries.last_membership(session, person_id) if len(theirs) > 1 else None
        membership_id = last if last in theirs else next(iter(theirs), None)
    token = tokens.new()
    session.add(
        SignIn(
            token_hash=tokens.digest(token),
            person_id=person_id,
            membership_id=membership_id,
            issuer=issuer,
            browser=browser[:200],
            id_token=id_token,
            proved_at=at,
            seen_at=at,
            created_at=at,
        )
    )
    session.exec(update(Person).where(col(Person.id) == person_id).values(last_seen_at=at))
    return token


def end(session: Session, at: datetime, **of: object) -> None:
    """Ends the open sessions of which all this is true: a `person_id`, a `token_hash` …"""
    session.exec(
        update(SignIn)
        .where(
            col(SignIn.ended_at).is_(None),
            *(getattr(SignIn, name) == value for name, value in of.items()),
        )
        .values(ended_at=at)
    )


def take_id_token(session: Session, session_id: UUID) -> str:
    """The ID token of a session that has ended, for its provider to end its own; it is kept no
    longer.
    """
    over = session.get(SignIn, session_id)
    if over is None or over.ended_at is None:
        return ""
    token, over.id_token = over.id_token, ""
    return token


def end_for(ctx: Context, *, membership_ids: list[UUID]) -> None:
    """Ends every session in which somebody acts by one of these memberships; support that looks
    with the eyes of one looks with its own again.
    """
    ctx.session.exec(
        update(SignIn)
        .where(col(SignIn.ended_at).is_(None), col(SignIn.membership_id).in_(membership_ids))
        .values(ended_at=ctx.now)
    )
    look_no_more(ctx, looking_as=membership_ids)


def look(ctx: Context, membership_id: UUID) -> None:
    """Lets the session that asks look with the eyes of a member."""
    ctx.session.exec(
        update(SignIn)
        .where(col(SignIn.id) == ctx.actor.session_id)
        .values(looking_as=membership_id, looking_since=ctx.now)
    )


def look_no_more(ctx: Context, **of: list[UUID]) -> None:
    """Lets sessions look with their own eyes again, by their `id`, by the `membership_id` that they
    act by, or by the one that they are `looking_as`.
    """
    ctx.session.exec(
        update(SignIn)
        .where(
            col(SignIn.looking_as).is_not(None),
            *(getattr(SignIn, name).in_(ids) for name, ids in of.items()),
        )
        .values(looking_as=None, looking_since=None)
    )


def renew(ctx: Context, **changes: object) -> str:
    """A new token of the session that asks, in place of the one that it had."""
    token = tokens.new()
    ctx.session.exec(
        update(SignIn)
        .where(col(SignIn.id) == ctx.actor.session_id)
        .values(token_hash=tokens.digest(token), **changes)
    )
    return token


def seen(on: Engine | Session, session_id: UUID, person_id: UUID, at: datetime) -> None:
    """Notes that a session is in use: in a transaction that writes anyway, or in one of its own."""
    if isinstance(on, Engine):
        with suppress(OperationalError), db.writing(on) as session:  # busy: the next page notes it
            seen(session, session_id, person_id, at)
            session.commit()
        return
    on.exec(update(SignIn).where(col(SignIn.id) == session_id).values(seen_at=at))
    on.exec(update(Person).where(col(Person.id) == person_id).values(last_seen_at=at))


def switch(ctx: Context, membership_id: UUID) -> Organisation:
    """Lets the session that asks act for another of the person's organisations."""
    theirs = queries.memberships(ctx.session, ctx.actor.person_id)
    found = next((of for one, of in theirs if one.id == membership_id), None)
    if found is None:
        raise NotFound("You act for no such organisation.")
    own = queries.own_session(ctx, ctx.actor.session_id)
    perform(ctx, Verb.SESSION_SWITCH, own, organisation=found.called)
    return found


def end_one(ctx: Context, own: SignIn) -> None:
    perform(ctx, Verb.SESSION_END, own)
    own.ended_at = ctx.now


def end_others(ctx: Context) -> int:
    """Ends every session of the person but the one that asks; how many those were."""
    others = [one for one in queries.sessions(ctx) if one.id != ctx.actor.session_id]
    for one in others:
        end_one(ctx, one)
    return len(others)


def rename(ctx: Context, name: str) -> None:
    person = queries.oneself(ctx)
    perform(ctx, Verb.PERSON_RENAME, person)
    person.name = name


# ---- Links by e-mail


def ask(
    ctx: Context, email: str, browser_hash: str, then: str = "", *, own: bool = False
) -> MailLink:
    """Has a link sent: to sign in or, for the person who is signed in (`own`), to confirm that it
    is them or to add the address to their ways in. It does the same for every address.
    """
    link = MailLink(
        email=email,
        browser_hash=browser_hash,
        then=then,
        person_id=ctx.actor.person_id if own else None,
        expires_at=ctx.now + timedelta(minutes=ctx.settings.link_minutes),
        created_at=ctx.now,
    )
    perform(ctx, Verb.LINK_ASK, link)
    return link


def usable(ctx: Context, link: MailLink) -> bool:
    """Whether a link can be used now; what else wants to use it waits for this transaction."""
    lock(ctx, link)
    return link.used_at is None and ctx.now < link.expires_at


def tried(ctx: Context, link: MailLink, typed: str) -> bool:
    """Whether these are the figures of a link, one of the few tries that it has."""
    if link.tries >= links.TRIES:
        return False
    link.tries += 1
    return hmac.compare_digest(typed, links.code(ctx.settings, link))


# ---- Ways in


class OtherWay(Conflict):
    """Somebody with this address gets in by another way, and so it stays until they say so."""

    def __init__(self, ways: list[str]) -> None:
        super().__init__("You already get in another way.")
        self.ways = ways


@dataclass(frozen=True, slots=True)
class Arrived:
    """Whoever got in by an identity; `new` when they were not known before."""

    identity: Identity
    new: bool


def arrive(
    ctx: Context, *, issuer: str, subject: str, title: str, email: str, name: str = ""
) -> Arrived | None:
    """Who gets in by what an issuer vouches for, made known if need be; None when nobody does,
    because the person is suspended.

    An address alone makes nobody somebody who is known already: raises OtherWay. Otherwise
    whoever is given an address, by an employer or by a provider that does not check, would get
    the account of whoever had it.
    """
    # In this order: another of their browsers makes both known at once, at any moment.
    there = queries.at_address(ctx.session, email)
    identity, new = queries.identity(ctx.session, issuer, subject), False
    if identity is None:
        if there:
            if there.stage != Standing.ACTIVE:
                return None
            raise OtherWay(queries.ways_in(ctx.session, there.id))
        try:
            with ctx.session.begin_nested():
                identity, new = _newcomer(ctx, issuer, subject, title, email, name), True
        except IntegrityError:  # another of their links was quicker
            identity = queries.identity(ctx.session, issuer, subject)
            if identity is None:
                raise OtherWay([]) from None
    if identity.person.stage != Standing.ACTIVE:
        return None
    identity.used_at = ctx.now
    return Arrived(identity, new)


def _newcomer(
    ctx: Context, issuer: str, subject: str, title: str, email: str, name: str
) -> Identity:
    person = Person(name=name or email.partition("@")[0], email=email.lower())
    ctx.session.add(person)
    ctx.session.flush()
    identity = Identity(issuer=issuer, subject=subject, title=title, person_id=person.id)
    themselves = replace(ctx, actor=Actor(person.name, Kind.PUBLIC, person_id=person.id))
    perform(themselves, Verb.IDENTITY_ADD, identity, way=title, first=True)
    return identity


def add_way_in(ctx: Context, *, issuer: str, subject: str, title: str) -> bool:
    """Joins a way in to the person who is signed in; whether it was new to them."""
    known = queries.identity(ctx.session, issuer, subject)
    if known and known.person_id == ctx.actor.person_id:
        known.used_at = ctx.now
        return False
    if known:
        raise Conflict(TAKEN)
    identity = Identity(
        issuer=issuer, subject=subject, title=title, person_id=ctx.actor.person_id, used_at=ctx.now
    )
    try:
        with ctx.session.begin_nested():
            perform(ctx, Verb.IDENTITY_ADD, identity, way=title)
            ctx.session.flush()
    except IntegrityError:
        raise Conflict(TAKEN) from None
    return True


def drop_way_in(ctx: Context, identity: Identity) -> None:
    """Takes a way in away, but never the last."""
    lock(ctx, queries.oneself(ctx))  # of two hands that take the last two, one comes second
    if len(queries.identities(ctx)) < 2:
        raise Conflict("This is your only way in. Add another before you remove it.")
    perform(ctx, Verb.IDENTITY_DROP, identity, way=identity.title)
    ctx.session.delete(identity)

"""Getting in by a link: the page that waits for it, the link itself, and the figures beside it.

A mail scanner opens every link, so opening one changes nothing: a page has a button. In the browser
that asked, which is known by a value in its signed cookie, the button is enough. In another browser
the page says which address the button signs in, and that somebody asked for it elsewhere. Whoever
is sent a link that they never asked for is thereby warned, and one who asked at their desk can open
it on the telephone where they read their mail. What nobody gains is the browser that asked: the
link signs in the browser in which the button is pressed and never the other, so asking for somebody
else's link gets one nowhere. The figures do sign in the browser that asked, and only that one; the
mail says that they are for nobody else.

A link that somebody signed in asked for, to confirm that it is them or to add an address, works
only where they are signed in.
"""

import hmac
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from auth import tokens
from marketplace.accounts import actions, links, queries, seam
from marketplace.accounts.forms import Asking, Typed, Typing
from marketplace.accounts.models import BY_MAIL, MailLink
from marketplace.core import throttle
from marketplace.core.context import Context, Opening
from marketplace.core.errors import Conflict, TooMany
from marketplace.core.forms import BoundForm
from marketplace.core.pages import flash, go, onward, page
from marketplace.organisations.models import Standing
from marketplace.verbs import Verb

router = APIRouter(route_class=Opening, prefix="/sign-in/link")

TITLE = "A link by e-mail"  # of the way in
ASKED = "asked"  # what the browser that asked knows
OFTEN = "Links by e-mail were asked for too often, for this address or from where you are."


def send(request: Request, ctx: Context, email: str, then: str = "", *, own: bool = False) -> None:
    """Has a link sent to an address, and lets this browser know it again. Raises TooMany."""
    throttle.hit(request, "links", says=OFTEN)
    throttle.hit(request, "link", email, says=OFTEN)
    known: str = request.session.setdefault(ASKED, tokens.new())
    actions.ask(ctx, email, tokens.digest(known), then, own=own)


def too_many(
    request: Request, template: str, form: BoundForm[Asking], why: TooMany, **values: Any
) -> Response:
    """The form again with what was typed, and when it can be sent."""
    refused = form.refused("email", f"{why} Try again {why.wait}")
    answer = page(request, template, form=refused, **values)
    answer.status_code, answer.headers["Retry-After"] = why.status, str(why.seconds)
    return answer


@router.get("/sent", name="link.sent")
def sent(request: Request, ctx: Context) -> Response:
    """The page after asking, the same for every address."""
    link = queries.asked(ctx.session, _remembered(request), ctx.now)
    return _waiting(request, ctx, link, BoundForm(Typing)) if link else go(request, "sign-in")


@router.post("/sent", name="link.type")
def type_(request: Request, ctx: Context, form: Typed) -> Response:
    link = queries.asked(ctx.session, _remembered(request), ctx.now)
    if link is None or not actions.usable(ctx, link):
        return _over(request)
    if form.value is None:
        return _waiting(request, ctx, link, form)
    try:
        throttle.hit(request, "code", says="Figures were typed too often from where you are.")
    except TooMany as why:
        answer = _waiting(request, ctx, link, form.refused("code", f"{why} Try again {why.wait}."))
        answer.status_code, answer.headers["Retry-After"] = why.status, str(why.seconds)
        return answer
    if actions.tried(ctx, link, form.value.code):
        return _use(request, ctx, link)
    left = links.TRIES - link.tries
    why_not = "The six-figure code was wrong too often. Use the link in the e-mail"
    if left:
        times = "once more" if left == 1 else f"{left} more times"
        why_not = f"The six-figure code is another one. You can try {times}"
    return _waiting(request, ctx, link, form.refused("code", why_not))


@router.get("/{token}", name="link.use")
def look(request: Request, ctx: Context, token: str) -> Response:
    link = _found(ctx, token)
    if link is None or not _working(ctx, link):
        return _over(request)
    return page(
        request,
        "accounts/link.html",
        link=link,
        token=token,
        same_browser=_same_browser(request, link),
        own=_own(ctx, link),
        adds=link.person_id and not _known(ctx, link),
    )


@router.post("/{token}", name="link.use")
def use(request: Request, ctx: Context, token: str) -> Response:
    link = _found(ctx, token)
    if link is None or not actions.usable(ctx, link):
        return _over(request)
    return _use(request, ctx, link)


def _use(request: Request, ctx: Context, link: MailLink) -> Response:
    """What a link is for, done once: it is locked and has not been used."""
    if link.person_id:
        return _confirm(request, ctx, link)
    try:
        arrived = actions.arrive(
            ctx, issuer=BY_MAIL, subject=link.email, title=TITLE, email=link.email
        )
    except actions.OtherWay as why:
        return page(request, "accounts/other-way.html", status=why.status, link=link, ways=why.ways)
    link.used_at = ctx.now
    if arrived is None:
        return _over(request)
    answer = onward(request, link.then, "home")
    if arrived.new:
        answer = _named(request, link.then)
    seam.sign_in(request, ctx, answer, arrived.identity.person_id, issuer=BY_MAIL)
    return answer


def _confirm(request: Request, ctx: Context, link: MailLink) -> Response:
    """The person who is signed in reads the mail at an address: it is them, or one more way in."""
    if not _own(ctx, link):
        raise Conflict(
            "This link works only in the browser in which you were signed in when you asked for it."
        )
    new = actions.add_way_in(ctx, issuer=BY_MAIL, subject=link.email, title=TITLE)
    link.used_at = ctx.now
    answer = onward(request, link.then, "account")
    if new:
        flash(request, f"You can now sign in with a link sent to {link.email}.")
    else:
        flash(request, "You confirmed that it is you. You can go on.")
        seam.renew(request, ctx, answer, proved_at=ctx.now)
    return answer


def _named(request: Request, then: str) -> Response:
    """To the page that asks newcomers for their name, and leads on from there."""
    name = str(request.app.url_path_for(Verb.PERSON_RENAME))
    return onward(request, f"{name}?{urlencode({'then': then})}" if then else name, "home")


def _found(ctx: Context, token: str) -> MailLink | None:
    id = links.id_of(ctx.settings, token)
    return queries.link(ctx.session, id) if id else None


def _working(ctx: Context, link: MailLink) -> bool:
    """Whether a link still leads anywhere, as far as looking can tell."""
    if link.used_at or ctx.now >= link.expires_at:
        return False
    person = queries.reader(ctx.session, link.email)
    return person is None or person.stage == Standing.ACTIVE


def _known(ctx: Context, link: MailLink) -> bool:
    return queries.identity(ctx.session, BY_MAIL, link.email) is not None


def _own(ctx: Context, link: MailLink) -> bool:
    return link.person_id == ctx.actor.person_id and not ctx.actor.seen_through


def _remembered(request: Request) -> str:
    """What was kept of this browser when it asked; of one that never did, what nobody has."""
    return tokens.digest(request.session.get(ASKED) or tokens.new())


def _same_browser(request: Request, link: MailLink) -> bool:
    return hmac.compare_digest(_remembered(request), link.browser_hash)


def _waiting(request: Request, ctx: Context, link: MailLink, form: BoundForm[Typing]) -> Response:
    minutes = ctx.settings.link_minutes
    return page(request, "accounts/sent.html", link=link, form=form, minutes=minutes)


def _over(request: Request) -> Response:
    """The same for a link that was used, is too old, was cut off or never was."""
    return page(request, "accounts/link-over.html", status=404)

"""Refusing what comes too often, with when to come back."""

from fastapi import Request

from auth import throttle
from auth.actor import Actor
from marketplace.core.errors import TooMany


def hit(request: Request, name: str, of: str = "", *, says: str = "") -> None:
    """Counts one more of `name`, one of `auth.throttle.LIMITS`, and raises TooMany when it is one
    too many. It is counted for `of` or, without, for the address that the request comes from.
    """
    counters: throttle.Throttle = request.app.state.throttle
    if wait := counters.hit(name, of or throttle.client(request)):
        raise TooMany(says or "There were too many requests from where you are.", wait)


def search(request: Request, who: Actor) -> None:
    """Counts one more search. Whoever signed in is counted by themselves, because an authority's
    people often come from one address.
    """
    hit(request, "search", str(who.person_id) if who.known else "")

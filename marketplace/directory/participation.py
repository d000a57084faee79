"""How London's authorities take part, as a map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.directory.queries import Taking
from marketplace.organisations.tiles import (
    PLACES,
    Standing,
    State,
    Tile,
    others,
    tiles,
)


@dataclass(frozen=True, slots=True)
class Map:
    tiles: Sequence[Tile]
    others: Sequence[Tile]  # authorities that have no place on it, if they take part


def drawn(taking: Sequence[Taking], url_for: Callable[..., Any]) -> Map:
    """The map; every authority that takes part leads to its own page."""
    stands = [(one, _standing(one, url_for)) for one in taking if one.part]
    return Map(
        tiles({one.authority.gss_code: to for one, to in stands if one.authority.gss_code}),
        others(
            (one.authority.called, to) for one, to in stands if one.authority.gss_code not in PLACES
        ),
    )


def says(taking: Sequence[Taking]) -> str:
    """The finding, such as "12 authorities take part"."""
    number = sum(1 for one in taking if one.part)
    if not number:
        return "No authority takes part yet"
    return "1 authority takes part" if number == 1 else f"{number} authorities take part"


def _standing(one: Taking, url_for: Callable[..., Any]) -> Standing:
    """What it does most of all gives the colour; the words say all of it."""
    counts = ((one.posted, "posted"), (one.joined, "joined"), (one.watching, "watching"))
    words = ", ".join(f"{number} {what}" for number, what in counts if number)
    state: State = "posted" if one.posted else "same-need" if one.joined else "watching"
    return Standing(state, words, str(url_for("authority.show", id=one.authority.id)))

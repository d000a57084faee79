"""London's 33 authorities as equal tiles: where each lies on the squared map, and what it did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["posted", "same-need", "watching", "not-yet"]

# GSS code: short name, row, column. Neighbours on the ground stay neighbours on the grid.
PLACES: Mapping[str, tuple[str, int, int]] = {
    "E09000001": ("City of London", 4, 5),
    "E09000002": ("Barking and Dagenham", 4, 8),
    "E09000003": ("Barnet", 2, 4),
    "E09000004": ("Bexley", 5, 8),
    "E09000005": ("Brent", 3, 3),
    "E09000006": ("Bromley", 6, 6),
    "E09000007": ("Camden", 3, 4),
    "E09000008": ("Croydon", 6, 5),
    "E09000009": ("Ealing", 3, 2),
    "E09000010": ("Enfield", 1, 5),
    "E09000011": ("Greenwich", 5, 7),
    "E09000012": ("Hackney", 3, 6),
    "E09000013": ("Hammersmith and Fulham", 4, 2),
    "E09000014": ("Haringey", 2, 5),
    "E09000015": ("Harrow", 2, 3),
    "E09000016": ("Havering", 3, 8),
    "E09000017": ("Hillingdon", 3, 1),
    "E09000018": ("Hounslow", 4, 1),
    "E09000019": ("Islington", 3, 5),
    "E09000020": ("Kensington and Chelsea", 4, 3),
    "E09000021": ("Kingston", 6, 3),
    "E09000022": ("Lambeth", 5, 4),
    "E09000023": ("Lewisham", 5, 6),
    "E09000024": ("Merton", 6, 4),
    "E09000025": ("Newham", 4, 7),
    "E09000026": ("Redbridge", 3, 7),
    "E09000027": ("Richmond", 5, 2),
    "E09000028": ("Southwark", 5, 5),
    "E09000029": ("Sutton", 7, 4),
    "E09000030": ("Tower Hamlets", 4, 6),
    "E09000031": ("Waltham Forest", 2, 6),
    "E09000032": ("Wandsworth", 5, 3),
    "E09000033": ("Westminster", 4, 4),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What an authority did, in a state for the colour and in words for everybody."""

    state: State
    words: str
    href: str = ""


NOT_YET = Standing("not-yet", "Not yet")


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    standing: Standing
    row: int = 0
    column: int = 0


def tiles(standings: Mapping[str, Standing]) -> tuple[Tile, ...]:
    """The map, north to south and west to east; by GSS code what is known of an authority."""
    by_place = sorted(PLACES.items(), key=lambda item: item[1][1:])
    return tuple(
        Tile(name, standings.get(gss, NOT_YET), row, column)
        for gss, (name, row, column) in by_place
    )


def adjoin(one: str | None, other: str | None) -> bool:
    """Whether two authorities, by their GSS codes, lie side by side: tiles that share an edge are
    neighbours on the ground, while corners are not always.
    """
    here, there = PLACES.get(one or ""), PLACES.get(other or "")
    if here is None or there is None:
        return False
    (_, row, column), (_, other_row, other_column) = here, there
    return abs(row - other_row) + abs(column - other_column) == 1


def others(bodies: Iterable[tuple[str, Standing]]) -> tuple[Tile, ...]:
    """Bodies that have no place on the map, such as Transport for London, in a row beneath it."""
    return tuple(Tile(name, standing) for name, standing in bodies)

"""What weights have to make together: for every authority, the shared criteria and its own make
exactly 100. So a lot's points are out of 100, whichever authorities it serves.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

HUNDRED = Decimal(100)
Weighed = Iterable[tuple[Decimal, str]]  # a weight, and the id of the authority that it is local to
RULE = "For every authority, the shared criteria and its own make exactly 100"


def together(weights: Weighed, authorities: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """What the weights make: in all, or by the name of each authority where some are local."""
    known = list(weights)
    shared = sum((one for one, of in known if not of), Decimal(0))
    if not any(of for _, of in known):
        return [("", shared)]
    return [
        (name, shared + sum((one for one, of in known if of == id), Decimal(0)))
        for id, name in authorities.items()
    ]


def wrong(weights: Weighed, authorities: Mapping[str, str]) -> str:
    """Why weights cannot stay as they are, without a full stop; nothing when they can."""
    for name, sum_ in together(weights, authorities):
        if sum_ == HUNDRED:
            continue
        if not name:
            return f"The weights make {sum_}. Together they must make exactly 100"
        return f"The weights make {sum_} for {name}. {RULE}"
    return ""

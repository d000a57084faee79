"""Why the tender that is ranked first may be passed over, and what stops a signature."""

from datetime import date
from enum import StrEnum

from marketplace.core.labels import Labelled
from marketplace.law.sources import Source, regulation, rule, section


class Disregarded(StrEnum):
    """Why a tender that was assessed does not win: a closed list."""

    label: str
    source: Source

    # the defaults are for type checkers, which take Disregarded("withdrawn") for a call of this
    def __new__(cls, slug: str, label: str = "", source: Source | None = None) -> "Disregarded":
        ground = str.__new__(cls, slug)
        ground._value_ = slug
        ground.label = label
        ground.source = source or section("19")
        return ground

    CONDITIONS = (
        "conditions",
        "It does not satisfy the conditions of participation",
        section("19(3)"),
    )
    LOW = "low", "Its price is abnormally low, and the supplier was asked", section("19(3)")
    PROCEDURE = "procedure", "It breaks a rule of the procedure that was stated", section("19(3)")
    EXCLUDED = "excluded", "Its supplier is excluded or excludable", section("26")
    LIMIT = "limit", "It has won as many lots as one supplier can win", section("18")
    WITHDRAWN = "withdrawn", "Its supplier withdrew it", section("19")
    SET_ASIDE = "set-aside", "An award to it was set aside", section("19")


class Unawarded(Labelled):
    """Why nothing is awarded."""

    CANCELLED = "cancelled", "The procurement is cancelled"
    NONE_SUITABLE = "none-suitable", "No tender was suitable"


SUMMARIES = rule(
    "Every supplier whose tender was assessed gets an assessment summary, all at the same time, "
    "before the award notice is published.",
    section("50(3)"),
    regulation("31"),
)
NO_AWARD = rule(
    "After the decision to award nothing, a procurement termination notice is published as soon "
    "as reasonably practicable.",
    section("55"),
)
SUSPENSION = rule(
    "When proceedings are begun and the authority is told of it before the standstill ends, the "
    "contract may not be signed until a court allows it, or the proceedings end.",
    section("101"),
)


def suspends(told: date, standstill_ends: date | None) -> bool:
    """Whether proceedings that an authority was told of on that day stop the signature by
    themselves: only while a standstill runs.
    """
    return standstill_ends is not None and told <= standstill_ends

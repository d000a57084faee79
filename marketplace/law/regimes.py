"""Which law a procurement is under, by the day on which it begins."""

from dataclasses import dataclass
from datetime import date

from marketplace.core.labels import Labelled
from marketplace.law.sources import Rule, Source, rule, section

STARTS = date(2025, 2, 24)


class Regime(Labelled):
    """The body of law that a procurement stays under to its end."""

    PA2023 = "pa2023", "Procurement Act 2023"
    PCR2015 = "pcr2015", "Public Contracts Regulations 2015"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The regime, and why it is that one."""

    regime: Regime
    rule: Rule


def regime_of(begins: date, *, under_earlier_framework: bool = False) -> Ruling:
    """A procurement begun before 24 February 2025, or called off under an agreement that was,
    stays under the earlier regulations and their notices.
    """
    if under_earlier_framework:
        return Ruling(Regime.PCR2015, _CALL_OFF)
    return Ruling(*((Regime.PA2023, _NEW) if begins >= STARTS else (Regime.PCR2015, _OLD)))


_COMMENCEMENT = Source(
    "",
    "Procurement Act 2023 (Commencement No. 3 and Transitional and Saving Provisions) "
    "Regulations 2024",
)
_NEW = rule(
    "A procurement that begins on or after 24 February 2025 is under the Procurement Act 2023.",
    section("127"),
    _COMMENCEMENT,
)
_OLD = rule(
    "A procurement that began before 24 February 2025 stays under the Public Contracts "
    "Regulations 2015 and their notices to its end.",
    _COMMENCEMENT,
)
_CALL_OFF = rule(
    "A call-off under a framework or dynamic purchasing system that was itself procured under the "
    "Public Contracts Regulations 2015 stays under them.",
    _COMMENCEMENT,
)


@dataclass(frozen=True, slots=True)
class Change:
    """A day from which the law is different, and how."""

    since: date
    rule: Rule


CHANGES: tuple[Change, ...] = (
    Change(STARTS, _NEW),
    Change(
        date(2026, 1, 1),
        rule(
            "New thresholds apply. Payments compliance notices and the publication of contract "
            "performance begin.",
            Source("SI 2025/1200", "", "https://www.legislation.gov.uk/uksi/2025/1200"),
            section("69"),
            section("71"),
        ),
    ),
    Change(
        date(2026, 2, 4),
        rule(
            "Boroughs may reserve below-threshold contracts for suppliers of an area.",
            Source(
                "",
                "Local Government (Exclusion of Non-commercial Considerations) (England) "
                "Order 2026",
                "https://www.legislation.gov.uk/uksi/2026/94",
            ),
        ),
    ),
    Change(
        date(2026, 3, 24),
        rule(
            "The Procurement (Amendment) Regulations 2026 begin, in stages to 1 October 2026: "
            "publication when the platform is down, whether a below-threshold tender is reserved "
            "for small suppliers or social enterprises, the supplier's identifier in notices "
            "below the threshold, and the content of payment information.",
            Source("", "Procurement (Amendment) Regulations 2026"),
            unsure="Which of these items begins on which day is not confirmed.",
        ),
    ),
    Change(
        date(2026, 4, 1),
        rule(
            "Each payment over £30,000 under a public contract is published every quarter.",
            section("70"),
        ),
    ),
)

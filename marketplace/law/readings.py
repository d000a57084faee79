"""How law that nobody has confirmed from a primary text is read here; an operator may decide."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Readings:
    """What is taken to be so, until somebody knows better."""

    # the proposals of June 2025: public interest test, 10% for jobs and skills over £5 million
    proposals_in_force: bool = False
    # UK8 can be published on the platform
    payment_notice_live: bool = False


READINGS = Readings()

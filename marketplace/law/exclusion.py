"""The grounds on which a supplier can be kept out, as a bidder declares them."""

from dataclasses import dataclass

from marketplace.law.sources import Source, schedule, section


@dataclass(frozen=True, slots=True)
class Grounds:
    """One sort of grounds: in short what they are, what follows, and where it says so."""

    key: str
    called: str
    grounds: tuple[str, ...]
    follows: str
    sources: tuple[Source, ...]

    @property
    def cited(self) -> str:
        """Such as "Schedule 6 and sections 26 and 57 of the Procurement Act 2023"."""
        return ", ".join(source.short for source in self.sources)


MANDATORY = Grounds(
    "mandatory",
    "Mandatory exclusion grounds",
    (
        "Convictions for corporate manslaughter, terrorism, theft, fraud, bribery, slavery and "
        "trafficking, labour market or tax offences, organised crime, or a cartel",
        "Penalties and decisions about abusive tax arrangements, VAT fraud or tax errors",
        "Infringements of competition law",
        "Failure to cooperate with an investigation of a Minister",
    ),
    "An authority must leave out the bid of an excluded supplier.",
    (schedule(6), section("26"), section("57(1)")),
)
DISCRETIONARY = Grounds(
    "discretionary",
    "Discretionary exclusion grounds",
    (
        "Labour market or environmental misconduct, or professional misconduct",
        "Insolvency, or having ceased business",
        "Suspected infringements of competition law",
        "Breach of a contract, or poor performance of one",
        "Acting improperly in a procurement",
        "A threat to national security",
    ),
    "An authority may leave out the bid of an excludable supplier.",
    (schedule(7), section("26"), section("57(2)")),
)
SELF_CLEANING = section("58")
SUBCONTRACTORS = section("28")
DEBARMENT = section("62")

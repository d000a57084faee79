"""The statutory notices UK1 to UK17: what each is, and which a route needs, in order."""

from dataclasses import dataclass
from enum import StrEnum

from marketplace.core.labels import Labelled
from marketplace.law.routes import CONCESSIONS, LIGHT_TOUCH, Contract, Route
from marketplace.law.sources import Source, regulation, section


class Need(Labelled):
    """Whether a notice is published."""

    REQUIRED = "required", "Required"
    IF = "if", "Only where it applies"
    OPTIONAL = "optional", "Optional"


class Notice(StrEnum):
    """A notice by its number on the Central Digital Platform."""

    label: str
    sources: tuple[Source, ...]

    # the defaults are for type checkers, which take Notice("UK4") for a call of this
    def __new__(cls, code: str, label: str = "", *sources: Source) -> "Notice":
        notice = str.__new__(cls, code)
        notice._value_ = code
        notice.label = label
        notice.sources = sources
        return notice

    UK1 = "UK1", "Pipeline notice", section("93"), regulation("15")
    UK2 = "UK2", "Preliminary market engagement notice", section("17"), regulation("17")
    UK3 = "UK3", "Planned procurement notice", section("15"), regulation("16")
    UK4 = "UK4", "Tender notice", section("21"), regulation("18-22")
    UK5 = "UK5", "Transparency notice", section("44"), regulation("26")
    UK6 = "UK6", "Contract award notice", section("50"), regulation("27")
    UK7 = "UK7", "Contract details notice", section("53"), regulation("32-36")
    UK8 = "UK8", "Contract payment notice", section("70")
    UK9 = "UK9", "Contract performance notice", section("71"), regulation("39")
    UK10 = "UK10", "Contract change notice", section("75"), regulation("40")
    UK11 = "UK11", "Contract termination notice", section("80"), regulation("41")
    UK12 = "UK12", "Procurement termination notice", section("55"), regulation("37")
    UK13 = "UK13", "Dynamic market intention notice", section("39"), regulation("25")
    UK14 = "UK14", "Dynamic market establishment notice", section("39"), regulation("25")
    UK15 = "UK15", "Dynamic market modification notice", section("39"), regulation("25")
    UK16 = "UK16", "Dynamic market cessation notice", section("39"), regulation("25")
    UK17 = "UK17", "Payments compliance notice", section("69"), regulation("38")


@dataclass(frozen=True, slots=True)
class Duty:
    """A notice in the order of a route: whether, and when in words."""

    notice: Notice
    need: Need
    when: str
    sources: tuple[Source, ...] = ()  # instead of the notice's own
    without: frozenset[Contract] = frozenset()  # contracts that are exempt
    unsure: str = ""

    @property
    def where(self) -> tuple[Source, ...]:
        return self.sources or self.notice.sources


UNSURE_PAYMENT_NOTICE = "Whether the platform takes this notice yet is not confirmed."
UNSURE_USER_CHOICE = "Whether a user choice contract needs this notice is not confirmed."
PIPELINE = Duty(
    Notice.UK1,
    Need.IF,
    "Between 1 April and 26 May each year, where the authority expects to pay more than £100 "
    "million in the year: it lists contracts over £2 million to be advertised in 18 months.",
)
ENGAGEMENT = Duty(
    Notice.UK2,
    Need.IF,
    "Before the tender notice when the market is engaged beforehand, or the tender notice says "
    "why there was none.",
)
PLANNED = Duty(
    Notice.UK3,
    Need.OPTIONAL,
    "From 12 months to 40 days before the tender notice it shortens the tendering period.",
)
TENDER = Duty(
    Notice.UK4,
    Need.REQUIRED,
    "It begins the competition, and is out before anything is published elsewhere.",
)
TRANSPARENCY = Duty(Notice.UK5, Need.REQUIRED, "Before the contract is awarded.")
AWARD = Duty(
    Notice.UK6,
    Need.REQUIRED,
    "After every assessed supplier has its assessment summary, and before the contract is signed. "
    "It begins the standstill.",
)
AWARD_ALONE = Duty(Notice.UK6, Need.REQUIRED, "Before the contract is signed.")
DETAILS = Duty(
    Notice.UK7,
    Need.REQUIRED,
    "Within 30 days, beginning with the day of signature.",
    without=LIGHT_TOUCH,
)
DETAILS_LIGHT = Duty(
    Notice.UK7,
    Need.REQUIRED,
    "Within 120 days, beginning with the day of signature.",
    without=frozenset(Contract) - LIGHT_TOUCH,
)
PAYMENT = Duty(
    Notice.UK8,
    Need.IF,
    "For each payment over £30,000: within 30 days, beginning with the last day of the quarter.",
    unsure=UNSURE_PAYMENT_NOTICE,
)
PERFORMANCE = Duty(
    Notice.UK9,
    Need.REQUIRED,
    "Where there are key performance indicators, at least once in 12 months and at the end. After "
    "a breach or poor performance, within 30 days.",
)
BREACH = Duty(
    Notice.UK9,
    Need.IF,
    "After a breach or poor performance of the supplier, within 30 days.",
    without=LIGHT_TOUCH,
)
CHANGE = Duty(
    Notice.UK10,
    Need.IF,
    "Before the contract is changed. Not for a change of the value by 10% or less (works: 15%) "
    "that changes the term by 10% or less.",
    without=LIGHT_TOUCH,
)
TERMINATION = Duty(
    Notice.UK11,
    Need.REQUIRED,
    "Within 30 days, beginning with the day on which the contract ends; running out counts.",
)
NO_AWARD = Duty(
    Notice.UK12,
    Need.IF,
    "As soon as reasonably practicable after the decision to award nothing.",
)
COMPLIANCE = Duty(
    Notice.UK17,
    Need.IF,
    "After each half-year to 31 March and 30 September in which something was paid or due: within "
    "30 days, beginning with the last day of the half-year.",
    without=CONCESSIONS,
)
MARKET = (
    Duty(Notice.UK13, Need.IF, "Before a dynamic market is established."),
    Duty(Notice.UK14, Need.IF, "As soon as reasonably practicable after it is established."),
    Duty(Notice.UK15, Need.IF, "As soon as reasonably practicable after it is changed."),
    Duty(Notice.UK16, Need.IF, "As soon as reasonably practicable after it ceases to operate."),
)
BELOW_TENDER = Duty(
    Notice.UK4,
    Need.IF,
    "Before the contract is advertised anywhere else, from the value at which it is notifiable.",
    (section("87(1)"), regulation("24")),
)
BELOW_DETAILS = Duty(
    Notice.UK7,
    Need.REQUIRED,
    "As soon as reasonably practicable after signature, with the supplier's identifier.",
    (section("87(3)"), regulation("32-36")),
)

_BEFORE = (PIPELINE, ENGAGEMENT, PLANNED)
_LIFE = (PAYMENT, PERFORMANCE, BREACH, CHANGE, TERMINATION, COMPLIANCE)
_COMPETITION = (*_BEFORE, TENDER, AWARD, NO_AWARD, DETAILS, DETAILS_LIGHT, *_LIFE)

ORDER: dict[Route, tuple[Duty, ...]] = {
    Route.OPEN: _COMPETITION,
    Route.FLEXIBLE: _COMPETITION,
    Route.DYNAMIC_MARKET: (PIPELINE, *MARKET, *_COMPETITION[1:]),
    Route.CALL_OFF: (AWARD_ALONE, DETAILS, DETAILS_LIGHT, *_LIFE),
    Route.DIRECT: (PIPELINE, TRANSPARENCY, AWARD_ALONE, *_COMPETITION[5:]),
    Route.BELOW_COMPETED: (BELOW_TENDER, BELOW_DETAILS),
    Route.BELOW_UNCOMPETED: (BELOW_DETAILS,),
}

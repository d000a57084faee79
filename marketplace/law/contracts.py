"""What is due in the life of a contract: details, copy, payments, performance, change and end."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from marketplace.core.times import day
from marketplace.core.working_days import ONE_DAY
from marketplace.law.notices import UNSURE_PAYMENT_NOTICE, Notice
from marketplace.law.periods import last_day
from marketplace.law.routes import CONCESSIONS, LIGHT_TOUCH, Contract
from marketplace.law.sources import Rule, Source, regulation, rule, section
from marketplace.law.thresholds import KEY_INDICATORS_OVER

DETAILS_DAYS, DETAILS_DAYS_LIGHT = 30, 120  # s53(1)
COPY_DAYS, COPY_DAYS_LIGHT = 90, 180  # s53(3)
NOTICE_DAYS = 30  # s69(1), s70(2), s71, s80
EXCLUSION_DAYS = 30  # s59
CLAIM_DAYS = 30  # s106
PERFORMANCE_MONTHS = 12  # s71
RECORDS_YEARS = 3  # s98
INDICATORS = 3  # s52(1): at least so many
WITHOUT_INDICATORS = LIGHT_TOUCH | CONCESSIONS
PAYMENTS_SINCE = date(2026, 1, 1)  # s69 in force: the first half-year is one quarter
QUARTERLY_SINCE = date(2026, 4, 1)  # s70 in force
_LAST_OF_HALF = ((3, 31), (9, 30))
_LAST_OF_QUARTER = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a last day, and why it is that one."""

    key: str  # stays the same when words change: "contract-details"
    what: str
    by: date
    rule: Rule
    notice: Notice | None = None


def contract_details(signed: date, contract: Contract = Contract.GOODS_SERVICES) -> Due:
    """UK7 of a contract that the whole Act applies to."""
    days = DETAILS_DAYS_LIGHT if contract.is_light_touch else DETAILS_DAYS
    return Due(
        "contract-details",
        "Publish the contract details notice",
        last_day(signed, days),
        rule(
            f"Within {days} days, beginning with the day on which the contract is entered into.",
            section("53(1)"),
        ),
        Notice.UK7,
    )


def copy_of_contract(
    signed: date, value: Decimal | None, contract: Contract = Contract.GOODS_SERVICES
) -> Due | None:
    """A copy is published of a contract over £5 million; the value has VAT in it."""
    if value is None or value <= KEY_INDICATORS_OVER:
        return None
    days = COPY_DAYS_LIGHT if contract.is_light_touch else COPY_DAYS
    return Due(
        "copy-of-contract",
        "Publish a copy of the contract",
        last_day(signed, days),
        rule(
            f"A contract over £5 million with VAT is published within {days} days, beginning with "
            "the day on which it is entered into.",
            section("53(3)"),
        ),
    )


def copy_of_change(changed: date, value: Decimal | None) -> Due | None:
    """A copy of the change, or of the contract as changed, is published over £5 million."""
    if value is None or value <= KEY_INDICATORS_OVER:
        return None
    return Due(
        "copy-of-change",
        "Publish a copy of the change, or of the contract as changed",
        last_day(changed, COPY_DAYS),
        rule(
            f"Of a contract over £5 million with VAT, within {COPY_DAYS} days, beginning with the "
            "day of the change.",
            section("77"),
        ),
    )


def termination(ended: date) -> Due:
    """UK11: running out counts as an end."""
    return Due(
        "termination",
        "Publish the contract termination notice",
        last_day(ended, NOTICE_DAYS),
        rule(
            f"Within {NOTICE_DAYS} days, beginning with the day on which the contract ends; "
            "running out counts.",
            section("80(1)"),
        ),
        Notice.UK11,
    )


class Failing(StrEnum):
    """What a supplier's failing came to, of which a notice tells."""

    label: str
    source: Source

    # the defaults are for type checkers, which take Failing("settled") for a call of this
    def __new__(cls, slug: str, label: str = "", source: Source | None = None) -> "Failing":
        failing = str.__new__(cls, slug)
        failing._value_ = slug
        failing.label = label
        failing.source = source or section("71")
        return failing

    POOR = (
        "poor-performance",
        "Poor performance, not put right after a proper chance",
        section("71(4)"),
    )
    DAMAGES = "damages", "A breach for which damages were awarded", section("71(3)")
    SETTLED = "settled", "A breach that was settled by agreement", section("71(3)")
    PARTLY = "partly-ended", "A breach that ended a part of the contract", section("71(3)")
    ENDED = "ended", "A breach that ended the whole contract", section("71(3)")


def no_breach_notice(contract: Contract, *, below_threshold: bool) -> str:
    """Why no notice tells of a breach of such a contract; empty where one does."""
    if below_threshold:
        return "This contract is below the threshold, so section 71 asks for no notice of a breach."
    if contract.is_light_touch:
        return "This is a light touch contract, so section 71 asks for no notice of a breach."
    return ""


def breach(happened: date) -> Due:
    """UK9 after a breach or poor performance. Of a breach that ended the whole contract the notice
    of its end tells: regulation 41.
    """
    return Due(
        "breach",
        "Publish the contract performance notice about the breach or poor performance",
        last_day(happened, NOTICE_DAYS),
        rule(
            f"Within {NOTICE_DAYS} days, beginning with the day of the award of damages, of the "
            "settlement or of the end of a part of the contract; or with the day on which the "
            "authority considered that the supplier had not put its poor performance right.",
            section("71(5)"),
            regulation("39"),
        ),
        Notice.UK9,
    )


def performance(signed: date, ends: date | None = None, after: date | None = None) -> Due:
    """UK9 against the key performance indicators: the next one that is due after a day."""
    years = 1
    while (due := _anniversary(signed, years)) <= (after or signed):
        years += 1
    last = ends is not None and ends <= due
    return Due(
        "performance",
        "Assess performance against the key performance indicators and publish it",
        ends if last and ends is not None else due,
        rule(
            f"At least once in {PERFORMANCE_MONTHS} months, and when the contract ends.",
            section("71"),
            regulation("39"),
        ),
        Notice.UK9,
    )


def payments_compliance(paid: date) -> Due:
    """UK17 for the half-year in which something was paid or due; none ended before 2026."""
    ends = _end(max(paid, PAYMENTS_SINCE), _LAST_OF_HALF)
    return Due(
        "payments-compliance",
        f"Publish the payments compliance notice for the half-year to {day(ends)}, if anything "
        "was paid or due in it",
        last_day(ends, NOTICE_DAYS),
        rule(
            f"Within {NOTICE_DAYS} days, beginning with the last day of the half-year.",
            section("69(1)"),
            section("69(3)"),
            regulation("38"),
        ),
        Notice.UK17,
    )


def payment_information(paid: date) -> Due | None:
    """A payment over £30,000 is published after its quarter; none before April 2026."""
    if paid < QUARTERLY_SINCE:
        return None
    return Due(
        "payment-information",
        "Publish each payment over £30,000 of the quarter",
        last_day(_end(paid, _LAST_OF_QUARTER), NOTICE_DAYS),
        rule(
            f"Within {NOTICE_DAYS} days, beginning with the last day of the quarter in which it "
            "was paid.",
            section("70(2)"),
            unsure=UNSURE_PAYMENT_NOTICE,
        ),
        Notice.UK8,
    )


def pipeline(year: int) -> Due:
    """UK1 for the financial year that begins in April of that year."""
    return Due(
        "pipeline",
        "Publish the pipeline notice",
        last_day(date(year, 4, 1), 56),
        rule(
            "Within 56 days, beginning with the first day of the financial year, by an authority "
            "that expects to pay over £100 million in it.",
            section("93(2)"),
        ),
        Notice.UK1,
    )


def claims_until(known: date) -> Due:
    """The last day on which a supplier may bring a claim about what it knew, or should have."""
    return Due(
        "claim",
        "Last day for a claim",
        last_day(known, CLAIM_DAYS),
        rule(
            f"Within {CLAIM_DAYS} days, beginning with the day on which the supplier first knew, "
            "or ought to have known, of the circumstances.",
            section("106"),
        ),
    )


def needs_indicators(value: Decimal | None, contract: Contract, *, framework: bool = False) -> bool:
    """Whether key performance indicators are set before the contract is signed."""
    exempt = framework or contract in WITHOUT_INDICATORS
    return value is not None and value > KEY_INDICATORS_OVER and not exempt


INDICATORS_RULE = rule(
    f"Before a contract over £5 million with VAT is signed, at least {INDICATORS} key performance "
    "indicators are set and published, or the contract details notice says why they would not "
    "be appropriate. Frameworks, concessions and light touch contracts are exempt.",
    section("52"),
)


def _end(of: date, lasts: tuple[tuple[int, int], ...]) -> date:
    ends = (date(of.year + more, *last) for more in (0, 1) for last in lasts)
    return next(end for end in ends if end >= of)


def _anniversary(of: date, years: int) -> date:
    """The last day of so many years beginning with the day."""
    try:
        return of.replace(year=of.year + years) - ONE_DAY
    except ValueError:  # 29 February
        return date(of.year + years, 2, 28)

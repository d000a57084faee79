"""A procurement as tests of the law begin from it."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from marketplace import law
from marketplace.core.money import VAT, Money

NOVEMBER = date(2026, 11, 2)
DAYS = st.dates(date(2025, 2, 24), date(2028, 11, 1))


def with_vat(pounds: int) -> Money:
    return Money(Decimal(pounds), vat=VAT.INCLUDED)


def of(**facts: object) -> law.Assessment:
    given = {"begins": NOVEMBER, "value": with_vat(400_000)} | facts
    return law.assess(law.Procurement(**given))  # type: ignore[arg-type]  # pydantic checks it


def codes(found: law.Assessment) -> list[str]:
    return [duty.notice.value for duty in found.notices]

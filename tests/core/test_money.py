"""Is money exact, and does it say what it is?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import MOST, VAT, Money, NotMoney, parse, pounds

amounts = st.decimals(0, MOST, places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,200,000", "1200000"),
        ("£1200000.50", "1200000.50"),
        (" £ 950.5 ", "950.5"),
        ("0", "0"),
        ("1000000000000", "1000000000000"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, amount: str) -> None:
    assert parse(typed) == Money(Decimal(amount))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "in figures"),
        ("a lot", "in figures"),
        ("1.2m", "in figures"),
        ("1,20,000", "in figures"),
        ("1 200", "in figures"),
        ("-5", "in figures"),
        ("$5", "in figures"),
        ("1e5", "in figures"),
        ("NaN", "in figures"),
        ("Infinity", "in figures"),
        ("١٢", "in figures"),
        ("0.001", "2 decimal places"),
        ("1000000000000.01", "1,000,000,000,000 or less"),
        ("9" * 5000, "1,000,000,000,000 or less"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(NotMoney, match=says):
        parse(typed)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "-0.01", "1e400"])
def test_no_money_is_made_of_what_nobody_can_pay(amount: str) -> None:
    with pytest.raises(NotMoney):
        Money(Decimal(amount))


def test_a_currency_is_a_code_of_three_letters() -> None:
    with pytest.raises(NotMoney, match="such as GBP"):
        Money(Decimal(1), "pounds")


@pytest.mark.parametrize(
    ("money", "reads"),
    [
        (Money(Decimal(1_200_000), vat=VAT.EXCLUDED), "£1,200,000 (VAT excluded)"),
        (Money(Decimal("1200000.00"), vat=VAT.INCLUDED), "£1,200,000 (VAT included)"),
        (Money(Decimal("950.5")), "£950.50 (VAT unknown)"),
        (Money(Decimal(5), "EUR", VAT.EXCLUDED), "€5 (VAT excluded)"),
        (Money(Decimal(5), "SEK", VAT.EXCLUDED), "SEK 5 (VAT excluded)"),
    ],
)
def test_money_says_its_amount_currency_and_vat(money: Money, reads: str) -> None:
    assert str(money) == reads


def test_a_difference_may_be_negative() -> None:
    assert pounds(Decimal("-1234.5")) == "-£1,234.50"


@given(amounts)
def test_what_is_written_is_read_back_to_the_penny(amount: Decimal) -> None:
    assert parse(pounds(amount)).amount == amount

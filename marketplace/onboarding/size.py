"""Whether a supplier is a small or medium-sized enterprise, by the test that notices use.

Procurement Act 2023, section 123(1): "suppliers that (a) have fewer than 250 staff, and (b) have a
turnover of an amount less than or equal to £44 million, or a balance sheet total of an amount less
than or equal to £38 million". Company law and the European Union draw the line elsewhere.
"""

SOURCE = "Procurement Act 2023, section 123"
TESTS = ("staff_under_250", "turnover_up_to_44m", "balance_sheet_up_to_38m")


def is_sme(
    *, staff_under_250: bool, turnover_up_to_44m: bool, balance_sheet_up_to_38m: bool
) -> bool:
    return staff_under_250 and (turnover_up_to_44m or balance_sheet_up_to_38m)


def in_words(
    *, staff_under_250: bool, turnover_up_to_44m: bool, balance_sheet_up_to_38m: bool
) -> str:
    """The result and what it rests on."""
    if not staff_under_250:
        return f"Not a small or medium-sized enterprise, because of 250 staff or more ({SOURCE})"
    if turnover_up_to_44m:
        why = "turnover is up to £44 million"
    elif balance_sheet_up_to_38m:
        why = "the balance sheet total is up to £38 million"
    else:
        return (
            "Not a small or medium-sized enterprise, because turnover is above £44 million and "
            f"the balance sheet total above £38 million ({SOURCE})"
        )
    return (
        "A small or medium-sized enterprise (SME), because there are fewer than 250 staff and "
        f"{why} ({SOURCE})"
    )

"""Numbers of registers, as people write them and as they are kept; and the test of size."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.onboarding import identifiers, size
from marketplace.onboarding.identifiers import CharityRegister

READ = [
    (identifiers.company, "4142000", "04142000"),
    (identifiers.company, "04142000", "04142000"),
    (identifiers.company, "oc 301540", "OC301540"),
    (identifiers.company, "SC1234", "SC001234"),
    (identifiers.company, "IP27717R", "IP27717R"),
    (identifiers.company, "r0000123", "R0000123"),
    (identifiers.vat, "GB 220 4302 31", "GB220430231"),
    (identifiers.vat, "333289454", "GB333289454"),
    (identifiers.vat, "gb980780684", "GB980780684"),
    (identifiers.vat, "GB 980780684 001", "GB980780684001"),
    (identifiers.vat, "GBGD001", "GBGD001"),
    (identifiers.vat, "GBHA599", "GBHA599"),
    (identifiers.ppon, "PDTL-7248-GWZW", "PDTL-7248-GWZW"),
    (identifiers.ppon, "gb-ppon:pdtl-7248-gwzw", "PDTL-7248-GWZW"),
    (identifiers.duns, "15-048-3782", "DUNS-150483782"),
    (identifiers.other, "gb-ukprn-10001234", "GB-UKPRN-10001234"),
    (identifiers.any_of_a_list, "duns-15 048 3782", "DUNS-150483782"),
    (identifiers.any_of_a_list, "gb-sc-sc012345", "GB-SC-SC012345"),
    (identifiers.any_of_a_list, "GB-NHS-RRV", "GB-NHS-RRV"),
]


@pytest.mark.parametrize(("read", "typed", "kept"), READ)
def test_a_number_is_kept_in_one_way_however_it_is_written(read, typed, kept):
    assert read(typed) == kept


REFUSED = [
    (identifiers.company, "123456789"),
    (identifiers.company, "SCOTLAND"),
    (identifiers.company, "٠٤١٤٢٠٠٠"),
    (identifiers.company, ""),
    (identifiers.vat, "123456789"),
    (identifiers.vat, "GB22043023"),
    (identifiers.vat, "DE136695976"),
    (identifiers.ppon, "PDTL-7248-GWZ"),
    (identifiers.ppon, "PDTL72-48-GWZW"),
    (identifiers.ppon, "PDTL-٧٢٤٨-GWZW"),
    (identifiers.duns, "15048378"),
    (identifiers.duns, "15048378x"),
    (identifiers.other, "10001234"),
    (identifiers.other, "GB-CHC-1164321"),
    (identifiers.other, "GB-PPON-PDTL-7248-GWZW"),
    (identifiers.any_of_a_list, "GB-SC-1164321"),
    (identifiers.any_of_a_list, "<script>"),
]


@pytest.mark.parametrize(("read", "typed"), REFUSED)
def test_what_cannot_be_such_a_number_is_refused_with_a_sentence(read, typed):
    with pytest.raises(ValueError, match=" must "):
        read(typed)


@pytest.mark.parametrize(
    ("register", "typed", "kept"),
    [
        (CharityRegister.ENGLAND_AND_WALES, "1164321", "GB-CHC-1164321"),
        (CharityRegister.ENGLAND_AND_WALES, "GB-CHC-207994-2", "GB-CHC-207994-2"),
        (CharityRegister.SCOTLAND, "sc012345", "GB-SC-SC012345"),
        (CharityRegister.NORTHERN_IRELAND, "NIC100123", "GB-NIC-100123"),
    ],
)
def test_a_charity_is_known_by_its_register_and_number(register, typed, kept):
    assert identifiers.charity(register, typed) == kept


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_and_what_was_read_stays_so(typed):
    for read in (
        identifiers.company,
        identifiers.vat,
        identifiers.ppon,
        identifiers.other,
        identifiers.any_of_a_list,
    ):
        try:
            kept = read(typed)
        except ValueError:
            continue
        assert read(kept) == kept


@pytest.mark.parametrize(
    ("known", "doubted"),
    [
        ({"company": "04142000", "ppon": "PDTL-7248-GWZW"}, set()),
        ({"company": "SC123456"}, set()),
        ({"company": "R0123456"}, set()),
        ({"company": "ZZ123456"}, {"companies_house_number"}),
        ({"ppon": "PATL-7248-GWZW"}, {"ppon"}),  # A is no letter of theirs
        ({"ppon": "PDTL-7048-GWZW"}, {"ppon"}),  # nor is 0 a digit
        ({"ppon": "PDTL-7248-GWZC"}, {"ppon"}),  # what ends in C is an informal consortium
        ({"ppon": "PDTL-7248-GWZB"}, {"ppon"}),
    ],
)
def test_what_only_looks_wrong_is_doubted(known, doubted):
    told = dict(identifiers.doubts(**known))
    assert set(told) == doubted
    assert all("Check that" in says for says in told.values())


@pytest.mark.parametrize(("staff", "turnover", "balance"), list(product([True, False], repeat=3)))
def test_size_is_told_by_the_procurement_acts_test(staff, turnover, balance):
    answers = dict(zip(size.TESTS, (staff, turnover, balance), strict=True))
    small = staff and (turnover or balance)
    assert size.is_sme(**answers) is small
    words = size.in_words(**answers)
    assert words.startswith("A small or medium-sized" if small else "Not a small")
    assert "Procurement Act 2023, section 123" in words

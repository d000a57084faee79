"""The numbers by which registers know a supplier: how each is written, and which cannot be.

A function takes what somebody typed and returns the number as it is kept. It raises ValueError,
with a sentence, for what cannot be such a number; `doubts` is for what only looks wrong.
"""

import re
from collections.abc import Iterator

from stdnum.exceptions import ValidationError
from stdnum.gb import vat as stdnum_vat

from marketplace.core.labels import Labelled

# The prefixes of Companies House's numbers. There are rarer ones, so another only raises a doubt.
_PREFIXED = re.compile(r"[0-9]{2}|SC|NI|OC|S[OLFPR]|N[CLFPR]|LP|FC|BR|IP|R[SC0]|C[ES]|OE")
_COMPANY = re.compile(r"[0-9]{8}|R0[0-9]{6}|[A-Z]{2}[0-9]{5}[0-9A-Z]")
_SHORT = re.compile(r"([A-Z]{0,2})([0-9]+)")
# From the Central Digital Platform's own source: no letter that reads like another or makes words;
# only an informal consortium, which is no organisation of its own, ends in C, and nobody in B.
_PPON = re.compile(r"P[A-Z]{3}-[0-9]{4}-[A-Z]{4}")
_CONSONANT = "BCDGHJLMNPQRTVWXYZ"
_PPON_AS_GIVEN = re.compile(
    rf"P[{_CONSONANT}]{{3}}-[1-9]{{4}}-[{_CONSONANT}]{{3}}[{_CONSONANT[2:]}]"
)
_OTHER = re.compile(r"[A-Z]{2}-[A-Z0-9]{2,12}-[A-Z0-9][A-Z0-9./-]{0,39}")


class CharityRegister(Labelled):
    """Who registers charities, by the code of the list on org-id.guide."""

    ENGLAND_AND_WALES = "GB-CHC", "Charity Commission for England and Wales"
    SCOTLAND = "GB-SC", "Scottish Charity Regulator"
    NORTHERN_IRELAND = "GB-NIC", "Charity Commission for Northern Ireland"


_CHARITIES = {
    CharityRegister.ENGLAND_AND_WALES: (re.compile(r"[0-9]{5,7}(-[0-9]{1,3})?"), "like 1164321"),
    CharityRegister.SCOTLAND: (re.compile(r"SC[0-9]{6}"), "like SC012345"),
    CharityRegister.NORTHERN_IRELAND: (re.compile(r"[0-9]{6}"), "like 100123"),
}
ASKED_ELSEWHERE = ("GB-COH-", "GB-PPON-", "GB-VAT-", *(f"{one}-" for one in CharityRegister))


def _bare(typed: str) -> str:
    return "".join(typed.split()).upper()


def company(typed: str) -> str:
    """A Companies House number: 8 signs, with the noughts at the front that people leave out."""
    bare = _bare(typed)
    if short := _SHORT.fullmatch(bare):
        prefix, digits = short.groups()
        bare = prefix + digits.zfill(8 - len(prefix))
    if not _COMPANY.fullmatch(bare):
        raise ValueError(
            "Companies House number must have 8 digits, like 04142000, or 2 letters and 6 digits, "
            "like SC123456"
        )
    return bare


def vat(typed: str) -> str:
    try:
        return f"GB{stdnum_vat.validate(typed)}"
    except ValidationError:
        raise ValueError(
            "VAT number must be one that HMRC has given, like GB 220 4302 31. Check each digit"
        ) from None


def ppon(typed: str) -> str:
    """A public procurement organisation number, with or without its scheme in front."""
    bare = re.sub(r"^GB-PPON[-:]", "", _bare(typed))
    if not _PPON.fullmatch(bare):
        raise ValueError(
            "PPON must be like PDTL-7248-GWZW: P and 3 letters, 4 digits, then 4 letters"
        )
    return bare


def duns(typed: str) -> str:
    bare = _bare(typed).replace("-", "")
    if not re.fullmatch(r"[0-9]{9}", bare):
        raise ValueError("DUNS number must have 9 digits, like 15-048-3782")
    return f"DUNS-{bare}"


def charity(register: CharityRegister, typed: str) -> str:
    bare = _bare(typed).removeprefix(f"{register}-")
    if register is CharityRegister.NORTHERN_IRELAND:
        bare = bare.removeprefix("NIC")
    pattern, example = _CHARITIES[register]
    if not pattern.fullmatch(bare):
        raise ValueError(f"Charity number must be one of the {register.label}, {example}")
    return f"{register}-{bare}"


def other(typed: str) -> str:
    """An identifier with the list it is in, as org-id.guide writes it."""
    bare = _bare(typed)
    if not _OTHER.fullmatch(bare):
        raise ValueError(
            "Other identifier must begin with the code of its list, like GB-UKPRN-10001234"
        )
    if bare.startswith(ASKED_ELSEWHERE):
        raise ValueError("Other identifier must not be a number that is asked for by itself here")
    return bare


def any_of_a_list(typed: str) -> str:
    """An identifier of any list that has no place of its own with an organisation."""
    bare = _bare(typed)
    if bare.startswith("DUNS-"):
        return duns(bare.removeprefix("DUNS-"))
    for register in CharityRegister:
        if bare.startswith(f"{register}-"):
            return charity(register, bare)
    return other(bare)


def doubts(*, company: str | None = None, ppon: str | None = None) -> Iterator[tuple[str, str]]:
    """What is taken although it looks wrong: the field, and a sentence."""
    if company and not _PREFIXED.fullmatch(company[:2]):
        yield (
            "companies_house_number",
            f"We know of no Companies House numbers that begin with {company[:2]}. Check that "
            f"{company} is right.",
        )
    if ppon and not _PPON_AS_GIVEN.fullmatch(ppon):
        yield (
            "ppon",
            f"{ppon} does not look like a PPON that the Central Digital Platform gives to an "
            "organisation. Check that it is right.",
        )

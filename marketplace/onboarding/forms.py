"""What a supplier may submit about itself, what it signs, and how LOTI corrects it.

A yes or no has its question beside its title, because the title also completes "Select …".
"""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    HttpUrl,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo

from marketplace.core.forms import BoundForm, Form, reads
from marketplace.core.times import in_london, now
from marketplace.onboarding import identifiers
from marketplace.onboarding.identifiers import CharityRegister
from marketplace.onboarding.models import Constitution
from marketplace.reference.regions import Region

LONGEST_NAME = 200  # characters
LONGEST_ADDRESS = 500
LONGEST_TEXT = 2000
LONGEST_NUMBER = 60
_SITE = TypeAdapter(HttpUrl)
_MAILBOX = re.compile(r"[^@\s<>,;\"]+@[^@\s.<>,;\"]+(\.[^@\s.<>,;\"]+)+")


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def holds(self) -> bool:
        return self is YesNo.YES

    @classmethod
    def of(cls, holds: bool | None) -> "YesNo | None":
        return None if holds is None else cls.YES if holds else cls.NO


def _asks(title: str, question: str, hint: str = "") -> Any:
    """A field that is answered with yes or no."""
    settings: Any = {"control": "yes-no", "question": question}
    return Field(title=title, description=hint or None, json_schema_extra=settings)


def asked(about: FieldInfo, name: str) -> str:
    """What a page asks for in a field."""
    extra = about.json_schema_extra
    own = extra.get("question") if isinstance(extra, dict) else None
    return str(own or about.title or name)


def labels(form: type[Form]) -> dict[str, str]:
    """What a page asks for, where it is not the title of the field."""
    found: dict[str, str] = {}
    for name, about in form.model_fields.items():
        extra = about.json_schema_extra
        own = (extra.get("question") or extra.get("label")) if isinstance(extra, dict) else None
        if own:
            found[name] = str(own)
    return found


def _maybe(check: Callable[[str], str]) -> AfterValidator:
    """Checks what was typed; nothing typed is fine."""
    return AfterValidator(lambda typed: check(typed) if typed else "")


def _site(typed: str) -> str:
    try:
        _SITE.validate_python(typed)
    except ValidationError:
        raise ValueError("Website must be an address, like https://www.example.co.uk") from None
    return typed


def _mailbox(typed: str) -> str:
    if not _MAILBOX.fullmatch(typed):
        raise ValueError("Enter an e-mail address in the right form, like access@example.co.uk")
    return typed


Vat = Annotated[
    str,
    _maybe(identifiers.vat),
    Field(
        title="VAT number",
        description="For example, GB 220 4302 31. If you share one in a VAT group and it is taken "
        "here, leave it out.",
        max_length=LONGEST_NUMBER,
        json_schema_extra={"width": "20"},
    ),
]
Ppon = Annotated[
    str,
    _maybe(identifiers.ppon),
    Field(
        title="Public procurement organisation number (PPON)",
        description="From the Central Digital Platform, for example PDTL-7248-GWZW.",
        max_length=LONGEST_NUMBER,
        json_schema_extra={"width": "20"},
    ),
]


# ---- The sections of a registration


class Registering(Form):
    """Which register it is in."""

    constitution: Constitution = Field(title="What your organisation is")
    companies_house_number: str = Field(
        "",
        title="Companies House number",
        description="8 characters, for example 04142000 or SC123456. It stands on your certificate "
        "of incorporation.",
        max_length=LONGEST_NUMBER,
        json_schema_extra={
            "width": "10",
            "label": "Companies House number, of a company or partnership",
        },
        validate_default=True,
    )

    @field_validator("companies_house_number")
    @classmethod
    def _number(cls, typed: str, info: ValidationInfo) -> str:
        if info.data.get("constitution") is not Constitution.COMPANY:
            return ""
        if not typed:
            raise ValueError("Enter the Companies House number")
        return identifiers.company(typed)


class Confirming(Form):
    """That what Companies House says is about this organisation."""

    is_ours: YesNo = _asks("yes if this is your company", "Is this your company?")

    @field_validator("is_ours")
    @classmethod
    def _ours(cls, is_ours: YesNo) -> YesNo:
        if not is_ours.holds:
            raise ValueError("Change the Companies House number if this is not your company")
        return is_ours


class Naming(Form):
    """Name and address by hand, where no register could be asked."""

    legal_name: str = Field(
        title="The registered name",
        description="As your register or your constitution has it.",
        max_length=LONGEST_NAME,
    )
    address: str = Field(
        title="The registered address",
        description="With the postcode.",
        max_length=LONGEST_ADDRESS,
        json_schema_extra={"rows": 4},
    )


class Identifying(Form):
    vat_number: Vat = ""
    ppon: Ppon = ""
    duns: Annotated[str, _maybe(identifiers.duns)] = Field(
        "",
        title="DUNS number",
        description="9 digits, for example 15-048-3782.",
        max_length=LONGEST_NUMBER,
        json_schema_extra={"width": "20"},
    )
    charity_register: CharityRegister | None = Field(
        None, title="Charity register", json_schema_extra={"control": "select"}
    )
    charity_number: str = Field(
        "",
        title="Charity number",
        description="For example, 1164321 or SC012345.",
        max_length=LONGEST_NUMBER,
        json_schema_extra={"width": "20"},
        validate_default=True,
    )
    other_identifier: Annotated[str, _maybe(identifiers.other)] = Field(
        "",
        title="Other identifier",
        description="With the code of its list, as on org-id.guide, for example GB-UKPRN-10001234.",
        max_length=LONGEST_NUMBER,
        json_schema_extra={"width": "20"},
    )

    @field_validator("charity_number")
    @classmethod
    def _charity(cls, typed: str, info: ValidationInfo) -> str:
        register = info.data.get("charity_register")
        if register and not typed:
            raise ValueError("Enter the charity number")
        if typed and not register:
            raise ValueError("Select the charity register that the number is in")
        return identifiers.charity(register, typed) if register else ""


class Sizing(Form):
    staff_under_250: YesNo = _asks(
        "yes if you have fewer than 250 staff", "Do you have fewer than 250 staff?"
    )
    turnover_up_to_44m: YesNo = _asks(
        "yes if your turnover is £44 million or less",
        "Is your turnover £44 million or less?",
        "In the last financial year.",
    )
    balance_sheet_up_to_38m: YesNo = _asks(
        "yes if your balance sheet total is £38 million or less",
        "Is your balance sheet total £38 million or less?",
        "At the end of the last financial year.",
    )
    is_vcse: YesNo = _asks(
        "yes if you are a VCSE",
        "Are you a voluntary, community or social enterprise (VCSE)?",
        "An organisation outside government that is driven by values and mainly puts its surplus "
        "back into them.",
    )


class Trading(Form):
    trading_name: str = Field(
        "",
        title="Name you trade under",
        description="If it is another than the registered one, or a shorter one.",
        max_length=80,
    )


class Describing(Trading):
    regions: list[Region] = Field(title="The regions you work in", min_length=1)
    site: Annotated[str, _maybe(_site)] = Field(
        "",
        title="Website",
        description="For example, https://www.example.co.uk",
        max_length=200,
        json_schema_extra={"control": "url"},
    )
    description: str = Field(
        title="What you do",
        description="In a few sentences that an officer understands who has never heard of you. "
        "Everybody can read it.",
        max_length=LONGEST_TEXT,
    )


def _role(title: str, example: str) -> Any:
    hint = f"A role, not a person, for example {example}."
    return Field(title=title, description=hint, max_length=100)


def _address(title: str) -> Any:
    settings: Any = {"control": "email", "autocomplete": "off"}
    hint = "A mailbox that colleagues read."
    return Field(title=title, description=hint, max_length=200, json_schema_extra=settings)


Mailbox = Annotated[str, AfterValidator(_mailbox)]


class Contacting(Form):
    accessibility_role: str = _role(
        "The role that answers for accessibility", "Head of Product Design"
    )
    accessibility_email: Mailbox = _address("The e-mail address for accessibility")
    security_role: str = _role("The role that takes security reports", "Information Security Lead")
    security_email: Mailbox = _address("The e-mail address for security")


class Sharing(Form):
    share_code: str = Field(
        "",
        title="Share code",
        description="From your supplier information on the Central Digital Platform. Authorities "
        "then need not ask you for it again.",
        max_length=40,
        json_schema_extra={"width": "20"},
    )
    share_code_on: date | None = Field(
        None,
        title="Date of the share code",
        description="The day the information was shared, for example 27 3 2026.",
        validate_default=True,
    )

    @field_validator("share_code_on")
    @classmethod
    def _past(cls, on: date | None, info: ValidationInfo) -> date | None:
        if on is None and info.data.get("share_code"):
            raise ValueError("Enter the date of the share code")
        if on and not info.data.get("share_code"):
            raise ValueError("Enter the share code that has this date, or leave the date out")
        if on and on > in_london(now()).date():
            raise ValueError("Date of the share code must be today or in the past")
        return on


# ---- The agreement, and corrections


class Signing(Form):
    model_config = ConfigDict(**Form.model_config, validate_default=True)

    has_authority: YesNo = _asks(
        "yes if you have the authority to sign",
        "Do you have the legal authority to sign for your organisation?",
    )
    name: str = Field(
        "", title="Your full name", max_length=100, json_schema_extra={"autocomplete": "name"}
    )
    position: str = Field(
        "", title="Your position", description="For example, Director.", max_length=100
    )
    agrees: bool = Field(False, title="I have read the agreement and sign it for my organisation")

    @field_validator("name", "position", "agrees")
    @classmethod
    def _given(cls, given: Any, info: ValidationInfo) -> Any:
        """Asked only of somebody who may sign."""
        if given or info.data.get("has_authority") is not YesNo.YES:
            return given
        raise ValueError(
            {
                "name": "Enter your full name",
                "position": "Enter your position",
                "agrees": "Tick the box to sign the agreement",
            }[str(info.field_name)]
        )


class Correcting(Form):
    """What LOTI corrects among the facts that a supplier confirmed."""

    legal_name: str = Field(title="The registered name", max_length=LONGEST_NAME)
    address: str = Field(
        "",
        title="The registered address",
        max_length=LONGEST_ADDRESS,
        json_schema_extra={"rows": 4},
    )
    companies_house_number: Annotated[str, _maybe(identifiers.company)] = Field(
        "",
        title="Companies House number",
        max_length=LONGEST_NUMBER,
        json_schema_extra={"width": "10"},
    )
    vat_number: Vat = ""
    ppon: Ppon = ""
    others: list[str] = Field(
        [],
        title="Other identifiers",
        description="One a line, with the code of the list, for example GB-CHC-1164321.",
        max_length=20,
    )
    checked: bool = Field(
        False, title="I have looked these facts up by hand, and they are right as they stand here"
    )
    reason: str = Field(
        title="The reason",
        description="The supplier reads it. It stands in the journal with the old and the new "
        "value.",
        max_length=500,
    )

    @field_validator("others")
    @classmethod
    def _codes(cls, typed: list[str]) -> list[str]:
        return list(dict.fromkeys(identifiers.any_of_a_list(one) for one in typed))


Signed = Annotated[BoundForm[Signing], Depends(reads(Signing))]
Corrected = Annotated[BoundForm[Correcting], Depends(reads(Correcting))]

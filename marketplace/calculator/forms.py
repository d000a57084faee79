"""What is asked about a procurement to work out its law: every question but three is optional."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from marketplace import law
from marketplace.core.forms import Form
from marketplace.core.labels import Labelled
from marketplace.core.money import MOST, VAT, Money, NotMoney, parse

EARLIEST, LATEST = date(2015, 1, 1), date(2099, 12, 31)


class Circumstance(Labelled):
    """What makes a period shorter or longer than usual."""

    ON_PAPER = "on-paper", "Tenders cannot be submitted electronically"
    DOCUMENTS_LATER = "documents-later", "Some tender documents come after the tender notice"
    PLANNED = "planned", "A qualifying planned procurement notice was published"
    URGENT = "urgent", "A state of urgency makes the usual period impractical"
    PRESELECTED = "preselected", "Only suppliers selected beforehand may tender"
    AGREED = "agreed", "All suppliers selected beforehand agreed to the period"


def _in_range(given: date) -> date:
    if not EARLIEST <= given <= LATEST:
        raise ValueError(
            f"Enter a day from {EARLIEST.year} to {LATEST.year}; the law of other years is not "
            "known here"
        )
    return given


def _pounds(typed: object) -> object:
    """What somebody typed, as an amount; "£1,200,000" is one."""
    if not isinstance(typed, str):
        return typed
    try:
        return parse(typed).amount
    except NotMoney as wrong:
        raise ValueError(str(wrong).removesuffix(".")) from None


Day = Annotated[date, AfterValidator(_in_range)]
Pounds = Annotated[Decimal, BeforeValidator(_pounds), Field(ge=0, le=MOST)]


class Asking(Form):
    """The facts of a procurement, as far as they are known."""

    begins: Day = Field(
        title="Day on which the procurement begins",
        description="Usually that of the first notice. It decides which law and which thresholds "
        "apply.",
    )
    route: law.Route = Field(title="Route to the contract")
    contract: law.Contract = Field(title="What is bought")
    value: Pounds | None = Field(
        None,
        title="Whole value with VAT",
        description="The most that could be paid: by all authorities, for all lots, options and "
        "extensions. Leave it empty if nobody can estimate it; it then counts as above the "
        "threshold.",
    )
    joint: bool = Field(False, title="Several authorities buy together")
    earlier: bool = Field(
        False, title="It is a call-off from a framework let under the 2015 regulations"
    )
    justification: law.Justification | None = Field(
        None,
        title="Justification",
        description="Of a direct award alone.",
        json_schema_extra={"control": "select"},
    )
    circumstances: list[Circumstance] = Field([], title="What is true of it", max_length=6)
    voluntary: bool = Field(False, title="Offer a standstill where the Act does not require one")
    planned_notice: Day | None = Field(None, title="Planned procurement notice (UK3) is out")
    tender_notice: Day | None = Field(None, title="Tender notice (UK4) is out")
    requests_by: Day | None = Field(None, title="Suppliers ask to take part by")
    invited: Day | None = Field(
        None, title="Suppliers are invited to tender", description="If later than the tender notice"
    )
    deadline: Day | None = Field(None, title="Tenders come in by")
    award_notice: Day | None = Field(None, title="Contract award notice (UK6) is out")
    signed: Day | None = Field(None, title="The contract is signed")
    ends: Day | None = Field(None, title="The contract ends")

    @property
    def procurement(self) -> law.Procurement:
        true = frozenset(self.circumstances)
        return law.Procurement(
            begins=self.begins,
            route=self.route,
            contract=self.contract,
            value=None if self.value is None else Money(self.value, vat=VAT.INCLUDED),
            joint=self.joint,
            under_earlier_framework=self.earlier,
            justification=self.justification if self.route is law.Route.DIRECT else None,
            circumstances=law.Circumstances(
                electronic=Circumstance.ON_PAPER not in true,
                documents_together=Circumstance.DOCUMENTS_LATER not in true,
                planned_notice_qualifies=Circumstance.PLANNED in true,
                urgent=Circumstance.URGENT in true,
                only_preselected=Circumstance.PRESELECTED in true,
                agreed_with_preselected=Circumstance.AGREED in true,
            ),
            voluntary_standstill=self.voluntary,
            dates=law.Dates(
                self.planned_notice,
                self.tender_notice,
                self.invited,
                self.requests_by,
                self.deadline,
                self.award_notice,
                self.signed,
                self.ends,
            ),
        )

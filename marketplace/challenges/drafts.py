"""The sections of a draft, and how far each is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from marketplace.challenges.forms import (
    LONGER,
    Aiming,
    Budgeting,
    Classifying,
    Describing,
    Handling,
    Introducing,
    Part,
    Scheduling,
    Situating,
)
from marketplace.challenges.models import LONGEST_TITLE, Challenge
from marketplace.core import drafts
from marketplace.core.drafts import Answers, Section
from marketplace.core.forms import BoundForm, Form, show
from marketplace.core.times import day, in_london
from marketplace.notices.models import Notice
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.reference.bands import Band

NOTICED = "the notice's codes"  # among the answers, beside those of the fields


class Coded(Section):
    """A section with CPV codes: those that can be used here, and whatever the notice had."""

    def judge(self, answers: Answers) -> BoundForm[Any]:
        form = super().judge(answers)
        codes = form.value.cpv if form.value is not None else ()
        unknown = [code for code in codes if code not in cpv.LABELS]
        for code in unknown:
            if code not in answers.get(NOTICED, ()):
                return form.refused("cpv", cpv.refusal(code))
        return form


GROUPS: Sequence[tuple[str, Sequence[Section]]] = (
    (
        "The need",
        (
            Section(Part.NEED, Part.NEED.label, Describing),
            Section(Part.OUTCOMES, Part.OUTCOMES.label, Aiming),
            Section(Part.TODAY, Part.TODAY.label, Situating),
            Section(Part.HANDLES, Part.HANDLES.label, Handling),
        ),
    ),
    (
        "Money and dates",
        (
            Coded(Part.AREA, Part.AREA.label, Classifying),
            Section(Part.BUDGET, Part.BUDGET.label, Budgeting),
            Section(Part.DATES, Part.DATES.label, Scheduling),
        ),
    ),
    (
        "Who and how",
        (Section(Part.CONTACT, Part.CONTACT.label, Introducing),),
    ),
)
SECTIONS = {section.slug: section for _, sections in GROUPS for section in sections}
CHOICES: Mapping[str, str] = {str(one): one.label for one in (*Area, *Band, *Attribute)}
PARTS = {part.value: part.label for part in Part}
COLUMNS = {name for section in SECTIONS.values() for name in section.form.model_fields}


def answers(challenge: Challenge) -> dict[str, Any]:
    """Every answer of a draft: what was typed and, where nothing was, what is known."""
    known = challenge.model_dump(include=COLUMNS)
    noticed = challenge.notice.cpv if challenge.notice else []
    return {**drafts.answers(known, challenge.typed), NOTICED: noticed}


def incomplete(given: Answers) -> list[Section]:
    """The sections that still stand between a draft and LOTI."""
    return [section for section in SECTIONS.values() if not section.done(given)]


def read(given: Answers, section: Section) -> list[tuple[str, str]]:
    """Each question of a section with its answer as people read it; what is wrong as typed."""
    form = section.judge(given)
    fields = section.form.model_fields.items()
    return [(about.title or name, _read(form, name)) for name, about in fields]


def _read(form: BoundForm[Any], name: str) -> str:
    if form.value is None:
        return _as_typed(form.submitted, name)
    value = getattr(form.value, name)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return "\n".join(getattr(one, "label", "") or named(one) for one in value)
    return str(getattr(value, "label", value) or "")


def _as_typed(typed: Mapping[str, Any], name: str) -> str:
    if name in typed:
        value = typed[name]
        if isinstance(value, list):
            return "\n".join(CHOICES.get(one) or str(one) for one in value)
        return CHOICES.get(value) or str(value)
    parts = (str(typed.get(f"{name}-{part}", "")) for part in ("day", "month", "year"))
    return " ".join(part for part in parts if part)


def named(code: str) -> str:
    """A CPV code with its label; one that is not shipped stands alone."""
    return f"{code} {cpv.LABELS[code]}" if code in cpv.LABELS else code


def from_notice(notice: Notice, at: datetime) -> dict[str, Any]:
    """What a published notice answers already, as if it had been typed. Dates that are over, and
    a start before the end, are left out.
    """
    today = in_london(at).date()
    closes = in_london(notice.tender_ends_at).date() if notice.tender_ends_at else None
    starts = in_london(notice.contract_starts_at).date() if notice.contract_starts_at else None
    closes = closes if closes and closes > today else None
    starts = starts if starts and starts > (closes or today) else None
    known = {
        "title": _cut(notice.title, LONGEST_TITLE),
        "need": _cut(notice.description, LONGER),
        "cpv": [named(code) for code in notice.cpv],
        "closes_on": closes,
        "starts_on": starts,
    }
    return dict(show(Form, known).submitted)


def _cut(text: str, longest: int) -> str:
    """The text, or its beginning up to a whole word, so that it fits."""
    if len(text) <= longest:
        return text
    return (text[: longest - 1].rpartition(" ")[0] or text[: longest - 1]) + "…"

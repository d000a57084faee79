"""The tasks of a bid, made for what its tender asks, and what comes of their answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from marketplace.bids import forms
from marketplace.bids.asking import Asked, Wanted
from marketplace.bids.forms import (
    BLANK_LINES,
    ELSE,
    MOST_LINES,
    VAT_RATES,
    Choices,
    Contacting,
    Declaring,
    Joining,
    decimal,
    line,
)
from marketplace.bids.rates import Card, Priced
from marketplace.core.drafts import Answers, Section
from marketplace.core.forms import BoundForm, Form
from marketplace.core.money import MOST, pounds
from marketplace.reference.specialists import Specialist

Content = dict[str, Any]
Claims = Callable[[Wanted], Choices]
PARTS = ("item", "quantity", "price", "lot", "role")
PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Task(Section):
    """A section, with the rules that several of its answers make together."""

    group: str = "Your answers"

    def judge(self, answers: Answers) -> BoundForm[Any]:
        form = super().judge(answers)
        if form.value is not None:
            for name, why in self.missing(form.value).items():
                form = form.refused(name, why)
        return form

    def missing(self, value: Form) -> Mapping[str, str]:
        said: Mapping[str, str] = getattr(value, "missing", dict)()
        return said


@dataclass(frozen=True)
class PriceTask(Task):
    """A line of the price table counts when it says what, how many and at which price. Each role
    that the tender asks for has one, and no day of it costs more than the bidder's rate card says.
    """

    roles: Sequence[Specialist] = ()
    card: Card = field(default_factory=Card)

    def unjudged(self, answers: Answers) -> BoundForm[Any]:
        """A role that has no line yet is chosen on a free one."""
        used = {number: parts["role"] for number, parts in _numbered(answers)}
        left = [one.value for one in self.roles if one not in used.values()]
        free = range(max(used, default=0) + 1, MOST_LINES + 1)
        given = {line(number, "role"): role for number, role in zip(free, left, strict=False)}
        return super().unjudged({**answers, **given})

    def missing(self, value: Form) -> Mapping[str, str]:
        found: dict[str, str] = {}
        wanted = {"item": "Say what line {} is", "quantity": "Enter how many, in line {}"}
        wanted["price"] = "Enter the price of one, in line {}"
        if f"{line(1, 'lot')}" in type(value).model_fields:
            wanted["lot"] = "Choose the lot of line {}"
        lines = list(_numbered(value.model_dump()))
        for number, parts in lines:
            for part, why in wanted.items():
                if not parts.get(part) and not (part == "item" and parts["role"]):
                    found[line(number, part)] = why.format(number)
        if not lines and not self.roles:
            found[line(1, "item")] = "Enter at least one line of the price table"
        found |= self._too_high(lines)
        last = max((number for number, _ in lines), default=0)
        priced = {parts["role"] for _, parts in lines}
        if left := [one.label for one in self.roles if one not in priced]:
            free = line(min(last + 1, MOST_LINES), "role")
            found.setdefault(free, f"Give a line to a day of each: {', '.join(left)}")
        if _total(parts for _, parts in lines) > MOST:
            found[line(1, "price")] = f"All prices together must be {pounds(MOST)} or less"
        return found

    def _too_high(self, lines: Iterable[tuple[int, Mapping[str, str]]]) -> dict[str, str]:
        said = {
            line(number, "price"): self.card.refusal(parts["role"], decimal(parts["price"]))
            for number, parts in lines
            if parts["role"]
        }
        return {name: why for name, why in said.items() if why}


@dataclass(frozen=True)
class ComplianceTask(Task):
    """Where no claim shows that a mandatory standard is met, words have to."""

    mandatory: frozenset[str] = frozenset()  # keys of standards

    def missing(self, value: Form) -> Mapping[str, str]:
        given = value.model_dump()
        return {
            f"how_{key}": "Say how you meet it, or what is equivalent"
            for key in (name.removeprefix("meets_") for name in given if name.startswith("meets_"))
            if key in self.mandatory and given[f"meets_{key}"] == ELSE and not given[f"how_{key}"]
        }


def tasks(asked: Asked, answers: Answers, claims: Claims, card: Card) -> Mapping[str, Task]:
    """By slug, in the order in which they are listed."""
    found: list[Task] = [
        Task("contact", "Say whom the authorities can write to", Contacting, "About you"),
        Task("consortium", "Name the members of a consortium", Joining, "About you"),
    ]
    if asked.lots:
        form = forms.choosing_lots(asked.lots, asked.ended, asked.most_lots)
        found.append(Task("lots", "Choose the lots you bid for", form))
    for one in asked.questions:
        if one.text and one.kind != "Price":
            found.append(Task(one.slug, one.title, forms.answering(one)))
    if asked.priced:
        pricing = forms.pricing(asked, lines(asked, answers))
        found.append(
            PriceTask("prices", "Give your prices", pricing, roles=asked.day_roles, card=card)
        )
    if asked.standards:
        form = forms.complying(asked.standards, claims, answers)
        must = frozenset(one.key for one in asked.standards if one.mandatory)
        found.append(
            ComplianceTask("standards", "Show that you meet the standards", form, mandatory=must)
        )
    found.append(Task("declaration", "Make the declaration", Declaring, "To end with"))
    return {task.slug: task for task in found}


def _numbered(answers: Answers) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of the price table in which anything stands."""
    for number in range(1, MOST_LINES + 1):
        parts = {part: str(answers.get(line(number, part)) or "").strip() for part in PARTS}
        if any(parts.values()):
            yield number, parts


def lines(asked: Asked, answers: Answers) -> int:
    """How many lines the table has: those in use and some to go on with."""
    last = max((number for number, _ in _numbered(answers)), default=0)
    return min(MOST_LINES, max(5, last + max(BLANK_LINES, len(asked.day_roles))))


def days(answers: Answers) -> Sequence[Priced]:
    """What is asked for a day of a role, line by line."""
    found = (parts for _, parts in _numbered(answers) if parts["role"])
    return [(parts["role"], decimal(parts["price"])) for parts in found]


# ---- What is offered


def offered(asked: Asked, tasks: Mapping[str, Task], answers: Answers) -> Content | None:
    """The content of a bid, once every task is done; without its files and claims."""
    done: dict[str, Any] = {}
    for task in tasks.values():
        form = task.judge(answers)
        if form.value is None:
            return None
        done |= form.value.model_dump()
    chosen = set(done.get("lots", ()))
    return {
        "publication": asked.publication,
        "contact": {"name": done["contact_name"], "email": done["contact_email"]},
        "members": done["members"],
        "brings": done["brings"] if done["members"] else "",
        "lots": [{"id": one.id, "title": one.title} for one in asked.lots if one.id in chosen],
        "answers": [
            {
                "id": one.id,
                "title": one.title,
                "question": one.text,
                "answer": done[one.field],
                "words": forms.words(done[one.field]),
            }
            for one in asked.questions
            if one.field in done
        ],
        **({"prices": prices(asked, done)} if asked.priced else {}),
        "standards": [_met(one, done) for one in asked.standards],
        "declaration": _declared(done),
    }


def prices(asked: Asked, done: Answers) -> Content:
    """The table with its sums: exact, in pounds, without VAT and with it. A line for a lot that has
    ended no longer counts.
    """
    titles, over = {one.id: one.title for one in asked.lots}, {one.id for one in asked.ended}
    lines = [parts for _, parts in _numbered(done) if parts["lot"] not in over]
    roles = {one.value: one.label for one in asked.day_roles}
    rows = [
        {
            "item": parts["item"] or f"{roles.get(parts['role'], '')}, a day",
            "lot": titles.get(parts["lot"], ""),
            "lot_id": parts["lot"] if parts["lot"] in titles else "",
            **_day(parts["role"], roles),
            "quantity": parts["quantity"],
            "price": str(decimal(parts["price"])),
            "sum": str(_sum(parts)),
        }
        for parts in lines
    ]
    total = _total(lines)
    rate = str(done.get("vat_rate") or "")
    vat = (total * decimal(rate) / 100).quantize(PENNY, ROUND_HALF_UP)
    return {
        "currency": "GBP",
        "lines": rows,
        "total": str(total),
        "rate": VAT_RATES.get(rate, ""),
        "vat": str(vat),
        "total_with_vat": str(total + vat),
    }


def _day(role: str, known: Mapping[str, str]) -> Content:
    """What the line of a day of a role says besides."""
    return {"role": known[role], "role_id": role} if role in known else {}


def _sum(parts: Mapping[str, str]) -> Decimal:
    exact = decimal(parts["quantity"]) * decimal(parts["price"])
    return exact.quantize(PENNY, ROUND_HALF_UP)


def _total(lines: Iterable[Mapping[str, str]]) -> Decimal:
    return sum(map(_sum, lines), Decimal(0))


def _met(wanted: Wanted, done: Answers) -> Content:
    shown = done.get(f"meets_{wanted.key}", ELSE)
    return {
        "version_id": wanted.version_id,
        "name": wanted.name,
        "obligation": wanted.obligation,
        "claim": "" if shown == ELSE else shown,
        "how": done[f"how_{wanted.key}"],
    }


def _declared(done: Answers) -> Content:
    grounds = ("mandatory", "mandatory_details", "discretionary", "discretionary_details")
    return {name: done[name] for name in (*grounds, "debarred", "share_code")}


def changed(before: Answers, after: Answers) -> bool:
    return _said(before) != _said(after)


def _said(answers: Answers) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value}


def typed_so_far(task: Task, answers: Answers, asked: Asked) -> Sequence[str]:
    """What whoever types should know already: an answer that has become too long."""
    words = {one.field: one.words for one in asked.questions if one.words}
    said = []
    for name in task.form.model_fields:
        if name in words:
            given, most = forms.words(str(answers.get(name) or "")), words[name]
            over = " That is too many to submit." if most and given > most else ""
            said.append(f"{given:,} of {most:,} words.{over}")
    return said

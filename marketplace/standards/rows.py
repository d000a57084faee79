"""The two sections of a draft that are rows of questions: the requirements, and the rules that say
what the standard applies to.

A browser sends the fields of a row under a number, such as `rules-0-obligation`; the id of a field
is its name, so that an error can lead to it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from starlette.datastructures import FormData

from marketplace.core.drafts import Answers, Section, Status
from marketplace.core.forms import BoundForm, bind, clean
from marketplace.core.money import NotMoney, parse
from marketplace.reference.areas import Area
from marketplace.reference.attributes import Attribute
from marketplace.standards.forms import Point
from marketplace.standards.models import Obligation

MOST = 80  # rows
BLANK = 2  # conditions that stand open in a rule
MUST, MUST_NOT, AREA = "must", "not", "area"  # what a condition begins with

Row = Mapping[str, Any]
Wrong = dict[str, str]  # by the id of a field, the sentence


@dataclass(frozen=True, slots=True)
class Rows(Section):
    """A section whose answer is a list of rows."""

    field: str = ""

    def judge(self, answers: Answers) -> BoundForm[Any]:
        rows = self.filled(answers)
        wrong = self.wrong(rows)
        form = bind(self.form, {self.field: [] if wrong else self.values(rows)})
        return BoundForm(
            self.form, {self.field: rows}, None if wrong else form.value, wrong or form.errors
        )

    def status(self, answers: Answers) -> Status:
        if not self.filled(answers):
            return Status.NOT_STARTED
        return Status.PROBLEM if self.judge(answers).errors else Status.COMPLETED

    def filled(self, answers: Answers) -> list[Row]:
        """The rows into which anything was typed."""
        return [row for row in answers.get(self.field, ()) if not self.empty(row)]

    def unjudged(self, answers: Answers) -> BoundForm[Any]:
        return BoundForm(self.form, {self.field: list(answers.get(self.field, ()))})

    def typed(self, data: FormData) -> list[Row]:
        """What a browser sent, row by row, in order."""
        named = re.compile(rf"{self.field}-(\d{{1,3}})-\w+")
        numbers = {int(found[1]) for name in data if (found := named.fullmatch(name))}
        return [self.row(data, f"{self.field}-{number}-") for number in sorted(numbers)[:MOST]]

    def pressed(self, rows: Sequence[Row], button: str) -> list[Row]:
        """The rows after a button was pressed: add, remove-2, up-2, down-2, more-2."""
        done, (what, _, number) = list(rows), button.partition("-")
        at = int(number) if number.isdecimal() and int(number) < len(done) else None
        if what == "add" and len(done) < MOST:
            done.append(self.blank())
        elif at is not None and what == "remove":
            del done[at]
        elif at is not None and what in ("up", "down"):
            to = min(max(at + (1 if what == "down" else -1), 0), len(done) - 1)
            done.insert(to, done.pop(at))
        elif at is not None and what == "more":
            done[at] = {**done[at], "blank": int(done[at].get("blank", BLANK)) + BLANK}
        return done

    # ---- What tells one kind of row from another

    def blank(self) -> Row:
        raise NotImplementedError

    def row(self, data: FormData, prefix: str) -> Row:
        raise NotImplementedError

    def empty(self, row: Row) -> bool:
        raise NotImplementedError

    def wrong(self, rows: Sequence[Row]) -> Wrong:
        raise NotImplementedError

    def values(self, rows: Sequence[Row]) -> list[Any]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Requirements(Rows):
    field: str = "requirements"

    def blank(self) -> Row:
        return {"title": "", "code": "", "guidance": "", "essential": True}

    def row(self, data: FormData, prefix: str) -> Row:
        texts = {name: _text(data, prefix + name) for name in ("title", "code", "guidance")}
        return {**texts, "essential": f"{prefix}essential" in data}

    def empty(self, row: Row) -> bool:
        return not any(str(row.get(name, "")).strip() for name in ("title", "code", "guidance"))

    def wrong(self, rows: Sequence[Row]) -> Wrong:
        found: Wrong = {}
        for number, row in enumerate(rows):
            for name, why in bind(Point, row).errors.items():
                found[f"requirements-{number}-{name}"] = f"Requirement {number + 1}: {why}"
        return found

    def values(self, rows: Sequence[Row]) -> list[Any]:
        return [dict(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Rules(Rows):
    field: str = "rules"

    def blank(self) -> Row:
        return {"obligation": "", "conditions": [], "contract_over": "", "everything": False}

    def row(self, data: FormData, prefix: str) -> Row:
        chosen = [one for one in data.getlist(f"{prefix}condition") if isinstance(one, str)]
        return {
            "obligation": _text(data, f"{prefix}obligation"),
            "conditions": list(dict.fromkeys(one for one in map(clean, chosen) if one)),
            "contract_over": _text(data, f"{prefix}contract_over"),
            "everything": f"{prefix}everything" in data,
        }

    def empty(self, row: Row) -> bool:
        return not any(row.get(name) for name in self.blank())

    def wrong(self, rows: Sequence[Row]) -> Wrong:
        found: Wrong = {}
        for number, row in enumerate(rows):
            found |= {
                f"rules-{number}-{name}": f"Rule {number + 1}: {why}"
                for name, why in _wrong_with(row)
            }
        return found

    def values(self, rows: Sequence[Row]) -> list[Any]:
        return [as_rule(row) for row in rows]


def conditions() -> Mapping[str, Sequence[tuple[str, str]]]:
    """All that a condition can be, grouped: what is sent, and its words."""
    return {
        "It must be so that the product …": [(f"{MUST}:{one}", one.label) for one in Attribute],
        "It must not be so that the product …": [
            (f"{MUST_NOT}:{one}", f"not: {one.label}") for one in Attribute
        ],
        "The product is for … (any of those chosen)": [
            (f"{AREA}:{one}", f"is for {one.label}") for one in Area
        ],
    }


def as_row(rule: Mapping[str, Any]) -> Row:
    """A rule as `StandardVersion.rules` keeps it, as it is asked for."""
    chosen = [
        *(f"{MUST}:{one}" for one in rule.get("all_of", ())),
        *(f"{MUST_NOT}:{one}" for one in rule.get("none_of", ())),
        *(f"{AREA}:{one}" for one in rule.get("areas", ())),
    ]
    over = rule.get("contract_over")
    return {
        "obligation": rule["obligation"],
        "conditions": chosen,
        "contract_over": str(over or ""),
        "everything": not chosen and not over,
    }


def as_rule(row: Row) -> dict[str, Any]:
    """The other way round, for a row with which nothing is wrong."""
    over = str(row.get("contract_over", "")).strip()
    return {
        "obligation": row["obligation"],
        "all_of": _chosen(row, MUST),
        "none_of": _chosen(row, MUST_NOT),
        "areas": _chosen(row, AREA),
        "contract_over": str(_pounds(over)) if over else None,
    }


def _chosen(row: Row, what: str) -> list[str]:
    given = (str(one).partition(":") for one in row.get("conditions", ()))
    return [value for begins, _, value in given if begins == what]


def _wrong_with(row: Row) -> list[tuple[str, str]]:
    found = []
    if row.get("obligation") not in set(Obligation):
        found.append(("obligation", "select whether the standard is mandatory or recommended"))
    known = {value for group in conditions().values() for value, _ in group}
    if not set(row.get("conditions", ())) <= known:
        found.append(("condition", "select conditions from the list"))
    elif both := set(_chosen(row, MUST)) & set(_chosen(row, MUST_NOT)):
        label = Attribute(min(both)).label
        why = f"it asks for a product that “{label}” and at the same time does not. No product can"
        found.append(("condition", f"{why}, so the rule would never apply"))
    over = str(row.get("contract_over", "")).strip()
    try:
        if over and _pounds(over) <= 0:
            raise NotMoney("")
    except NotMoney:
        found.append(("contract_over", "the value must be an amount in pounds, like 30,000"))
    conditional = bool(row.get("conditions") or over)
    if not found and not conditional and not row.get("everything"):
        why = "it has no condition, so it would catch everything. Add a condition, or tick that"
        found.append(("everything", f"{why} it is meant for everything"))
    if not found and conditional and row.get("everything"):
        why = "it has conditions and is also meant for everything. Take one of the two away"
        found.append(("everything", why))
    return found


def _pounds(typed: str) -> Decimal:
    return parse(typed).amount


def _text(data: FormData, name: str) -> str:
    value = data.get(name, "")
    return clean(value).strip() if isinstance(value, str) else ""

"""A check of how the Act's days are counted against a file of worked examples."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typer

from marketplace.core.working_days import OutsideCalendar
from marketplace.law.periods import (
    earliest_deadline,
    earliest_signature,
    last_day,
    standstill_ends,
)


class Unreadable(Exception):  # noqa: N818 - a sentence for whoever named the file
    """The file holds no worked examples; the text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What the Act says, what has to be known to apply it, and the dates that follow."""

    says: str
    given: tuple[str, ...]
    follows: Mapping[str, Callable[..., date]]
    days: frozenset[int] = frozenset()  # the periods the section knows; empty: the example says


def _standstill(says: str, published: str) -> Rule:
    follows = {"standstill_ends": standstill_ends, "earliest_signature": earliest_signature}
    return Rule(says, (published,), follows)


def _period(says: str, *days: int) -> Rule:
    return Rule(says, ("starts", "days"), {"last_day": last_day}, frozenset(days))


RULES: Mapping[str, Rule] = {
    "s51": _standstill("standstill after a contract award", "contract_award_notice_published"),
    "s53": _period("contract details notice and copy of the contract", 30, 120, 90, 180),
    "s54": Rule(
        "tendering and participation periods",
        ("invited", "min_days"),
        {"earliest_deadline_date": earliest_deadline},
        frozenset({10, 25, 30, 35}),
    ),
    "s59": _period("telling a Minister of an exclusion", 30),
    "s69": _period("payments compliance notice", 30),
    "s70": _period("payments under a contract", 30),
    "s71": _period("breach and poor performance", 30),
    "s76": _standstill("standstill before a contract change", "contract_change_notice_published"),
    "s77": _period("copy of a contract change"),
    "s80": _period("contract termination notice", 30),
    "s93": _period("pipeline notice", 56),
    "s106": _period("bringing a claim", 30),
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A worked example, by its place in the file from 1, that the rules do not bear out."""

    number: int
    rule: str
    says: str

    def __str__(self) -> str:
        return f"{self.number}. {self.rule}: {self.says}"


def check(examples: Iterable[object]) -> list[Mismatch]:
    """Every worked example that the rules do not bear out, or that they cannot judge."""
    return [
        Mismatch(number, _name(example), says)
        for number, example in enumerate(examples, start=1)
        for says in _wrong(example)
    ]


def read(path: Path) -> list[object]:
    """The worked examples in a JSON file. Raises Unreadable when there are none."""
    try:
        examples = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise Unreadable(f"{path} cannot be read: {wrong.strerror}.") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"{path} is not JSON.") from None
    if not isinstance(examples, list) or not examples:
        raise Unreadable(f"{path} is not a list of worked examples.")
    return examples


def run(path: Path) -> int:
    """Prints each mismatch. 0: none; 1: there are some; 2: the file cannot be read."""
    try:
        examples = read(path)
    except Unreadable as wrong:
        typer.echo(str(wrong), err=True)
        return 2
    mismatches = check(examples)
    for mismatch in mismatches:
        typer.echo(str(mismatch))
    agree = len(examples) - len({mismatch.number for mismatch in mismatches})
    typer.echo(f"{agree} of {len(examples)} worked examples agree.")
    return 1 if mismatches else 0


def _name(example: object) -> str:
    rule = example.get("rule") if isinstance(example, dict) else None
    return rule if isinstance(rule, str) and rule.isprintable() else "no rule"


def _wrong(example: object) -> list[str]:
    if not isinstance(example, dict):
        return ["this is not an object with a rule and dates."]
    section = re.match(r"s[0-9]+(?![0-9A-Za-z])", _name(example))
    rule = RULES.get(section[0]) if section else None
    if rule is None:
        return [f"no such rule is known; the sections known are {', '.join(RULES)}."]
    try:
        given = [_given(example, field, rule) for field in rule.given]
        expected = {field: _date(example, field) for field in rule.follows}
        found = {field: follows(*given) for field, follows in rule.follows.items()}
    except OutsideCalendar as wrong:
        return [str(wrong)]
    except OverflowError:
        return ["the period ends after the year 9999."]
    except _Malformed as wrong:
        return [str(wrong)]
    return [
        f"{field} is {found[field]}, and not {expected[field]}."
        for field in rule.follows
        if found[field] != expected[field]
    ]


class _Malformed(Exception):  # noqa: N818 - becomes a mismatch
    """A field that the rule needs is not there, or is of another form."""


def _given(example: Mapping[str, Any], field: str, rule: Rule) -> date | int:
    return _days(example, field, rule) if field in {"days", "min_days"} else _date(example, field)


def _days(example: Mapping[str, Any], field: str, rule: Rule) -> int:
    days = example.get(field)
    if type(days) is not int or days < 1:
        raise _Malformed(f"{field} must be a whole number of days, 1 or more.")
    if rule.days and days not in rule.days:
        known = ", ".join(str(number) for number in sorted(rule.days))
        raise _Malformed(f"{field} is {days}; for the {rule.says} the Act knows {known}.")
    return days


def _date(example: Mapping[str, Any], field: str) -> date:
    written = example.get(field)
    if not isinstance(written, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise _Malformed(f"{field} must be a date, such as 2026-11-23.")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise _Malformed(f"{field} is {written}, which is no date.") from None

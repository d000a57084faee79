"""Drafts: answers as they were typed so far, right or wrong, section by section.

Which sections are right is not stored: each is judged anew from what was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from marketplace.core.errors import Conflict
from marketplace.core.forms import BoundForm, Form, bind, show

Answers = Mapping[str, Any]  # by the name of a field, as a person types it


class Status(StrEnum):
    """How far a section is, in the words of a task list."""

    COMPLETED = "Completed"
    INCOMPLETE = "Incomplete"
    NOT_STARTED = "Not started"
    PROBLEM = "There is a problem"
    OPTIONAL = "Optional"


class Save(Protocol):
    """That somebody saved a section: an event, or what a sealed draft knows instead."""

    @property
    def id(self) -> UUID: ...
    @property
    def person_name(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Overtaken(Conflict):
    """A colleague saved the same section after this page was opened."""

    def __init__(self, saved: Save) -> None:
        super().__init__(f"{saved.person_name} changed this part after you opened it.")
        self.saved = saved


@dataclass(frozen=True, slots=True)
class Opened:
    """A page on which somebody edits: its own name, and the last save there was when it opened."""

    page: str
    since: str

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "Opened":
        """As the hidden fields of the form say."""
        return cls(str(sent.get("page", ""))[:40], str(sent.get("since", "")))

    def knows(self, saved: Save) -> bool:
        return str(saved.id) == self.since or saved.facts.get("page") == self.page


@dataclass(frozen=True, slots=True)
class Section:
    """One page of questions, and what it is called as a task."""

    slug: str
    task: str
    form: type[Form]

    def judge(self, answers: Answers) -> BoundForm[Any]:
        """The section's form with its answers, right or wrong."""
        return bind(self.form, self._own(answers))

    def unjudged(self, answers: Answers) -> BoundForm[Any]:
        """The same for somebody who has not sent it yet, so nothing is called wrong."""
        return BoundForm(self.form, self._own(answers))

    def status(self, answers: Answers) -> Status:
        form = self.judge(answers)
        started = {_field(name) for name, value in form.submitted.items() if value}
        if form.value is not None:
            return Status.COMPLETED if started else Status.OPTIONAL
        if not started:
            return Status.NOT_STARTED
        return Status.PROBLEM if started & set(form.errors) else Status.INCOMPLETE

    def done(self, answers: Answers) -> bool:
        return self.judge(answers).value is not None

    def _own(self, answers: Answers) -> dict[str, Any]:
        fields = self.form.model_fields
        return {name: value for name, value in answers.items() if _field(name) in fields}


def answers(known: Mapping[str, Any], typed: Answers) -> dict[str, Any]:
    """What was typed and, where nothing was, what is known."""
    return {**show(Form, known).submitted, **typed}


def _field(name: str) -> str:
    """The field that a part belongs to: `closes_on-day` is of `closes_on`."""
    return name.partition("-")[0]

"""A workflow as a table: from this stage, this verb leads to that stage, unless something stands in
the way.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from marketplace.core.errors import Conflict

Refusal = str | None  # a sentence saying why not; None means go ahead
Guard = Callable[[Any, datetime], Refusal]


class Staged(Protocol):
    """A row that has stages; how one leads to another stands on its table."""

    workflow: ClassVar["Workflow"]
    id: UUID
    stage: Any


@dataclass(frozen=True, slots=True)
class Transition:
    verb: str
    source: str | Iterable[str]
    target: str
    unless: Guard | None = None

    def leaves(self, stage: str) -> bool:
        return stage in ((self.source,) if isinstance(self.source, str) else self.source)


class Workflow(tuple[Transition, ...]):
    """The steps, and for a stage what somebody reads who comes too early or too late for a step."""

    otherwise: Mapping[str, str]

    def __new__(
        cls, *transitions: Transition, otherwise: Mapping[str, str] | None = None
    ) -> "Workflow":
        made = super().__new__(cls, transitions)
        made.otherwise = otherwise or {}
        return made

    def refusal(self, verb: str, subject: Staged, at: datetime) -> Refusal:
        """Why this verb cannot be done to the subject now; None when it can."""
        try:
            self.transition(verb, subject, at)
        except Conflict as why:
            return str(why)
        return None

    def transition(self, verb: str, subject: Staged, at: datetime) -> Transition:
        """The step that this verb takes from where the subject stands, or a Conflict that says why
        not.
        """
        for step in self:
            if step.verb == verb and step.leaves(subject.stage):
                if step.unless and (reason := step.unless(subject, at)):
                    raise Conflict(reason)
                return step
        if told := self.otherwise.get(subject.stage):
            raise Conflict(told)
        thing, action = verb.split(".")
        does, stage = action.replace("_", " "), str(subject.stage).replace("-", " ")
        one = "an" if thing[0] in "aeiou" else "a"
        raise Conflict(f"You cannot {does} {one} {thing} that is at the stage “{stage}”.")

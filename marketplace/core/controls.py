"""How each field of a form is asked: which control, which words, which choices, what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from annotated_types import MaxLen
from pydantic import AnyUrl, EmailStr
from pydantic.fields import FieldInfo
from starlette.datastructures import UploadFile

from marketplace.core.forms import PARTS, BoundForm, is_list, plain, revealed

LONGEST_LINE = 250  # characters; a longer answer gets a box
MOST_RADIOS = 7
NOTHING_CHOSEN = ("", "Choose")
NO_ANSWER = ("", "No answer")

Choice = tuple[str, ...]  # value, words and, sometimes, a hint


@dataclass(frozen=True, slots=True)
class Control:
    kind: str
    name: str
    label: str
    hint: str
    error: str
    value: str
    values: tuple[str, ...]  # what was ticked, the lines, or day, month and year
    choices: tuple[Choice, ...]
    longest: int | None  # characters
    settings: Mapping[str, Any]

    @property
    def first_id(self) -> str:
        """Where a link from the error summary puts the focus."""
        return f"{self.name}-day" if self.kind == "date" else self.name


def control(
    form: BoundForm[Any], name: str, kind: str = "", choices: Sequence[Choice] = ()
) -> Control:
    """The control for a field; `kind` and `choices` say what its type cannot."""
    about = form.kind.model_fields[name]
    extra = about.json_schema_extra
    settings = extra if isinstance(extra, dict) else {}
    choices = choices or settings.get("choices", ())
    given = tuple(tuple(str(part) for part in choice) for choice in choices) or _choices(about)
    kind = kind or str(settings.get("control", "")) or _kind(about, given)
    optional = not about.is_required() and kind not in ("tick", "hidden")
    optional = optional and name not in revealed(form.kind)
    if kind == "select":
        given = (NOTHING_CHOSEN, *given)
    elif optional and kind in ("radios", "yes-no"):  # a radio button cannot be taken back
        given = (*given, NO_ANSWER)
    label = about.title or name.replace("_", " ").capitalize()
    return Control(
        kind=kind,
        name=name,
        label=f"{label} (optional)" if optional else label,
        hint=about.description or "",
        error=form.errors.get(name, ""),
        value=_value(form.submitted.get(name)),
        values=_values(form, name, kind),
        choices=given,
        longest=_longest(about),
        settings=settings,
    )


def _kind(about: FieldInfo, choices: tuple[Choice, ...]) -> str:
    wanted = plain(about.annotation)
    if is_list(about):
        return "checkboxes" if choices else "lines"
    if choices and wanted is not bool:
        return "radios" if len(choices) <= MOST_RADIOS else "select"
    if wanted is bool:
        return "tick" if about.default is False else "yes-no"
    if wanted is str:
        return "textarea" if (_longest(about) or 0) > LONGEST_LINE else "input"
    by_type = {date: "date", int: "number", float: "number", Decimal: "money", EmailStr: "email"}
    if wanted in by_type:
        return by_type[wanted]
    if isinstance(wanted, type) and issubclass(wanted, UploadFile):
        return "file"
    return "url" if isinstance(wanted, type) and issubclass(wanted, AnyUrl) else "input"


def _longest(about: FieldInfo) -> int | None:
    """The most characters of a text; the most entries of a list are no limit on what is typed."""
    limits = (limit.max_length for limit in about.metadata if isinstance(limit, MaxLen))
    return None if is_list(about) else next(limits, None)


def _choices(about: FieldInfo) -> tuple[Choice, ...]:
    wanted = plain(about.annotation)
    if is_list(about):
        wanted = plain(get_args(wanted)[0])
    if wanted is bool:
        return ("true", "Yes"), ("false", "No")
    if get_origin(wanted) is Literal:
        return tuple((str(value), _words(str(value))) for value in get_args(wanted))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return tuple(
            (str(one.value), str(getattr(one, "label", "") or _words(str(one.value))))
            for one in wanted
        )
    return ()


def _words(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ").capitalize()


def _value(given: Any) -> str:
    if given is None or isinstance(given, (list, tuple)):
        return ""
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given.value) if isinstance(given, Enum) else str(given)


def _values(form: BoundForm[Any], name: str, kind: str) -> tuple[str, ...]:
    if kind == "date":
        return tuple(str(form.submitted.get(f"{name}-{part}", "")) for part in PARTS)
    given = form.submitted.get(name)
    return tuple(map(_value, given)) if isinstance(given, (list, tuple)) else ()

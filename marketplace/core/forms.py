"""Forms as types. A BoundForm is a form as somebody filled it in, right or wrong."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData

# The GOV.UK wording for each way an answer can be wrong.
WORDING = {
    "missing": "Enter {label}",
    "enum": "Select {label}",
    "uuid_parsing": "Select {label}",
    "string_too_long": "{Label} must be {max_length} characters or fewer",
    "string_too_short": "{Label} must be {min_length} characters or more",
    "int_parsing": "{Label} must be a whole number, like 1,200",
    "int_type": "{Label} must be a whole number, like 1,200",
    "int_from_float": "{Label} must be a whole number, like 1,200",
    "decimal_parsing": "{Label} must be a number, like 1,200",
    "greater_than_equal": "{Label} must be {ge} or more",
    "greater_than": "{Label} must be more than {gt}",
    "less_than_equal": "{Label} must be {le} or less",
    "too_long": "Give {max_length} or fewer for {label}",
    "too_short": "Give at least {min_length} for {label}",
    "date_from_datetime_parsing": "{Label} must be a real date, like 27 3 2027",
    "url_parsing": "{Label} must be an address, like https://www.example.gov.uk",
    "value_error": "{msg}",
}
PARTS = ("day", "month", "year")


def _without_separators(value: Any) -> Any:
    return value.replace(",", "").replace(" ", "") if isinstance(value, str) else value


WholeNumber = Annotated[int, BeforeValidator(_without_separators)]


class Form(BaseModel):
    """What a person may submit. A field's label is its `title`, its hint the `description`."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, extra="ignore")


F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class BoundForm(Generic[F]):
    """A form with what was typed into it; `value` when all of it is right, `errors` by field when
    not.
    """

    kind: type[F]
    submitted: Mapping[str, Any] = field(default_factory=dict)
    value: F | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def refused(self, name: str, why: str) -> "BoundForm[F]":
        """The same form with a sentence at a field, for what only the database knows."""
        return BoundForm(self.kind, self.submitted, errors={**self.errors, name: why})


def plain(annotation: Any) -> Any:
    """The type of a field without its `| None` and annotations: `list[Area] | None` is
    `list[Area]`.
    """
    if get_origin(annotation) is Annotated:
        return plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return plain(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def is_list(about: FieldInfo) -> bool:
    return get_origin(plain(about.annotation)) is list


def is_date(about: FieldInfo) -> bool:
    return plain(about.annotation) is date


def revealed(kind: type[Form]) -> Mapping[str, str]:
    """The fields that are asked only of whoever answers another with yes, and which that is. With a
    no, what was typed there does not count.
    """
    extras = ((name, about.json_schema_extra) for name, about in kind.model_fields.items())
    return {
        str(extra["reveals"]): name
        for name, extra in extras
        if isinstance(extra, dict) and "reveals" in extra
    }


def clean(text: str) -> str:
    """What was typed, with one kind of line end and nothing that a database cannot hold."""
    unixed = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return unixed.encode("utf-8", "replace").decode()


def typed(kind: type[Form], data: FormData) -> dict[str, Any]:
    """What a browser sent for the fields of a form: text, lists of text, and the parts of dates."""
    taken: dict[str, Any] = {}
    for name, about in kind.model_fields.items():
        if is_list(about):
            taken[name] = [
                line.strip()
                for value in data.getlist(name)  # several ticks, or a box with one answer a line
                if isinstance(value, str)
                for line in clean(value).split("\n")
                if line.strip()
            ]
        elif is_date(about) and any(f"{name}-{part}" in data for part in PARTS):
            for part in PARTS:
                taken[f"{name}-{part}"] = clean(str(data.get(f"{name}-{part}", "")))
        elif isinstance(value := data.get(name), str):
            taken[name] = clean(value)
    return taken


def bind(kind: type[F], submitted: Mapping[str, Any]) -> BoundForm[F]:
    """Reads what was submitted as that kind of form; a field that is wrong gets a sentence."""
    values, errors = _values(kind, submitted)
    try:
        value = kind.model_validate(values)
    except ValidationError as wrong:
        for error in wrong.errors():
            name = str(error["loc"][0]) if error["loc"] else next(iter(kind.model_fields))
            errors.setdefault(name, _sentence(kind.model_fields[name], name, dict(error)))
    if errors:
        ordered = {name: errors[name] for name in kind.model_fields if name in errors}
        return BoundForm(kind, submitted, errors=ordered)
    return BoundForm(kind, submitted, value=value)


def show(kind: type[F], values: Mapping[str, Any]) -> BoundForm[F]:
    """A form filled with what is known, as a person would have typed it, without judging it."""
    filled: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, date):
            parts = (value.day, value.month, value.year)
            filled |= {f"{name}-{part}": str(n) for part, n in zip(PARTS, parts, strict=True)}
        elif isinstance(value, (list, tuple)):
            filled[name] = [str(v) for v in value]
        elif isinstance(value, bool):
            filled[name] = "true" if value else "false"
        elif value is not None:
            filled[name] = format(value, "f") if isinstance(value, Decimal) else str(value)
    return BoundForm(kind, filled)


def reads(kind: type[F]) -> Callable[[Request], Awaitable[BoundForm[F]]]:
    """A dependency that reads the request's form as that kind."""

    async def read(request: Request) -> BoundForm[F]:
        async with request.form() as data:
            return bind(kind, typed(kind, data))

    return read


def _values(
    kind: type[Form], submitted: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What pydantic shall judge (blank is missing, the parts of a date are one), and what is wrong
    already.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, about in kind.model_fields.items():
        parts = [str(submitted.get(f"{name}-{part}", "")).strip() for part in PARTS]
        if is_date(about) and any(parts):
            try:
                values[name] = _date(about, name, parts)
            except ValueError as why:
                errors[name] = str(why)
                values[name] = date(2000, 1, 1)  # it has its error already
        elif (value := submitted.get(name)) not in (None, []) and not (
            isinstance(value, str) and not value.strip()
        ):
            values[name] = value
    for name, within in revealed(kind).items():
        if submitted.get(within) != "true":
            values.pop(name, None)
    return values, errors


def _date(about: FieldInfo, name: str, parts: list[str]) -> date:
    label = _capital(about.title or name)
    missing = [part for part, typed in zip(PARTS, parts, strict=True) if not typed]
    if missing:
        raise ValueError(f"{label} must include a {' and a '.join(missing)}")
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise ValueError(f"{label} must be a real date, like 27 3 2027")
    day, month, year = map(int, parts)
    if year < 1900:
        raise ValueError(f"{label} must have a year of four figures, like 2027")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{label} must be a real date, like 27 3 2027") from None


def _sentence(about: FieldInfo, name: str, error: dict[str, Any]) -> str:
    label = about.title or name
    words = WORDING.get(error["type"], "{Label}: {msg}")
    one = get_args(plain(about.annotation))[0] if is_list(about) else about.annotation
    wanted = getattr(plain(one), "__mro__", ())
    if error["type"] == "missing" and (UUID in wanted or any("Enum" in x.__name__ for x in wanted)):
        words = "Select {label}"  # one chooses among things, and types nothing
    elif error["type"] == "missing" and label.endswith("?"):
        words = "Answer “{Label}”"
    given = error.get("ctx", {}) | {"msg": str(error["msg"]).removeprefix("Value error, ")}
    return words.format(label=label[:1].lower() + label[1:], Label=_capital(label), **given)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]

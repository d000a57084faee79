"""The filters of Meilisearch, in the part of their syntax that the adapter writes."""

import re
from collections.abc import Sequence
from typing import Any

Document = dict[str, Any]


class Refused(Exception):  # noqa: N818 - an answer of the server
    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status, self.code = status, code


def holds(conditions: str | Sequence[str], document: Document) -> bool:
    """Whether every condition holds, in the part of the syntax that the adapter writes."""
    listed = [conditions] if isinstance(conditions, str) else conditions
    return all(condition(one, document) for one in listed)


def condition(written: str, document: Document) -> bool:
    form = r"([a-z0-9_]+) (?:(IN) \[(.*)\]|(EXISTS)|(=|>=|<=) (.+))"
    found = re.fullmatch(form, written, re.DOTALL)
    if not found:
        raise Refused(400, "invalid_search_filter", written)
    name, _, listed, exists, operator, operand = found.groups()
    value = document.get(name)
    if exists:
        return value is not None
    have = [value] if isinstance(value, str) else value
    if listed is not None:
        strings = r'"(?:[^"\\]|\\.)*"'
        if not re.fullmatch(rf"({strings}(, {strings})*)?", listed, re.DOTALL):
            raise Refused(400, "invalid_search_filter", written)
        wanted = {json_string(one).lower() for one in re.findall(strings, listed, re.DOTALL)}
        return bool(wanted & {one.lower() for one in have or ()})
    if operator == "=":
        return json_string(operand).lower() in {one.lower() for one in have or ()}
    if value is None:
        return False
    return float(value) >= float(operand) if operator == ">=" else float(value) <= float(operand)


def json_string(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)

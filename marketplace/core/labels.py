"""A choice with words: what is stored and stands in addresses, and what people read."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Its members are written as a slug and a label."""

    label: str

    # the default is for type checkers, which take Area("waste") for a call of this
    def __new__(cls, slug: str, label: str = "") -> Self:
        member = str.__new__(cls, slug)
        member._value_, member.label = slug, label
        return member

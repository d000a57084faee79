"""Where a rule is written: a section of the Procurement Act 2023, or a place in other law."""

import re
from dataclasses import dataclass

_ACT_NAME, _REGULATIONS_NAME = "Procurement Act 2023", "Procurement Regulations 2024"
_ACT = "https://www.legislation.gov.uk/ukpga/2023/54"
_REGULATIONS = "https://www.legislation.gov.uk/uksi/2024/692"


@dataclass(frozen=True, slots=True)
class Source:
    """A place that a lawyer can look up: "section 54(4) of the Procurement Act 2023"."""

    where: str
    law: str
    address: str = ""

    def __str__(self) -> str:
        if not self.law:
            return self.where
        return f"{self.where} of the {self.law}" if self.where else f"the {self.law}"

    @property
    def short(self) -> str:
        """Where it stands alone, for a page that says which law it is about."""
        return (
            self.where if self.law in (_ACT_NAME, _REGULATIONS_NAME) and self.where else str(self)
        )


def section(number: str) -> Source:
    """A section of the Act, such as "54(4)"; a range, such as "84-87", leads to its first."""
    first = re.match(r"[0-9]+", number)
    assert first is not None  # noqa: S101 - the numbers stand in this package
    word = "sections" if "-" in number else "section"
    written = number.replace("-", " to ")
    return Source(f"{word} {written}", _ACT_NAME, f"{_ACT}/section/{first[0]}")


def schedule(number: int, paragraph: str = "") -> Source:
    where = f"Schedule {number}, paragraph {paragraph}" if paragraph else f"Schedule {number}"
    return Source(where, _ACT_NAME, f"{_ACT}/schedule/{number}")


def regulation(number: str) -> Source:
    """A regulation of the Procurement Regulations 2024, such as "31"."""
    first = re.match(r"[0-9]+", number)
    assert first is not None  # noqa: S101 - the numbers stand in this package
    word = "regulations" if "-" in number else "regulation"
    written = number.replace("-", " to ")
    return Source(f"{word} {written}", _REGULATIONS_NAME, f"{_REGULATIONS}/regulation/{first[0]}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the law says here, in a sentence, and where it says so.

    `unsure` is what nobody has confirmed from a primary text; it is said to whoever relies on it.
    """

    says: str
    sources: tuple[Source, ...]
    unsure: str = ""


def rule(says: str, *sources: Source, unsure: str = "") -> Rule:
    return Rule(says, sources, unsure)

"""A postal address as notices name it: street, town, postcode and country, all of it or none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from marketplace.core.forms import Form
from marketplace.reference import countries
from marketplace.reference.countries import UNITED_KINGDOM

# A postcode of the United Kingdom: an area, a district, a sector and a unit.
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})")


@dataclass(frozen=True, slots=True)
class Address:
    street: str  # one line or several
    town: str
    postcode: str
    country: str

    def __bool__(self) -> bool:
        return bool(self.street and self.town)

    def __str__(self) -> str:
        """In one line; empty where nothing is known."""
        if not self:
            return ""
        pieces = (*self.street.splitlines(), self.town, self.postcode, self.country_name)
        return ", ".join(one for one in pieces if one)

    @property
    def country_name(self) -> str:
        return countries.NAMES.get(self.country, self.country)

    def kept(self) -> dict[str, str]:
        """As data, to be kept with what was published."""
        return {
            "street": self.street,
            "town": self.town,
            "postcode": self.postcode,
            "country": self.country,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Address":
        names = ("street", "town", "postcode", "country")
        return cls(*(str(kept.get(name, "")) for name in names))


class Locating(Form):
    """Where an organisation gets its post. The country comes first: what a postcode is depends
    on it.
    """

    country: Annotated[str, AfterValidator(countries.known)] = Field(
        UNITED_KINGDOM,
        title="Country",
        json_schema_extra={
            "control": "select",
            "choices": [list(one) for one in countries.NAMES.items()],
            "label": "Country",
        },
    )
    street: str = Field(
        "",
        title="Building and street",
        description="In one line or several, without town and postcode.",
        max_length=300,
        json_schema_extra={"rows": 3},
    )
    town: str = Field(
        "",
        title="Town or city",
        max_length=100,
        json_schema_extra={"width": "20"},
        validate_default=True,
    )
    postcode: str = Field(
        "",
        title="Postcode",
        max_length=12,
        json_schema_extra={"width": "10"},
        validate_default=True,
    )

    @field_validator("street")
    @classmethod
    def _lines(cls, street: str) -> str:
        return "\n".join(line.strip(" ,") for line in street.splitlines() if line.strip(" ,"))

    @field_validator("town")
    @classmethod
    def _with_street(cls, town: str, info: ValidationInfo) -> str:
        street = info.data.get("street")
        if town and street == "":
            raise ValueError("Enter building and street too, or leave the town out")
        if street and not town:
            raise ValueError("Enter the town or city")
        return town

    @field_validator("postcode")
    @classmethod
    def _whole(cls, postcode: str, info: ValidationInfo) -> str:
        town = info.data.get("town")
        if postcode and town == "":
            raise ValueError("Enter street and town too, or leave the postcode out")
        if info.data.get("country") != UNITED_KINGDOM:
            return postcode
        if town and not postcode:
            raise ValueError("Enter the postcode")
        return _british(postcode) if postcode else ""

    @property
    def place(self) -> Address:
        return Address(self.street, self.town, self.postcode, self.country)


def _british(typed: str) -> str:
    """A postcode as the post writes it, such as "N1C 4AG"."""
    found = _POSTCODE.fullmatch(re.sub(r"\s", "", typed).upper())
    if not found:
        raise ValueError("Enter a full postcode of the United Kingdom, like N1C 4AG")
    return " ".join(found.groups())

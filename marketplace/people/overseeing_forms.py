"""What LOTI may submit about organisations, their domains and their people."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field, HttpUrl, TypeAdapter, ValidationError

from marketplace.core.forms import Form
from marketplace.organisations.models import AuthorityType
from marketplace.people import domain_names

LONGEST_NAME = 120  # characters
LONGEST_LINE = 200
LONGEST_REASON = 500
MOST_DOMAINS = 10
_ADDRESS = TypeAdapter(HttpUrl)

KINDS = {  # of authorities, in words
    AuthorityType.BOROUGH: "London borough",
    AuthorityType.GLA_GROUP: "Greater London Authority group",
    AuthorityType.NHS: "NHS body",
    AuthorityType.OTHER: "Another public body",
}


def _web_address(typed: str) -> str:
    try:
        if typed:
            _ADDRESS.validate_python(typed)
    except ValidationError:
        raise ValueError("Website must be an address, like https://www.camden.gov.uk") from None
    return typed


def _domains(typed: Iterable[str]) -> list[str]:
    found = []
    for line in typed:
        try:
            found.append(domain_names.normal(line))
        except ValueError:
            raise ValueError(
                f"“{line[:40]}” is not a domain. Enter one a line, as it stands after the @ of an "
                "address, like camden.gov.uk"
            ) from None
    return list(dict.fromkeys(found))


class Registering(Form):
    """An authority that is not in the register yet."""

    name: str = Field(
        title="Name",
        description="In full, for example London Borough of Camden",
        min_length=3,
        max_length=LONGEST_NAME,
    )
    short_name: str = Field(
        "",
        title="Short name",
        description="For where there is little room, for example Camden",
        max_length=40,
    )
    authority_type: AuthorityType = Field(title="Kind of authority")
    site: Annotated[str, AfterValidator(_web_address)] = Field(
        "",
        title="Website",
        description="For example, https://www.camden.gov.uk",
        max_length=LONGEST_LINE,
        json_schema_extra={"control": "url"},
    )
    domains: Annotated[list[str], AfterValidator(_domains)] = Field(
        [],
        title="Domains of its mail",
        description="One a line. Whoever receives mail there can ask to join the authority.",
        max_length=MOST_DOMAINS,
    )


class AddingDomain(Form):
    """That mail at a domain belongs to an authority."""

    authority: str = Field(title="The authority", json_schema_extra={"control": "select"})
    domain: Annotated[str, AfterValidator(domain_names.normal)] = Field(
        title="Domain",
        description="What stands after the @ of its addresses, for example camden.gov.uk",
        max_length=LONGEST_LINE,
    )
    on_purpose: bool = Field(
        False,
        title="Add it although it is not this authority's alone",
        description="Others can then ask to join it, too. Its administrator decides on each.",
    )


class SuspendingOrganisation(Form):
    because: str = Field(
        title="Why it is suspended",
        description="Its people read this when they next sign in. Leave out names.",
        max_length=LONGEST_REASON,
    )


class SuspendingPerson(Form):
    because: str = Field(
        title="Why they are suspended",
        description="The person is told this.",
        max_length=LONGEST_REASON,
    )


class Looking(Form):
    because: str = Field(
        title="Why you need to look",
        description="The person is told this, and their colleagues can read it. Leave out names.",
        max_length=LONGEST_REASON,
    )
